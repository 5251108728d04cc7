using Microsoft.AspNetCore.Html;

namespace Archive.Api.Pages;

/// <summary>The line drawings of the site, 16 by 16, always beside words that say the same.</summary>
internal static class Icon
{
    public static readonly IHtmlContent Search = Draw("""<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 4 4"/>""");
    public static readonly IHtmlContent Download = Draw("""<path d="M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/>""");
    public static readonly IHtmlContent Cite = Draw("""<path d="M3 9.5h3.2V6H3v3.5c0 1.8.8 2.8 2.4 3.2M9.5 9.5h3.2V6H9.5v3.5c0 1.8.8 2.8 2.4 3.2"/>""");
    public static readonly IHtmlContent Code = Draw("""<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>""");
    public static readonly IHtmlContent Down = Draw("""<path d="m4 6 4 4 4-4"/>""");
    public static readonly IHtmlContent Right = Draw("""<path d="m6 4 4 4-4 4"/>""");
    public static readonly IHtmlContent Cross = Draw("""<path d="m4 4 8 8M12 4l-8 8"/>""");
    public static readonly IHtmlContent Tick = Draw("""<path d="m3.5 8.5 3 3 6-7"/>""");
    public static readonly IHtmlContent Ascending = Draw("""<path d="M8 13V3M4 7l4-4 4 4"/>""");
    public static readonly IHtmlContent Descending = Draw("""<path d="M8 3v10M4 9l4 4 4-4"/>""");
    public static readonly IHtmlContent Filter = Draw("""<path d="M2.5 3.5h11L9.5 8.3v4.2l-3-1.6V8.3z"/>""");
    public static readonly IHtmlContent Lock = Draw("""<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>""");
    public static readonly IHtmlContent Note = Draw("""<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.5M8 5v.2"/>""");

    private static HtmlString Draw(string strokes) => new($"""<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{strokes}</svg>""");
}
