using static Archive.Api.Tests.Http.AuthorizationRules;

namespace Archive.Api.Tests.Http;

internal static partial class AuthorizationRoutes
{
    private static string LongName => $$"""{"name":"{{new string('x', 101)}}"}""";

    private static IEnumerable<AuthorizedRoute> Datasets() =>
    [
        Get("/api/datasets", Elsewhere.Public),
        Get("/api/search", SearchDataset) with { Query = "?q={accession}" },
        Get("/api/search/values", Elsewhere.Public) with { Query = "?facet=organism" },
        Get("/api/suggest", Elsewhere.Public) with { Query = "?q={accession}" },
        Get("/api/datasets/{accession}/similar", ReadDataset),
        Get("/api/files", SearchDataset) with { Query = "?filter.@dataset={accession}" },
        Get("/api/files/values", Elsewhere.Public) with { Query = "?attribute=@format" },
        Get("/search", SearchDataset) with { Query = "?q={accession}" },
        Get("/api/datasets/{accession}", ReadDataset),
        Get("/api/datasets/{accession}/versions", ReadDataset),
        Get("/api/datasets/{accession}/versions/{number:int}", ReadDataset).With("number:int", "2"),
        Get("/api/datasets/{accession}/versions/{number:int}", ReadSuperseded).With("number:int", "1"),
        Get("/api/datasets/{accession}/files", ReadDataset),
        Get("/api/datasets/{accession}/files", ReadSuperseded) with { Query = "?version=1" },
        Get("/api/datasets/{accession}/files/values", ReadDataset) with { Query = "?attribute=@format" },
        Get("/api/datasets/{accession}/files/values", ReadSuperseded) with { Query = "?attribute=@format&version=1" },
        Get("/api/datasets/{accession}/pagetab", ReadAsDeposited),
        Get("/api/datasets/{accession}/pagetab.json", ReadAsDeposited),
        Get("/api/datasets/{accession}/pagetab.tsv", ReadAsDeposited),
        Get("/api/datasets/{accession}/pagetab.xml", ReadAsDeposited),
        Get("/files/{accession}/{**path}", ReadDataset).With("**path", AuthorizationWorld.Image),
        Get("/files/{accession}/{**path}", ReadDataset).With("**path", AuthorizationWorld.Image) with { Query = "?version=2" },
        Get("/files/{accession}/{**path}", ReadSuperseded).With("**path", AuthorizationWorld.Image) with { Query = "?version=1" },
        Get("/files/{accession}/{**path}", ReadAsDeposited).With("**path", "file_list.tsv"),
        Get("/datasets/{acc}", ReadDataset),
        Get("/datasets/{acc}", ReadSuperseded) with { Query = "?version=1" },
        Get("/datasets/{acc}/files", ReadDataset),
        Get("/datasets/{acc}/files", ReadSuperseded) with { Query = "?version=1" },
        Get("/datasets/{acc}/file/{**path}", ReadDataset).With("**path", AuthorizationWorld.Image),
        Get("/datasets/{acc}/file/{**path}", ReadSuperseded).With("**path", AuthorizationWorld.Image) with { Query = "?version=1" },
        Patch("/api/datasets/{accession}", MoveDate, """{"releaseDate":"never"}"""),
        Post("/api/datasets/{accession}/withdrawal", Withdraw, """{"reason":"short"}"""),
        Get("/api/datasets/{accession}/history", ManageDataset),
        Get("/api/datasets/{accession}/blind-view", ManageDataset),
        Get("/api/datasets/{accession}/access-keys", ManageDataset),
        Post("/api/datasets/{accession}/access-keys", ManageDataset, LongName),
        Delete("/api/datasets/{accession}/access-keys/{id}", ManageDataset) with { Prepare = AuthorizationWorld.SpareKeyAsync },
        Get("/api/datasets/{accession}/collaborators", ManageDataset),
        Post("/api/datasets/{accession}/collaborators", ManageDataset, "{}"),
        Put("/api/datasets/{accession}/collaborators", ManageDataset, "{}"),
        Delete("/api/datasets/{accession}/collaborators/{collaborator}", ManageDataset) with { Prepare = (w, _, thing, ct) => w.SpareCollaboratorAsync($"/api/datasets/{thing.Accession}", ct) },
        Post("/api/datasets/{accession}/owner", ManageDataset, "{}"),
        Delete("/api/datasets/{accession}/owner", ManageDataset) with { Prepare = (w, _, thing, ct) => w.OfferAsync(thing, $"/api/datasets/{thing.Accession}", ct) },
        Post("/api/datasets/{accession}/owner/acceptance", AcceptDataset, null),
        Get("/api/curation", Elsewhere.Curators),
        Post("/api/curation/{accession}/approval", Curate, """{"version":999}"""),
        Post("/api/curation/{accession}/return", Curate, """{"message":"Not now.","version":999}"""),
    ];

    private static IEnumerable<AuthorizedRoute> Drafts() =>
    [
        Get("/api/drafts", Elsewhere.SignedIn),
        Post("/api/drafts", Elsewhere.SignedIn, """{"collection":"No-Such"}"""),
        Post("/api/drafts", Elsewhere.Curators, """{"onBehalfOf":"no.such@example.org"}"""),
        // There is a revision, which is the answer: nothing is made.
        Post("/api/drafts", Revise, """{"revises":"{accession}"}"""),
        Get("/api/drafts/{id}", ReadDraft),
        Delete("/api/drafts/{id}", ManageDraft) with { Prepare = (w, _, thing, ct) => w.SpareDraftAsync(thing, ct) },
        Get("/api/drafts/{id}/metadata", ReadDraft),
        Put("/api/drafts/{id}/metadata", WriteDraft, "{}") with { Field = ("If-Match", "\"r999999\"") },
        Get("/api/drafts/{id}/files", ReadDraft),
        Put("/api/drafts/{id}/files/{**path}", WriteDraft, "x") with { Field = ("Content-Encoding", "gzip") },
        new("HEAD", "/api/drafts/{id}/files/{**path}", ReadDraft),
        Delete("/api/drafts/{id}/files/{**path}", WriteDraft) with { Prepare = (w, _, thing, ct) => w.SpareFileAsync(thing, ct) },
        Delete("/api/drafts/{id}/changes/{**path}", WriteDraft) with { Prepare = (w, _, thing, ct) => w.SpareFileAsync(thing, ct) },
        Post("/api/drafts/{id}/file-list-proposal", ReadDraft, "{}"),
        Post("/api/drafts/{id}/file-list-proposal", WriteDraft, "{}") with { Query = "?store=true" },
        Get("/api/drafts/{id}/proposals", ReadDraft),
        Get("/api/drafts/{id}/proposals/{proposal}", ReadDraft),
        Post("/api/drafts/{id}/proposals/acceptance", WriteDraft, """{"accept":["a"],"drop":["a"]}"""),
        Post("/api/drafts/{id}/validation", ReadDraft, null),
        // Its page tab lacks what every set of rules asks for, so that nothing is ever submitted.
        Post("/api/drafts/{id}/submission", WriteDraft, null),
        Post("/api/drafts/{id}/submission", RepeatSubmission, null) with { Id = thing => thing.FirstDraft },
        Get("/api/drafts/{id}/collaborators", ManageDraft),
        Post("/api/drafts/{id}/collaborators", ManageDraft, "{}"),
        Put("/api/drafts/{id}/collaborators", ManageDraft, "{}"),
        Delete("/api/drafts/{id}/collaborators/{collaborator}", ManageDraft) with { Prepare = (w, _, thing, ct) => w.SpareCollaboratorAsync($"/api/drafts/{thing.Draft}", ct) },
        Post("/api/drafts/{id}/owner", ManageDraft, "{}"),
        Delete("/api/drafts/{id}/owner", KeepDraft) with { Prepare = (w, _, thing, ct) => w.OfferAsync(thing, $"/api/drafts/{thing.Draft}", ct) },
        Post("/api/drafts/{id}/owner/acceptance", AcceptDraft, null),
        Get("/api/submissions", Elsewhere.SignedIn),
        Get("/api/submissions/{id}", ReadSubmission),
        Get("/api/submissions/{id}/events", ReadSubmission),
        // All of them have ended, so that there is nothing to stop.
        Delete("/api/submissions/{id}", StopSubmission),
    ];
}
