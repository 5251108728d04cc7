using System.Text.Json;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Errors;

/// <summary>The one place where an exception becomes an answer.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads an answer, and nothing is wrong with the archive.
            LogGone(log, httpContext.Request.Method, httpContext.Request.Path);
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        switch (exception)
        {
            case ArchiveException told:
                if (told.Problem.Status >= 500) LogToldFailure(log, told, told.Problem.Code);
                await ProblemAnswer.WriteAsync(httpContext, told.Problem, told.Message, told.Facts);
                return true;
            case BadHttpRequestException bad:
                await WriteBadRequestAsync(httpContext, bad);
                return true;
            // The framework throws it for a charset that it does not know before it reads the body.
            case InvalidOperationException when HasUnknownCharset(httpContext.Request):
                await ProblemAnswer.WriteAsync(httpContext, Problems.UnsupportedMediaType, "The charset in the field Content-Type is not known: send UTF-8.");
                return true;
            default:
                LogFailure(log, exception, httpContext.Request.Method, httpContext.Request.Path);
                await ProblemAnswer.WriteAsync(httpContext, Problems.Internal, "The fault is recorded under the trace id.");
                return true;
        }
    }

    private static Task WriteBadRequestAsync(HttpContext http, BadHttpRequestException bad)
    {
        switch (bad.StatusCode)
        {
            case StatusCodes.Status413PayloadTooLarge:
                var limit = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
                return ProblemAnswer.WriteAsync(http, Problems.BodyTooLarge, $"The body may have {limit} bytes at most.",
                    new Dictionary<string, object?>(StringComparer.Ordinal) { ["limitBytes"] = limit });
            case StatusCodes.Status408RequestTimeout:
                return ProblemAnswer.WriteAsync(http, Problems.BodyTooSlow, "The body arrived slower than the server waits for.");
            case StatusCodes.Status415UnsupportedMediaType:
                return ProblemAnswer.WriteAsync(http, Problems.UnsupportedMediaType, "The field Content-Type must be application/json.");
        }
        if (bad.InnerException is JsonException json) return WriteJsonFaultAsync(http, json);
        // Kestrel throws a class of its own for a body that broke off; binding throws the base class.
        return bad.GetType() != typeof(BadHttpRequestException)
            ? ProblemAnswer.WriteAsync(http, Problems.BodyIncomplete, "The connection ended or stalled before the body was whole.")
            : ProblemAnswer.WriteAsync(http, Problems.BadRequest, BindingFault.Describe(bad.Message));
    }

    private static bool HasUnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && type.Encoding is null;

    private static Task WriteJsonFaultAsync(HttpContext http, JsonException fault)
    {
        var place = fault.LineNumber is { } line ? $"{fault.Path ?? "$"}, line {line + 1}, byte {fault.BytePositionInLine + 1}" : fault.Path ?? "$";
        var finding = new Finding(Severity.Error, "json", place, "The body is not the JSON that is expected here.");
        return ProblemAnswer.WriteAsync(http, Problems.BadRequest, "The body cannot be read as JSON.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = new[] { finding } });
    }

    [LoggerMessage(LogLevel.Debug, "{Method} {Path}: the caller has gone")]
    private static partial void LogGone(ILogger log, string method, string path);

    [LoggerMessage(LogLevel.Warning, "Answered {Code}")]
    private static partial void LogToldFailure(ILogger log, Exception fault, string code);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailure(ILogger log, Exception fault, string method, string path);
}
