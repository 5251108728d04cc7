using System.Globalization;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Builds the tree from rows. Blocks end at blank rows: the submission, the root section, then sections, files, links and tables of them.
/// Collects findings instead of stopping.
/// </summary>
/// <param name="limits">How much is read.</param>
/// <param name="noun">What a row is called in findings: <c>line</c> or <c>row</c>.</param>
internal sealed class PageTabTsvReader(PageTabLimits limits, string noun)
{
    // Type, accession and parent.
    private const int MaxHeader = 3;

    private readonly FindingList findings = new();
    private readonly PageTabTsvTree tree = new();
    private readonly PageTabTsvAttributes lines = new();
    private readonly Dictionary<string, (string Text, PageTabRow Row)> properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> missingParents = new(StringComparer.Ordinal);
    private PageTabAttribute[]? submission;
    private string? accession;
    private Action? endBlock;
    private PageTabTsvTable? table;
    private PageTabRow header;
    private int items;
    private bool isAnyBlock;
    private bool isNoPageTab;

    /// <summary>Adds an error of a row.</summary>
    public void Error(string code, PageTabRow row, string message) => Error(code, row.First, row.Last, message);

    /// <summary>Adds an error of rows.</summary>
    public void Error(string code, long first, long last, string message)
    {
        if (!findings.TryOmitError()) findings.Error(code, Place(first, last), message);
    }

    /// <summary>Counts something that is kept.</summary>
    /// <exception cref="PageTabOverfullException">It is one too many.</exception>
    public void CountItem()
    {
        if (++items > limits.MaxItems) throw new PageTabOverfullException();
    }

    /// <summary>Takes the next row.</summary>
    /// <exception cref="PageTabOverfullException">There are more items than are allowed.</exception>
    /// <exception cref="PageTabTooDeepException">Sections stand too deep.</exception>
    public void Add(PageTabRow row)
    {
        if (row.IsComment || isNoPageTab) return;
        if (row.IsBlank)
        {
            EndBlock();
            return;
        }
        CountItem();
        if (!IsSound(row)) return;
        if (endBlock is null) BeginBlock(row);
        else if (table is not null) table.Add(row);
        else AddLine(row);
    }

    /// <summary>The document, when every row was taken.</summary>
    public PageTabReading Finish()
    {
        EndBlock();
        if (!isAnyBlock) Error("submission-missing", 1, 1, "The document has nothing in it. Begin it with a line 'Submission', then its attributes.");
        var document = new PageTabDocument(accession, submission ?? [], tree.Root?.ToSection());
        if (PageTabDepth.TooDeep(document) is { } place) throw new PageTabTooDeepException(place);
        return new(document, PageTabFault.None, findings.ToReport());
    }

    /// <summary>What came of it when nothing more could be read.</summary>
    public PageTabReading Refuse(PageTabFault fault, string code, string place, string message)
    {
        findings.Error(code, place, message);
        return new(null, fault, findings.ToReport());
    }

    /// <summary>Where rows stand.</summary>
    public string Place(long first, long last) => first == last
        ? string.Create(CultureInfo.InvariantCulture, $"{noun} {first}")
        : string.Create(CultureInfo.InvariantCulture, $"{noun}s {first}-{last}");

    private bool IsSound(PageTabRow row)
    {
        foreach (var cell in row.Cells)
        {
            if (!cell.Text.Contains('\0', StringComparison.Ordinal)) continue;
            Error("text-invalid", row, "The text has a NUL character. Save the file as plain text, UTF-8.");
            break;
        }
        if (row.Count <= PageTabLimits.MaxCells) return true;
        Error("row-too-wide", row, $"The row has {row.Count} cells; a row may have {PageTabLimits.MaxCells}.");
        return false;
    }

    private void BeginBlock(PageTabRow row)
    {
        header = row;
        properties.Clear();
        var isFirst = !isAnyBlock;
        isAnyBlock = true;
        var first = row.Cells[0];
        var name = first.Name;
        var word = name is null ? null : PageTabTsvNames.Block(name);
        if (word == PageTabTsvNames.Submission) BeginSubmission(row, isFirst);
        else if (isFirst && row.Count > MaxHeader)
        {
            // Some other table: what is wrong with each of its rows would help nobody.
            isNoPageTab = true;
            Error("submission-missing", row, "This is another table than a page tab, which begins with a block 'Submission'. A file list is uploaded as a file of the draft.");
        }
        else
        {
            if (isFirst) Error("submission-missing", row, "The document must begin with a block 'Submission': that word, a tab and the accession if there is one, then attributes.");
            switch (word)
            {
                case "File": BeginFile(row); break;
                case "Link": BeginLink(row); break;
                case "Files": BeginTable(PageTabTsvTable.OfFiles(this, row, Owner(row))); break;
                case "Links": BeginTable(PageTabTsvTable.OfLinks(this, row, Owner(row))); break;
                default: BeginSection(row, name, first.IsQuoted); break;
            }
        }
    }

    private void BeginSubmission(PageTabRow row, bool isFirst)
    {
        if (!isFirst) Error("submission-repeated", row, "A second block 'Submission': a document describes one. Remove it, or give the section another type.");
        ExpectWidth(row, 2, "the accession");
        var isTaken = submission is null && isFirst;
        if (isTaken) accession = Cell(row, 1).Name;
        endBlock = () =>
        {
            var own = lines.Take();
            if (isTaken) submission = own;
            RefuseProperties();
        };
    }

    private void BeginFile(PageTabRow row)
    {
        ExpectWidth(row, 2, "its path");
        var owner = Owner(row);
        var path = Cell(row, 1).Name;
        if (string.IsNullOrEmpty(path)) Error("file-path-missing", row, "The file has no path: write it behind 'File' and a tab.");
        endBlock = () => EndFile(path, owner);
    }

    private void BeginLink(PageTabRow row)
    {
        ExpectWidth(row, 2, "its address");
        var owner = Owner(row);
        var url = Cell(row, 1).Name;
        if (string.IsNullOrWhiteSpace(url)) Error("link-url-missing", row, "The link has no address: write it behind 'Link' and a tab.");
        endBlock = () => EndLink(url, owner);
    }

    private void BeginTable(PageTabTsvTable begun)
    {
        table = begun;
        endBlock = () =>
        {
            if (table.Count == 0) Error("table-empty", header, "The table has no row. Write each thing in a row of its own below the header, or remove the header.");
            table = null;
        };
    }

    private void BeginSection(PageTabRow row, string? name, bool isQuoted)
    {
        if (name is not null && PageTabTsvNames.ReadType(name) == name && PageTabTsvNames.ReadTable(name) is { } of)
        {
            var (tableType, tableParent) = isQuoted ? of : (of.Type.Trim(), of.Parent.Trim());
            if (tree.Root is null) Error("section-missing", row, "A table of sections stands before the root section: begin with that, such as 'Study'.");
            var under = tableParent.Length == 0 ? tree.Root : Find(tableParent, row);
            BeginTable(PageTabTsvTable.OfSections(this, row, tableType, under, tree));
            return;
        }
        if (string.IsNullOrWhiteSpace(name))
            Error("section-type-missing", row, "The section has no type: begin its block with a word such as Study, Author or Study Component.");
        ExpectWidth(row, MaxHeader, "accession and parent");
        var section = new PageTabTsvSection(PageTabTsvNames.ReadType(name ?? ""), Cell(row, 1).Name);
        var parentName = Cell(row, 2).Name;
        var isRoot = tree.Root is null;
        // Found now: the section itself may have the accession of its parent.
        var parent = isRoot ? null : parentName is null ? tree.Root : Find(parentName, row);
        if (isRoot && parentName is not null)
            Error("section-parent-missing", row, "The first section is the root and has no parent: remove the third cell.");
        var isPlaced = false;
        endBlock = () =>
        {
            Place();
            section.Attributes = lines.Take();
        };
        if (isRoot) tree.Begin(section);

        void Place()
        {
            if (isPlaced) return;
            isPlaced = true;
            var under = parent;
            if (!isRoot && TakeLevel() is { } level) under = tree.LastAt(level - 1);
            var (isTable, isNext) = TakeTable();
            RefuseProperties();
            if (isRoot) return;
            if (under is not null && PutUnder(section, under, isTable, isNext)) return;
            // Its files and links, and sections below it, are read to find what else is wrong.
            section.Level = 0;
            tree.Begin(section);
        }
    }

    private bool PutUnder(PageTabTsvSection section, PageTabTsvSection under, bool isTable, bool isNext)
    {
        if (isNext && (under.Children.Count == 0 || !under.Children[^1].IsTable))
        {
            Error("property-invalid", header, "'{table}' is 'next', but the section before it at this place is no row of a table.");
            isNext = false;
        }
        if (!PageTabTsvTree.CanHold(under)) throw new PageTabTooDeepException(Place(header.First, header.Last));
        tree.Put(section, under, isTable, isNext);
        tree.Begin(section);
        return true;
    }

    private PageTabTsvSection? Find(string parent, PageTabRow row)
    {
        if (tree.Find(parent) is { } found) return found;
        if (missingParents.Add(parent) || missingParents.Count < FindingList.MaxKept)
            Error("section-parent-missing", row, $"No section before this one has the accession '{Short(parent)}'. Move the parent up, or correct the name.");
        return null;
    }

    private PageTabTsvSection? Owner(PageTabRow row)
    {
        if (tree.Root is null) Error("section-missing", row, "Files and links belong to a section, and none stands before: begin with the root section, such as 'Study'.");
        return tree.Current;
    }

    private void AddLine(PageTabRow row)
    {
        var name = row.Cells[0].Name;
        if (row.Count > 2) Error("row-too-wide", row, $"The line has {row.Count} cells, a name and a value are two. Put a value with tabs in quotes.");
        if (string.IsNullOrWhiteSpace(name))
        {
            Error("attribute-name-blank", row, "The value has no name: write one before the tab, or begin the line with # to leave it out.");
            return;
        }
        var (kind, text) = PageTabTsvNames.Read(name);
        var value = Cell(row, 1).Value;
        if (string.IsNullOrWhiteSpace(text)) Error("attribute-name-blank", row, "There is no name between the brackets.");
        else if (kind == PageTabNameKind.Property) AddProperty(text, value, row);
        else if (kind is PageTabNameKind.Attribute or PageTabNameKind.Reference) lines.Begin(text, value, kind == PageTabNameKind.Reference);
        else if (lines.HasOpen) lines.Qualify(kind, text, value);
        else Error("qualifier-without-attribute", row, $"'{Short(name)}' qualifies the attribute before it, and there is none. Move it behind its attribute.");
    }

    private void AddProperty(string name, string? value, PageTabRow row)
    {
        if (!properties.TryAdd(name, (value ?? "", row))) Error("property-invalid", row, $"'{{{name}}}' stands here twice.");
    }

    private void EndFile(string? path, PageTabTsvSection? owner)
    {
        var length = Take(PageTabTsvNames.Size) is { } size ? LengthBytes(size.Text, size.Row) : null;
        var type = Take(PageTabTsvNames.Type)?.Text ?? "file";
        AddTo(owner?.Files ?? [], new PageTabFile(path ?? "", length, type, lines.Take()));
    }

    private void EndLink(string? url, PageTabTsvSection? owner) => AddTo(owner?.Links ?? [], new PageTabLink(url ?? "", lines.Take()));

    private void AddTo<T>(List<PageTabEntry<T>> entries, T item)
    {
        var (isTable, isNext) = TakeTable();
        RefuseProperties();
        if (isNext && (entries.Count == 0 || !entries[^1].IsTable))
            Error("property-invalid", header, "'{table}' is 'next', but what stands before it is no row of a table.");
        else if (isNext) ((List<T>)entries[^1].Items).Add(item);
        else entries.Add(new(isTable ? new List<T> { item } : new T[] { item }, isTable));
    }

    /// <summary>The length that a cell gives; null where it is none.</summary>
    public long? LengthBytes(string text, PageTabRow row)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        Error("file-size-invalid", row, "The size is not a whole number of bytes.");
        return null;
    }

    private int? TakeLevel()
    {
        if (Take(PageTabTsvNames.Level) is not { } level) return null;
        if (int.TryParse(level.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && tree.LastAt(number - 1) is not null) return number;
        Error("property-invalid", level.Row, $"'{{level}}' is '{Short(level.Text)}', and no section stands one level higher before this one. The root is 0, those below it 1.");
        return null;
    }

    private (bool IsTable, bool IsNext) TakeTable()
    {
        if (Take(PageTabTsvNames.Table) is not { } found) return default;
        if (found.Text is PageTabTsvNames.FirstRow or PageTabTsvNames.NextRow) return (true, found.Text == PageTabTsvNames.NextRow);
        Error("property-invalid", found.Row, $"'{{table}}' must be '{PageTabTsvNames.FirstRow}' or '{PageTabTsvNames.NextRow}'.");
        return default;
    }

    private (string Text, PageTabRow Row)? Take(string property) => properties.Remove(property, out var found) ? found : null;

    private void RefuseProperties()
    {
        foreach (var (name, (_, row)) in properties)
            Error("property-invalid", row, $"'{{{name}}}' means nothing here: size and type belong to files, level to sections, table to rows of a table.");
        properties.Clear();
    }

    private void EndBlock()
    {
        endBlock?.Invoke();
        endBlock = null;
    }

    private void ExpectWidth(PageTabRow row, int width, string what)
    {
        if (row.Count > width) Error("row-too-wide", row, $"The first line of this block has {row.Count} cells; it takes {width}: the word and {what}. Attributes stand in lines below it.");
    }

    private static PageTabCell Cell(PageTabRow row, int column) => column < row.Cells.Count ? row.Cells[column] : new("");

    /// <summary>A text of the depositor's for a message.</summary>
    internal static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
