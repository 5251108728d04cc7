using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Archive.Api.Tests.Http;

/// <summary>What came back.</summary>
/// <param name="Status">The status.</param>
/// <param name="Code">The code of a problem, or null.</param>
/// <param name="Body">As it came.</param>
/// <param name="Text">Status, headers and body, without what tells this request from others: date, trace id, and the names of the thing.</param>
internal sealed record Answered(int Status, string? Code, string Body, string Text)
{
    /// <summary>What the rights decided; null for what no request of this test may get, such as 405, 429 or a failure.</summary>
    public Answer? Answer => (Status, Code) switch
    {
        // Address and password were judged.
        (401, "wrong-credentials") => Http.Answer.Allowed,
        (401, _) => Http.Answer.SignIn,
        (403, _) => Http.Answer.Forbidden,
        (404, _) => Http.Answer.Hidden,
        (410, _) => Http.Answer.Gone,
        ( < 400 or 400 or 409 or 412 or 415 or 422, _) => Http.Answer.Allowed,
        _ => null,
    };
}

/// <summary>Sends requests as somebody about something.</summary>
internal sealed partial class AuthorizationCaller(AuthorizationWorld world) : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = world.Address };

    /// <summary>Sends one.</summary>
    public async Task<Answered> SendAsync(AuthorizedRoute route, string method, Actor actor, Thing thing, Prepared? prepared, CancellationToken ct)
    {
        string Fill(string text) => Placeholder().Replace(text, m => Value(route, m.Groups["name"].Value, thing, prepared));
        var address = Fill(route.Pattern + route.Query);
        if (actor is Actor.ReviewerKey or Actor.DepositorWithKey) address += (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "key=" + KeyOf(thing).Key;
        using var request = new HttpRequestMessage(new(method), address) { Content = route.Body(Fill) };
        var isPage = !route.Pattern.StartsWith("/api/", StringComparison.Ordinal) && !route.Pattern.StartsWith("/files/", StringComparison.Ordinal);
        request.Headers.Accept.ParseAdd(isPage ? "text/html" : "application/json, */*;q=0.1");
        // Whom a proxy speaks for is no program on the archive's machine.
        if (actor is not Actor.LocalProgram) request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        if ((prepared?.Token ?? world.TokenOf(actor)) is { } token) request.Headers.Add("Authorization", "Bearer " + token);
        if (actor is Actor.ReviewerCookie) request.Headers.Add("Cookie", $"review.{thing.Accession}={KeyOf(thing).Cookie}");
        if (route.Field is { } field && (request.Content?.Headers.TryAddWithoutValidation(field.Name, field.Value) ?? false) is false) request.Headers.Add(field.Name, field.Value);
        using var answer = await client.SendAsync(request, ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        return new((int)answer.StatusCode, CodeOf(answer, body), body, Plain(answer, body, thing));
    }

    public void Dispose() => client.Dispose();

    // To what has no key of its own, that of another dataset is sent.
    private Thing KeyOf(Thing thing) => thing.Cookie.Length > 0 && thing.State is not State.Another ? thing : world[State.Private];

    private string Value(AuthorizedRoute route, string name, Thing thing, Prepared? prepared)
    {
        if ((prepared?.Values.TryGetValue(name, out var made) ?? false) || route.Values.TryGetValue(name, out made)) return made!;
        var isOfDraft = route.Pattern.StartsWith("/api/drafts", StringComparison.Ordinal);
        return name switch
        {
            "accession" or "acc" => thing.Accession,
            "id" when route.Id is { } id => id(thing),
            "id" when isOfDraft => thing.Draft,
            "id" when route.Pattern.StartsWith("/api/submissions", StringComparison.Ordinal) => thing.Submission,
            "id" when route.Pattern.Contains("/access-keys/", StringComparison.Ordinal) => thing.KeyId,
            "id" when route.Pattern is "/api/accounts/{id}" => world.Account,
            "id" => new string('0', 32),
            "collaborator" => isOfDraft ? thing.DraftCollaborator : thing.DatasetCollaborator,
            "proposal" => thing.Proposal,
            "**path" => AuthorizationWorld.Log,
            "fingerprint" => AuthorizationServer.Fingerprint,
            _ => throw new InvalidOperationException($"{route} has a placeholder without a value: {name}."),
        };
    }

    private static string? CodeOf(HttpResponseMessage answer, string body)
    {
        if (body.Length == 0 || answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("code").GetString();
    }

    private static string Plain(HttpResponseMessage answer, string body, Thing thing)
    {
        var text = new StringBuilder().Append((int)answer.StatusCode).AppendLine();
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
            text.Append(name).Append(": ").AppendJoin(", ", name is "Date" ? ["*"] : values).AppendLine();
        text.AppendLine().Append(Passing().Replace(body, "*"));
        // S-BIAR1 does not stand in S-BIAR12.
        return Regex.Replace(text.ToString(), $"(?:{string.Join('|', thing.Names)})(?![0-9A-Za-z])", "*", RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    [GeneratedRegex(@"\{(?<name>[a-z*:]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    // The request's own number, and which index answers: operators who ask for another one are among the callers.
    [GeneratedRegex("(?<=\"traceId\":\")[0-9a-f]{32}(?=\")|(?<=site-footer__state\">)[^<]*", RegexOptions.None, 1000)]
    private static partial Regex Passing();
}
