using static Archive.Api.Tests.Http.AuthorizationRules.Elsewhere;

namespace Archive.Api.Tests.Http;

internal static partial class AuthorizationRoutes
{
    private static IEnumerable<AuthorizedRoute> Accounts() =>
    [
        Post("/api/accounts", WithoutSignIn, "{}"),
        Post("/api/accounts/confirm", WithoutSignIn, "{}"),
        Post("/api/accounts/password-reset", WithoutSignIn, "{}"),
        Post("/api/accounts/password-reset/confirm", WithoutSignIn, "{}"),
        Get("/api/accounts/me", SignedIn),
        Patch("/api/accounts/me", SignedIn, """{"name":""}"""),
        Get("/api/accounts/me/audit", SignedIn),
        Get("/api/accounts/me/tokens", SignedIn),
        Post("/api/accounts/me/tokens", SignedIn, "{}"),
        Delete("/api/accounts/me/tokens", SignedIn),
        Delete("/api/accounts/me/tokens/{id}", SignedIn) with { Prepare = (w, actor, _, ct) => w.SpareTokenAsync(actor, ct) },
        Post("/api/accounts/me/orcid", SignedIn, null),
        Delete("/api/accounts/me/orcid", SignedIn),
        Post("/api/sessions", WithoutSignIn, "{}"),
        Delete("/api/sessions/current", SignedIn) with { Prepare = (w, actor, _, ct) => w.SpareSignInAsync(actor, ct) },
        Get("/api/sessions/orcid", WithoutSignIn),
        Get("/api/sessions/orcid/callback", WithoutSignIn),
        Post("/api/sessions/orcid/registration", WithoutSignIn, "{}"),
        Post("/account/confirm", WithoutSignIn, "{}"),
        Post("/account/password", WithoutSignIn, "{}"),
        Post("/account/password/new", WithoutSignIn, "{}"),
        Get("/api/accounts", Operators),
        Get("/api/accounts/{id}", Operators),
        Patch("/api/accounts/{id}", Operators, """{"stagingQuota":{"bytes":-1}}"""),
        Get("/api/audit", Operators),
    ];

    private static IEnumerable<AuthorizedRoute> Operation() =>
    [
        Get("/api/collections", Public),
        Get("/api/collections/{id}", Public).With("id", "BioImages"),
        Put("/api/collections/{id}", Operators, """{"parent":"No-Such"}""").With("id", "BioImages"),
        // Datasets belong to it, so that it stays.
        Delete("/api/collections/{id}", Operators).With("id", "BioImages"),
        Get("/api/rules", Public),
        Get("/api/rule-sets", Public),
        Get("/api/rule-sets/{id}", Public).With("id", "mifa"),
        Put("/api/rule-sets/{id}", Operators, """{"title":"M","rules":{"no-such":{}}}""").With("id", "mifa"),
        // One that comes with the archive and was changed is afterwards as it came.
        Delete("/api/rule-sets/{id}", Operators).With("id", "mifa") with { Prepare = (w, _, _, ct) => w.ChangedRuleSetAsync(ct) },
        Get("/api/jobs", OperatorsOrMachine),
        Post("/api/jobs/{name}/runs", OperatorsOrMachine, null).With("name", "release"),
        Get("/api/index", OperatorsOrMachine),
        Post("/api/index/rollback", OperatorsOrMachine, "{}"),
        Post("/api/index/rebuild", OperatorsOrMachine, null),
        // What is made anew of a public dataset is what was there.
        Post("/api/index/datasets/{accession}/rebuild", OperatorsOrMachine, null) with { Prepare = (w, _, _, _) => Task.FromResult(Prepared.Of("accession", w[State.Released].Accession)) },
        Post("/api/index/verify", OperatorsOrMachine, null),
        Get("/metrics", OperatorsOrMachine),
        Get("/healthz", WithoutSignIn),
        Get("/readyz", WithoutSignIn),
        Get("/api/problems", WithoutSignIn),
        Get("/openapi.yaml", WithoutSignIn),
    ];

    private static IEnumerable<AuthorizedRoute> Pages() =>
    [
        Get("/", Public),
        Get("/collections/{id}", Public).With("id", "BioImages"),
        Get("/problems", Public),
        Get("/problems/{code}", Public).With("code", "not-found"),
        Get("/help", Public),
        Get("/help/search", Public),
        Get("/help/settings", Public),
        Get("/help/download", Public),
        Get("/help/deposit", Public),
        Get("/account/confirm", Public),
        Get("/account/password", Public),
        Get("/account/password/new", Public),
        Get("/account/done/{what}", Public).With("what", "confirmed"),
        Get("/assets/{fingerprint}/{**name}", Public).With("**name", "site.css"),
        Post("/scheme", Public, "{}"),
    ];
}
