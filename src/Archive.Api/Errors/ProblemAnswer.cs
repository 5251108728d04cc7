using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Archive.Api.Http;
using Archive.Api.Pages;
using Archive.Model.Errors;

namespace Archive.Api.Errors;

/// <summary>
/// Writes a row of the catalogue as problem+json (RFC 9457), or as a page to a browser that asked for one. Every refusal leaves
/// through here.
/// </summary>
internal static class ProblemAnswer
{
    /// <summary>The media type of RFC 9457.</summary>
    public const string MediaType = "application/problem+json";

    private static readonly JsonSerializerOptions Facts = new(JsonSerializerOptions.Web) { Converters = { new UtcJson() } };

    // For people in a terminal: an apostrophe or a letter of another script stays what it is. No browser takes it for HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with the problem; without a body where the request is a HEAD.</summary>
    public static async Task WriteAsync(HttpContext http, Problem problem, string detail, IReadOnlyDictionary<string, object?>? facts = null)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (problem.Status == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0) response.Headers.RetryAfter = "2";
        if (ProblemPage.IsWanted(http.Request))
        {
            await http.RequestServices.GetRequiredService<ProblemPage>().WriteAsync(http, problem, detail, TraceId(http));
            return;
        }
        if (HttpMethods.IsHead(http.Request.Method)) return;
        response.ContentType = MediaType;
        response.Headers.XContentTypeOptions = "nosniff";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, Readable);
        Body(http, problem, detail, facts).WriteTo(writer);
    }

    /// <summary>What identifies this request in the log.</summary>
    public static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static JsonObject Body(HttpContext http, Problem problem, string detail, IReadOnlyDictionary<string, object?>? facts)
    {
        var body = new JsonObject
        {
            ["type"] = http.RequestServices.GetRequiredService<BaseAddress>().To($"/problems/{problem.Code}"),
            ["title"] = problem.Title,
            ["status"] = problem.Status,
            ["detail"] = detail,
            ["code"] = problem.Code,
        };
        foreach (var (name, value) in facts ?? new Dictionary<string, object?>(StringComparer.Ordinal))
            body[name] = JsonSerializer.SerializeToNode(value, Facts);
        body["traceId"] = TraceId(http);
        return body;
    }
}
