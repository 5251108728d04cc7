using System.Text;
using Archive.Api.Errors;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Archive.Api.Http;

/// <summary>
/// Judges the path as the caller sent it. The server itself resolves <c>..</c> and decodes once before routing, and leaves
/// <c>%2F</c> and broken sequences as they are, so that two different requests could name one file; such requests are refused here.
/// </summary>
internal static class RawPath
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Refuses a request whose path is ambiguous or climbs.</summary>
    public static Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return Fault(target) is { } fault ? ProblemAnswer.WriteAsync(http, Problems.PathRefused, fault) : next(http);
    }

    /// <summary>What is wrong with the path of a request target, in words for the caller; null for nothing.</summary>
    internal static string? Fault(string target)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target.AsSpan() : target.AsSpan(0, end);
        if (path.IndexOfAny('%', '\\', '.') < 0) return null;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                length += Encoding.UTF8.GetBytes(path.Slice(i, 1), bytes.AsSpan(length));
                continue;
            }
            if (i + 2 >= path.Length || !byte.TryParse(path.Slice(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
                return "A percent sign is not followed by two hexadecimal digits: write %25 for the sign itself.";
            if (value is (byte)'/' or 0) return "The path has an encoded '/' or NUL.";
            bytes[length++] = value;
            i += 2;
        }
        return FaultOfDecoded(bytes.AsSpan(0, length));
    }

    private static string? FaultOfDecoded(ReadOnlySpan<byte> bytes)
    {
        string decoded;
        try
        {
            decoded = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return "The path is not valid UTF-8.";
        }
        if (decoded.Contains('\\', StringComparison.Ordinal)) return "The path has a backslash: separate folders by '/'.";
        foreach (var range in decoded.AsSpan().Split('/'))
            if (decoded.AsSpan(range) is "." or "..")
                return "The path has a part '.' or '..'.";
        return null;
    }
}
