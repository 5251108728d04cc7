using System.Text;

namespace Archive.Api.Tests.Http;

/// <summary>One way to call a route: by whom it may be called says its rule.</summary>
/// <param name="Method">A GET stands for HEAD too where the route answers it.</param>
/// <param name="Pattern">As the server has it.</param>
/// <param name="Rule">The rule of its resource.</param>
internal sealed record AuthorizedRoute(string Method, string Pattern, AuthorizationRule Rule)
{
    /// <summary>Appended to the address; placeholders as in the pattern.</summary>
    public string Query { get; init; } = "";

    /// <summary>
    /// A body that is read but changes nothing when it is allowed. It must be sound as JSON: what cannot be read at all is refused
    /// before rights are judged, to all alike.
    /// </summary>
    public string? Json { get; init; }

    /// <summary>A field of the request.</summary>
    public (string Name, string Value)? Field { get; init; }

    /// <summary>Values for placeholders of the pattern that differ from those of the thing.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What {id} stands for, when it is not the thing's usual one.</summary>
    public Func<Thing, string>? Id { get; init; }

    /// <summary>Makes what an allowed request then uses up.</summary>
    public Func<AuthorizationWorld, Actor, Thing, CancellationToken, Task<Prepared>>? Prepare { get; init; }

    /// <summary>Names it in the table of what differs.</summary>
    public override string ToString() => $"{Method} {Pattern}{Query}{(Json is { Length: < 60 } ? " " + Json : "")}";

    /// <summary>The body to send.</summary>
    public HttpContent? Body(Func<string, string> fill) => Json is null ? null : new StringContent(fill(Json), Encoding.UTF8, "application/json");
}

/// <summary>What was made for one request.</summary>
/// <param name="Values">Values for placeholders in the place of the thing's.</param>
/// <param name="Token">The token to send in the place of the actor's.</param>
internal sealed record Prepared(IReadOnlyDictionary<string, string> Values, string? Token = null)
{
    public static Prepared Of(string name, string value) => new(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value });
}

/// <summary>Every route of the archive with its rule.</summary>
internal static partial class AuthorizationRoutes
{
    /// <summary>All. What removes something comes last, so that what it removes against the rules is not missed by everything else.</summary>
    public static readonly IReadOnlyList<AuthorizedRoute> All =
        [.. new[] { Datasets(), Drafts(), Accounts(), Operation(), Pages() }.SelectMany(r => r).OrderBy(r => r.Method == "DELETE")];

    private static AuthorizedRoute Get(string pattern, AuthorizationRule rule) => new("GET", pattern, rule);

    private static AuthorizedRoute Post(string pattern, AuthorizationRule rule, string? json) => new("POST", pattern, rule) { Json = json };

    private static AuthorizedRoute Put(string pattern, AuthorizationRule rule, string? json) => new("PUT", pattern, rule) { Json = json };

    private static AuthorizedRoute Patch(string pattern, AuthorizationRule rule, string json) => new("PATCH", pattern, rule) { Json = json };

    private static AuthorizedRoute Delete(string pattern, AuthorizationRule rule) => new("DELETE", pattern, rule);

    private static AuthorizedRoute With(this AuthorizedRoute route, string name, string value) =>
        route with { Values = new Dictionary<string, string>(route.Values, StringComparer.Ordinal) { [name] = value } };
}
