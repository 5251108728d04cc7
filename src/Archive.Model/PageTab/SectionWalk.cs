namespace Archive.Model.PageTab;

/// <summary>
/// A section on a walk through a page tab, with where it stands. A page tab may have hundreds of thousands of sections, so a path is made
/// when it is asked for.
/// </summary>
public sealed class SectionWalk
{
    private readonly SectionWalk? parent;
    private readonly string? place;
    private readonly int entry;
    private readonly int row;

    /// <summary>A section that a walk begins with.</summary>
    /// <param name="section">The section.</param>
    /// <param name="place">Its JSON path.</param>
    public SectionWalk(PageTabSection section, string place) => (Section, this.place) = (section, place);

    // The row is that in the table which the entry is; -1 when the section stands alone.
    private SectionWalk(PageTabSection section, SectionWalk parent, int entry, int row) =>
        (Section, this.parent, this.entry, this.row) = (section, parent, entry, row);

    /// <summary>The section.</summary>
    public PageTabSection Section { get; }

    /// <summary>Whether the walk began with it.</summary>
    public bool IsRoot => parent is null;

    /// <summary>Its JSON path.</summary>
    public string Place => place ?? (row < 0 ? $"{parent!.Place}.subsections[{entry}]" : $"{parent!.Place}.subsections[{entry}][{row}]");

    /// <summary>All sections of a document in its order; none when it has no section.</summary>
    public static IEnumerable<SectionWalk> Over(PageTabDocument document) =>
        document.Section is null ? [] : new SectionWalk(document.Section, "$.section").Tree();

    /// <summary>The section and everything below it, in document order.</summary>
    public IEnumerable<SectionWalk> Tree()
    {
        // An explicit stack: the depth of the tree is bounded by the reader, but not by every caller.
        var open = new Stack<SectionWalk>([this]);
        while (open.TryPop(out var at))
        {
            yield return at;
            for (var i = at.Section.Subsections.Count - 1; i >= 0; i--)
                for (var item = at.Section.Subsections[i].Items.Count - 1; item >= 0; item--)
                    open.Push(at.Child(i, item));
        }
    }

    /// <summary>The sections right below it, in document order.</summary>
    public IEnumerable<SectionWalk> Children()
    {
        for (var i = 0; i < Section.Subsections.Count; i++)
            for (var item = 0; item < Section.Subsections[i].Items.Count; item++)
                yield return Child(i, item);
    }

    private SectionWalk Child(int index, int item)
    {
        var at = Section.Subsections[index];
        return new(at.Items[item], this, index, at.IsTable ? item : -1);
    }
}
