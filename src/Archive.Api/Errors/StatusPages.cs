using Archive.Api.Accounts;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Diagnostics;

namespace Archive.Api.Errors;

/// <summary>Gives a body to refusals that routing and authorisation leave empty.</summary>
internal static class StatusPages
{
    /// <summary>Writes the row of the catalogue that the status stands for.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return http.Response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => ProblemAnswer.WriteAsync(http, Problems.SignInRequired, "Sign in first."),
            StatusCodes.Status403Forbidden => ProblemAnswer.WriteAsync(http, Problems.Forbidden,
                http.GetEndpoint()?.Metadata.GetMetadata<RequiredRole>() is { Role: var role } ? $"This needs the role {role}." : "This needs the role operator, or the loopback address."),
            StatusCodes.Status404NotFound => NotFoundAsync(http),
            StatusCodes.Status405MethodNotAllowed => ProblemAnswer.WriteAsync(http, Problems.MethodNotAllowed,
                $"Use {http.Response.Headers.Allow} here."),
            StatusCodes.Status406NotAcceptable => ProblemAnswer.WriteAsync(http, Problems.NotAcceptable, "Use application/json here."),
            StatusCodes.Status413PayloadTooLarge => TooLargeAsync(http),
            StatusCodes.Status415UnsupportedMediaType => ProblemAnswer.WriteAsync(http, Problems.UnsupportedMediaType,
                "The field Content-Type names a type that is not read here."),
            StatusCodes.Status400BadRequest => ProblemAnswer.WriteAsync(http, Problems.BadRequest, "The request cannot be read."),
            _ => Task.CompletedTask,
        };
    }

    // Binding sets the status of a body above its limit without an exception that could be answered.
    private static Task TooLargeAsync(HttpContext http)
    {
        var limit = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        return ProblemAnswer.WriteAsync(http, Problems.BodyTooLarge, $"The body may have {limit} bytes at most.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["limitBytes"] = limit });
    }

    /// <summary>The one 404: the same to the byte, but for the trace id, whether a thing is absent or not the caller's to see.</summary>
    public static Task NotFoundAsync(HttpContext http) => ProblemAnswer.WriteAsync(http, Problems.NotFound, NotFoundDetail);

    /// <summary>What every 404 says.</summary>
    public const string NotFoundDetail = "Nothing that you may see is at this address.";

    /// <summary>The one 404, to be thrown.</summary>
    public static ArchiveException NotFound() => new(Problems.NotFound, NotFoundDetail);
}
