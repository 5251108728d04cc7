namespace Archive.Model.Submissions;

/// <summary>A file list as it gave files their attributes.</summary>
/// <param name="Name">As the page tab names it.</param>
/// <param name="Sha256">Digest of its content: 64 lower-case hexadecimal digits.</param>
/// <param name="Form">How it is read, where the page tab says more than its name; else empty.</param>
/// <param name="NamesFolders">Whether a row stands for everything below a folder: then it speaks of files that come later, too.</param>
public sealed record ListedSource(string Name, string Sha256, string Form, bool NamesFolders);

/// <summary>
/// Everything that gives the files of a version their attributes. Where two versions have the same, no file that both have has other
/// attributes, and none need be read to know it.
/// </summary>
/// <param name="Lists">The file lists in the order of the page tab, each once.</param>
/// <param name="Inline">A digest of the files that the page tab names itself, with their attributes.</param>
public sealed record AttributeSources(IReadOnlyList<ListedSource> Lists, string Inline)
{
    /// <summary>
    /// The lists that are not among those of the version before, when nothing else differs: all of that version's are here, unchanged and
    /// in their order. Null when anything was changed, dropped or put in another order.
    /// </summary>
    public IReadOnlyList<ListedSource>? AddedTo(AttributeSources before)
    {
        if (Inline != before.Inline) return null;
        var added = new List<ListedSource>();
        var next = 0;
        foreach (var list in Lists)
            if (next < before.Lists.Count && IsSame(list, before.Lists[next])) next++;
            else added.Add(list);
        return next == before.Lists.Count && !added.Exists(a => before.Lists.Any(b => b.Name == a.Name)) ? added : null;
    }

    /// <summary>The same list as one of the version before, by name and content; null when it is another.</summary>
    public ListedSource? Find(ListedSource list) => Lists.FirstOrDefault(l => IsSame(l, list));

    private static bool IsSame(ListedSource a, ListedSource b) => a.Name == b.Name && a.Sha256 == b.Sha256 && a.Form == b.Form;
}
