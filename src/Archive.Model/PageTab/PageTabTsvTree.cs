namespace Archive.Model.PageTab;

/// <summary>A section while the document is read: sections below it may come at any later place.</summary>
/// <param name="type">See <see cref="PageTabSection.Type"/>.</param>
/// <param name="accession">See <see cref="PageTabSection.Accession"/>.</param>
internal sealed class PageTabTsvSection(string type, string? accession)
{
    // Most sections have none of them.
    private List<PageTabEntry<PageTabFile>>? files;
    private List<PageTabEntry<PageTabLink>>? links;
    private List<(List<PageTabTsvSection> Rows, bool IsTable)>? children;

    /// <summary>See <see cref="PageTabSection.Accession"/>.</summary>
    public string? Accession => accession;

    /// <summary>See <see cref="PageTabSection.Attributes"/>.</summary>
    public PageTabAttribute[] Attributes { get; set; } = [];

    /// <summary>How deep it stands; 0 for the root.</summary>
    public int Level { get; set; }

    /// <summary>See <see cref="PageTabSection.Files"/>.</summary>
    public List<PageTabEntry<PageTabFile>> Files => files ??= [];

    /// <summary>See <see cref="PageTabSection.Links"/>.</summary>
    public List<PageTabEntry<PageTabLink>> Links => links ??= [];

    /// <summary>See <see cref="PageTabSection.Subsections"/>.</summary>
    public List<(List<PageTabTsvSection> Rows, bool IsTable)> Children => children ??= [];

    /// <summary>The finished section with everything below it.</summary>
    public PageTabSection ToSection() => new(
        accession, type, Attributes,
        files is null ? [] : [.. files],
        links is null ? [] : [.. links],
        children is null ? [] : [.. children.Select(c => new PageTabEntry<PageTabSection>([.. c.Rows.Select(r => r.ToSection())], c.IsTable))]);
}

/// <summary>The tree that blocks are put into, and how a block names the section that it belongs to.</summary>
internal sealed class PageTabTsvTree
{
    // Root object, root section, then an array and an object for each level: what is deeper cannot be JSON.
    private const int MaxLevel = (PageTabLimits.MaxDepth - 2) / 2;

    private readonly Dictionary<string, PageTabTsvSection> byAccession = new(StringComparer.Ordinal);
    private readonly PageTabTsvSection?[] lastAtLevel = new PageTabTsvSection?[MaxLevel + 1];

    /// <summary>The first section; null before it.</summary>
    public PageTabTsvSection? Root { get; private set; }

    /// <summary>What files and links belong to: the last section that had a block of its own.</summary>
    public PageTabTsvSection? Current { get; private set; }

    /// <summary>The last section before that has the accession; null for none.</summary>
    public PageTabTsvSection? Find(string accession) => byAccession.GetValueOrDefault(accession);

    /// <summary>The last section that stands so deep, and has not been left.</summary>
    public PageTabTsvSection? LastAt(int level) => level is >= 0 and <= MaxLevel ? lastAtLevel[level] : null;

    /// <summary>Whether a section can have another below it.</summary>
    public static bool CanHold(PageTabTsvSection parent) => parent.Level < MaxLevel;

    /// <summary>Makes a section with a block of its own the one that files and links belong to.</summary>
    public void Begin(PageTabTsvSection section)
    {
        Current = section;
        Root ??= section;
        Know(section);
    }

    /// <summary>Puts a section below another, whose last entry gets one more row, or which gets an entry more.</summary>
    public void Put(PageTabTsvSection section, PageTabTsvSection parent, bool isTable, bool isNextRow)
    {
        if (isNextRow) parent.Children[^1].Rows.Add(section);
        else parent.Children.Add(([section], isTable));
        section.Level = parent.Level + 1;
        Know(section);
    }

    private void Know(PageTabTsvSection section)
    {
        if (section.Accession is not null) byAccession[section.Accession] = section;
        lastAtLevel[section.Level] = section;
        lastAtLevel.AsSpan(section.Level + 1).Clear();
    }
}
