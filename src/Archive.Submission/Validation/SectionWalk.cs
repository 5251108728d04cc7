using Archive.Model.PageTab;

namespace Archive.Submissions.Validation;

/// <summary>A section on a walk through a page tab. Its path is made when it is asked for: a page tab may have many sections.</summary>
/// <param name="section">The section.</param>
/// <param name="parent">The section above it; null for the root.</param>
/// <param name="entry">Its entry among its parent's subsections.</param>
/// <param name="row">Its row in the table that the entry is; -1 when it stands alone.</param>
internal sealed class SectionWalk(PageTabSection section, SectionWalk? parent, int entry, int row)
{
    /// <summary>The section.</summary>
    public PageTabSection Section => section;

    /// <summary>Its JSON path.</summary>
    public string Place => parent is null ? "$.section" : row < 0 ? $"{parent.Place}.subsections[{entry}]" : $"{parent.Place}.subsections[{entry}][{row}]";

    /// <summary>All sections in document order.</summary>
    public static IEnumerable<SectionWalk> Over(PageTabDocument document)
    {
        var open = new Stack<SectionWalk>();
        if (document.Section is not null) open.Push(new(document.Section, null, 0, -1));
        while (open.TryPop(out var at))
        {
            yield return at;
            for (var i = at.Section.Subsections.Count - 1; i >= 0; i--)
            {
                var children = at.Section.Subsections[i];
                for (var item = children.Items.Count - 1; item >= 0; item--)
                    open.Push(new(children.Items[item], at, i, children.IsTable ? item : -1));
            }
        }
    }
}
