using Archive.Model.PageTab;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Http;

/// <summary>Media types of page tabs: what a body is, and which form an answer takes (RFC 9110, section 12.5.1).</summary>
internal static class PageTabMedia
{
    public const string Json = "application/json";
    public const string Tsv = "text/tab-separated-values";
    public const string Xml = "application/xml";
    public const string TextXml = "text/xml";
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    // In the order of our preference, where the caller has none.
    private static readonly (string MediaType, PageTabForm Form)[] Given =
        [(Json, PageTabForm.Json), (Tsv, PageTabForm.Tsv), (Xml, PageTabForm.Xml), (TextXml, PageTabForm.Xml)];

    /// <summary>The form of a body; null when its type is not read.</summary>
    public static PageTabForm? FormOf(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        if (type.Charset.HasValue && !IsRead(type.Charset.Value.Trim('"'))) return null;
        var name = type.MediaType.Value ?? "";
        if (name.Equals(Xlsx, StringComparison.OrdinalIgnoreCase)) return PageTabForm.Xlsx;
        foreach (var (mediaType, form) in Given)
            if (name.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
                return form;
        return type.MatchesMediaType("application/*+json") ? PageTabForm.Json : null;
    }

    /// <summary>The form that the caller likes best, with its media type; null when it accepts none.</summary>
    public static (PageTabForm Form, string MediaType)? Negotiate(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept)) return (PageTabForm.Json, Json);
        if (!MediaTypeHeaderValue.TryParseList(accept, out var accepted)) return null;
        (PageTabForm, string)? best = null;
        var bestQuality = 0.0;
        foreach (var (mediaType, form) in Given)
            if (QualityOf(mediaType, accepted) is var quality && quality > bestQuality)
                (best, bestQuality) = ((form, mediaType), quality);
        return best;
    }

    /// <summary>The media type that a form is given as.</summary>
    public static string Of(PageTabForm form) => form switch
    {
        PageTabForm.Tsv => Tsv,
        PageTabForm.Xml => Xml,
        _ => Json,
    };

    /// <summary>The ETag of a form: each is its own representation. JSON's is the tag itself.</summary>
    public static EntityTagHeaderValue TagOf(EntityTagHeaderValue tag, PageTabForm form) => form switch
    {
        PageTabForm.Tsv => new($"\"{tag.Tag.AsSpan(1, tag.Tag.Length - 2)}-tsv\""),
        PageTabForm.Xml => new($"\"{tag.Tag.AsSpan(1, tag.Tag.Length - 2)}-xml\""),
        _ => tag,
    };

    // XML says itself what it is encoded in; the others are UTF-8, or UTF-16 with a mark where a spreadsheet wrote them.
    private static bool IsRead(string charset) =>
        charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf-16", StringComparison.OrdinalIgnoreCase);

    // The most exact range that covers a type says how much it is liked.
    private static double QualityOf(string mediaType, IList<MediaTypeHeaderValue> accepted)
    {
        var type = new MediaTypeHeaderValue(mediaType);
        var (quality, exactness) = (0.0, -1);
        foreach (var range in accepted)
        {
            // A charset, as some clients add, narrows nothing: everything here is UTF-8.
            if (range.MediaType.Value is not { } name || !type.IsSubsetOf(new MediaTypeHeaderValue(name))) continue;
            var how = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (how > exactness) (quality, exactness) = (range.Quality ?? 1, how);
        }
        return quality;
    }
}
