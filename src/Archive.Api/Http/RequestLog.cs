using System.Text;

namespace Archive.Api.Http;

/// <summary>One line for each request, without secrets: values of query fields that may hold a key are left out.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log, TimeProvider clock)
{
    private static readonly string[] Secret = ["key", "token", "password", "secret", "signature"];

    public async Task InvokeAsync(HttpContext http)
    {
        var start = clock.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var request = http.Request;
            LogRequest(log, LevelOf(request.Path), request.Method, request.Path.Value ?? "", Redact(request.Query), http.Response.StatusCode,
                (long)clock.GetElapsedTime(start).TotalMilliseconds, http.Response.ContentLength);
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

    // Whoever watches over the archive asks all day long.
    private static LogLevel LevelOf(PathString path) =>
        path.Value is "/healthz" or "/readyz" or "/metrics" ? LogLevel.Debug : LogLevel.Information;

    [LoggerMessage("{Method} {Path}{Query} answered {Status} in {Milliseconds} ms, {Bytes} bytes")]
    private static partial void LogRequest(ILogger log, LogLevel level, string method, string path, string query, int status, long milliseconds, long? bytes);
}
