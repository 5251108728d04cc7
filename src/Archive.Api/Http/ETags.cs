using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Http;

/// <summary>Conditional requests (RFC 9110, section 13). Judged only after authorisation.</summary>
internal static class ETags
{
    /// <summary>The strong ETag of a revision.</summary>
    public static EntityTagHeaderValue OfRevision(long revision) => new($"\"r{revision}\"");

    /// <summary>Whether If-Match allows a write; true where the request has none.</summary>
    public static bool Allows(StringValues ifMatch, EntityTagHeaderValue current) =>
        StringValues.IsNullOrEmpty(ifMatch) ||
        (EntityTagHeaderValue.TryParseStrictList(ifMatch, out var tags) && tags.Any(t => t.Tag == "*" || t.Compare(current, useStrongComparison: true)));

    /// <summary>Whether If-Match and If-None-Match allow a write to a place where <paramref name="current"/> stands (null: nothing).</summary>
    public static bool AllowWrite(IHeaderDictionary headers, EntityTagHeaderValue? current) => current is null
        ? StringValues.IsNullOrEmpty(headers.IfMatch)
        : Allows(headers.IfMatch, current) && !IsKnown(headers.IfNoneMatch, current);

    /// <summary>Whether If-None-Match says that the caller has it already.</summary>
    public static bool IsKnown(StringValues ifNoneMatch, EntityTagHeaderValue current) =>
        !StringValues.IsNullOrEmpty(ifNoneMatch) &&
        EntityTagHeaderValue.TryParseList(ifNoneMatch, out var tags) && tags.Any(t => t.Tag == "*" || t.Compare(current, useStrongComparison: false));
}
