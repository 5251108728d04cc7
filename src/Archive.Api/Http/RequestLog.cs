using System.Text;
using Archive.Api.Running;
using Microsoft.AspNetCore.Http.Features;

namespace Archive.Api.Http;

/// <summary>One line for each request, without secrets: values of query fields that may hold a key are left out.</summary>
internal sealed partial class RequestLog(RequestDelegate next, Settings settings, ILogger<RequestLog> log, TimeProvider clock)
{
    private readonly bool all = Logs.AreAllRequestsTold(settings);

    private static readonly string[] Secret = ["key", "token", "password", "secret", "signature"];

    public async Task InvokeAsync(HttpContext http)
    {
        var start = clock.GetTimestamp();
        var body = new CountedBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(http);
        }
        finally
        {
            var request = http.Request;
            LogRequest(log, LevelOf(request.Path, http.Response.StatusCode), request.Method, Printable(request.Path.Value ?? ""), Redact(request.Query),
                http.Response.StatusCode, (long)clock.GetElapsedTime(start).TotalMilliseconds, HttpMethods.IsHead(request.Method) ? 0 : body.LengthBytes);
        }
    }

    /// <summary>The query as it may be written down.</summary>
    internal static string Redact(IQueryCollection query)
    {
        if (query.Count == 0) return "";
        var text = new StringBuilder();
        foreach (var (name, values) in query)
        {
            var hidden = Array.Exists(Secret, s => name.Contains(s, StringComparison.OrdinalIgnoreCase));
            foreach (var value in values)
            {
                text.Append(text.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=');
                text.Append(hidden ? "(hidden)" : Uri.EscapeDataString(value ?? ""));
            }
        }
        return text.ToString();
    }

    /// <summary>The text with control characters replaced: a terminal would obey them.</summary>
    internal static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? '?' : from[i];
        }) : text;

    // Whoever watches over the archive asks all day long; that it is starting, stopping or busy is no failure.
    private LogLevel LevelOf(PathString path, int status) => path.Value is "/healthz" or "/readyz" or "/metrics" ? LogLevel.Debug
        : status is >= 500 and not (StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage) ? LogLevel.Warning
        : all ? LogLevel.Information
        : LogLevel.Debug;

    [LoggerMessage("{Method} {Path}{Query} answered {Status} in {Milliseconds} ms, {Bytes} bytes")]
    private static partial void LogRequest(ILogger log, LogLevel level, string method, string path, string query, int status, long milliseconds, long bytes);
}
