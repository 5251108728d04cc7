using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Files;

/// <summary>A part of a file: both ends inclusive, counted from 0.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long First, long Last)
{
    /// <summary>Number of bytes, at least 1.</summary>
    public long LengthBytes => Last - First + 1;
}

/// <summary>What a Range header asks for (RFC 9110, section 14).</summary>
internal static class ByteRanges
{
    /// <summary>The most ranges that are answered one by one; with more, the whole file is sent.</summary>
    public const int MaxRanges = 32;

    /// <summary>
    /// The ranges to send. Null: send the whole file, since there is no header, If-Range names another content, or the header
    /// cannot be read. Empty: no byte of the file lies in them, 416.
    /// </summary>
    public static IReadOnlyList<ByteRange>? Read(IHeaderDictionary headers, long lengthBytes, EntityTagHeaderValue etag)
    {
        if (StringValues.IsNullOrEmpty(headers.Range) || !RangeHeaderValue.TryParse(headers.Range.ToString(), out var range)) return null;
        if (!range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || !IsSameContent(headers.IfRange, etag)) return null;
        var found = new List<ByteRange>();
        foreach (var item in range.Ranges)
            if (Place(item, lengthBytes) is { } placed)
                found.Add(placed);
        // Many small or overlapping ranges cost more than the file; the standard lets a server ignore them.
        return found.Count > MaxRanges || (found.Count > 1 && found.Sum(r => r.LengthBytes) > lengthBytes) ? null : found;
    }

    private static ByteRange? Place(RangeItemHeaderValue item, long lengthBytes)
    {
        if (item.From is { } first)
            return first < lengthBytes ? new ByteRange(first, Math.Min(item.To ?? long.MaxValue, lengthBytes - 1)) : null;
        var suffix = Math.Min(item.To ?? 0, lengthBytes);
        return suffix > 0 ? new ByteRange(lengthBytes - suffix, lengthBytes - 1) : null;
    }

    // Only a strong ETag can say so; a date is coarser than the content and never matches.
    private static bool IsSameContent(StringValues ifRange, EntityTagHeaderValue etag) =>
        StringValues.IsNullOrEmpty(ifRange) ||
        (EntityTagHeaderValue.TryParse(ifRange.ToString(), out var tag) && tag.Compare(etag, useStrongComparison: true));
}
