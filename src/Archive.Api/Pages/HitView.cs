using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>A hit of the results page.</summary>
/// <param name="Hit">What was found.</param>
/// <param name="Title">The title, found words marked.</param>
/// <param name="Snippet">A piece of the description, found words marked; empty when there is none.</param>
internal sealed record HitView(DatasetHit Hit, IReadOnlyList<HighlightPart> Title, IReadOnlyList<HighlightPart> Snippet)
{
    private const int SnippetLength = 260;

    /// <summary>Chooses what to show of a hit.</summary>
    public static HitView Of(DatasetHit hit)
    {
        var title = hit.Highlights.FirstOrDefault(h => h.Field == "title")?.Parts ?? [new(hit.Title, false)];
        var snippet = hit.Highlights.FirstOrDefault(h => h.Field != "title")?.Parts;
        return new(hit, title, snippet ?? (hit.Description.Length > 0 ? [new(Format.Cut(hit.Description, SnippetLength), false)] : []));
    }
}
