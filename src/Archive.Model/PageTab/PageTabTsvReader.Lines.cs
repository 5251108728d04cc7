using System.Globalization;

namespace Archive.Model.PageTab;

/// <content>The rows of a block that is no table: attributes, and properties in braces.</content>
internal sealed partial class PageTabTsvReader
{
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
}
