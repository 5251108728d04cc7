using Microsoft.Net.Http.Headers;

namespace Archive.Api.Http;

/// <summary>The forms of a list that can be long.</summary>
internal enum ListForm
{
    /// <summary>A page at a time, as one JSON document.</summary>
    Json,

    /// <summary>A JSON document on each line.</summary>
    JsonLines,

    /// <summary>RFC 4180, with a header.</summary>
    Csv,
}

/// <summary>Chooses the form of a list: by <c>format=</c>, else by Accept (RFC 9110, section 12.5.1), else JSON.</summary>
internal static class ListForms
{
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";
    public const string Csv = "text/csv";

    private static readonly (string MediaType, ListForm Form)[] Given =
        [(Json, ListForm.Json), (JsonLines, ListForm.JsonLines), ("application/jsonl", ListForm.JsonLines), (Csv, ListForm.Csv)];

    /// <summary>The form asked for, and that the answer depends on it. Who accepts none of them gets JSON.</summary>
    /// <exception cref="Archive.Model.Errors.ArchiveException"><c>format=</c> names another.</exception>
    public static ListForm Negotiate(HttpContext http, string? format)
    {
        if (!string.IsNullOrEmpty(format))
            return format switch
            {
                "json" => ListForm.Json,
                "jsonl" => ListForm.JsonLines,
                "csv" => ListForm.Csv,
                _ => throw Refusal.OfParameter("format", "json, jsonl or csv"),
            };
        http.Response.Headers.Append("Vary", "Accept");
        if (!MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out var accepted)) return ListForm.Json;
        var (best, bestQuality) = (ListForm.Json, 0.0);
        foreach (var (mediaType, form) in Given)
        {
            // The most specific range that fits says how welcome a form is.
            var offered = MediaTypeHeaderValue.Parse(mediaType);
            var range = accepted.Where(offered.IsSubsetOf).OrderBy(a => a.MatchesAllTypes).ThenBy(a => a.MatchesAllSubTypes).FirstOrDefault();
            if (range is null || (range.Quality ?? 1) <= bestQuality) continue;
            (best, bestQuality) = (form, range.Quality ?? 1);
        }
        return best;
    }
}
