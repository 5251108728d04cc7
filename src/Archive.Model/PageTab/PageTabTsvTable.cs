namespace Archive.Model.PageTab;

/// <summary>
/// A block that is a table: its header names attributes and qualifiers, each row below it is one file, link or section. A blank cell is
/// an attribute that the row does not have.
/// </summary>
internal sealed class PageTabTsvTable
{
    private readonly PageTabTsvReader reader;
    private readonly List<(PageTabNameKind Kind, string Name)> columns;
    private readonly PageTabTsvAttributes attributes = new();
    private readonly Action<PageTabTsvTable, PageTabRow> take;
    private string? size;
    private string? type;

    private PageTabTsvTable(PageTabTsvReader reader, PageTabRow header, Action<PageTabTsvTable, PageTabRow> take)
    {
        this.reader = reader;
        this.take = take;
        columns = new(header.Cells.Count);
        for (var i = 1; i < header.Cells.Count; i++) columns.Add(ReadColumn(header, i));
    }

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>A table of files.</summary>
    /// <param name="owner">The section that they belong to; null where there is none: then rows are only looked at.</param>
    public static PageTabTsvTable OfFiles(PageTabTsvReader reader, PageTabRow header, PageTabTsvSection? owner)
    {
        var files = new List<PageTabFile>();
        return new(reader, header, (table, row) =>
        {
            var path = row.Cells[0].Name;
            var length = table.size is null ? null : reader.LengthBytes(table.size.Trim(), row);
            var file = new PageTabFile(path ?? "", length, table.type ?? "file", table.attributes.Take());
            if (string.IsNullOrEmpty(path)) reader.Error("file-path-missing", row, "The row has no path in its first cell.");
            if (files.Count == 0) owner?.Files.Add(new(files, true));
            files.Add(file);
        });
    }

    /// <summary>A table of links.</summary>
    /// <param name="owner">See <see cref="OfFiles"/>.</param>
    public static PageTabTsvTable OfLinks(PageTabTsvReader reader, PageTabRow header, PageTabTsvSection? owner)
    {
        var links = new List<PageTabLink>();
        return new(reader, header, (table, row) =>
        {
            var url = row.Cells[0].Name;
            var link = new PageTabLink(url ?? "", table.attributes.Take());
            if (string.IsNullOrWhiteSpace(url)) reader.Error("link-url-missing", row, "The row has no address in its first cell.");
            table.RefuseProperties(row);
            if (links.Count == 0) owner?.Links.Add(new(links, true));
            links.Add(link);
        });
    }

    /// <summary>A table of sections.</summary>
    /// <param name="parent">The section above them; null where there is none: then rows are only looked at.</param>
    public static PageTabTsvTable OfSections(PageTabTsvReader reader, PageTabRow header, string type, PageTabTsvSection? parent, PageTabTsvTree tree) =>
        new(reader, header, (table, row) =>
        {
            var section = new PageTabTsvSection(type, row.Cells[0].Name) { Attributes = table.attributes.Take() };
            table.RefuseProperties(row);
            if (parent is null) return;
            if (!PageTabTsvTree.CanHold(parent)) throw new PageTabTooDeepException(reader.Place(row.First, row.Last));
            tree.Put(section, parent, isTable: true, isNextRow: table.Count > 0);
        });

    /// <summary>Takes the next row.</summary>
    public void Add(PageTabRow row)
    {
        (size, type) = (null, null);
        if (row.Count > columns.Count + 1)
            reader.Error("row-too-wide", row, $"The row has {row.Count} cells and the header of its table {columns.Count + 1}. Name the columns, or put a value with tabs in quotes.");
        var isOpen = false;
        for (var i = 0; i < columns.Count; i++)
        {
            var (kind, name) = columns[i];
            var value = i + 1 < row.Cells.Count ? row.Cells[i + 1].Value : null;
            if (kind is PageTabNameKind.Attribute or PageTabNameKind.Reference) isOpen = false;
            if (value is null) continue;
            if (kind == PageTabNameKind.Property) SetProperty(name, value);
            else AddValue(i, value, ref isOpen);
        }
        take(this, row);
        Count++;
    }

    private void AddValue(int column, string value, ref bool isOpen)
    {
        var (kind, name) = columns[column];
        reader.CountItem();
        if (kind is PageTabNameKind.Attribute or PageTabNameKind.Reference)
        {
            attributes.Begin(name, value, kind == PageTabNameKind.Reference);
            isOpen = true;
            return;
        }
        if (!isOpen)
        {
            // A qualifier of a blank cell: the attribute is there, and has no value.
            var at = column;
            while (at >= 0 && columns[at].Kind is not (PageTabNameKind.Attribute or PageTabNameKind.Reference)) at--;
            if (at < 0) return;
            attributes.Begin(columns[at].Name, null, columns[at].Kind == PageTabNameKind.Reference);
            isOpen = true;
        }
        attributes.Qualify(kind, name, value);
    }

    private (PageTabNameKind Kind, string Name) ReadColumn(PageTabRow header, int cell)
    {
        var text = header.Cells[cell].Name;
        var (kind, name) = string.IsNullOrWhiteSpace(text) ? default : PageTabTsvNames.Read(text);
        if (string.IsNullOrWhiteSpace(name))
            reader.Error("header-blank", header, $"The header of column {cell + 1} is blank. Name the column, or remove it.");
        else if (kind is PageTabNameKind.NameQualifier or PageTabNameKind.ValueQualifier && !columns.Exists(c => c.Kind is PageTabNameKind.Attribute or PageTabNameKind.Reference))
            reader.Error("qualifier-without-attribute", header, $"The column '{PageTabTsvReader.Short(text!)}' qualifies the attribute column before it, and there is none.");
        else if (kind == PageTabNameKind.Property && name is not (PageTabTsvNames.Size or PageTabTsvNames.Type))
            reader.Error("property-invalid", header, $"The column '{PageTabTsvReader.Short(text!)}' means nothing in a table.");
        return (kind, name ?? "");
    }

    private void SetProperty(string name, string value)
    {
        if (name == PageTabTsvNames.Size) size = value;
        else if (name == PageTabTsvNames.Type) type = value;
    }

    private void RefuseProperties(PageTabRow row)
    {
        if (size is not null || type is not null)
            reader.Error("property-invalid", row, "Only files have a size and a type of their own: give the column another name.");
    }
}
