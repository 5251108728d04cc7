using System.Globalization;
using System.IO.Pipelines;

namespace Archive.Model.PageTab;

/// <summary>
/// Writes the tree as blocks, a section before those below it. A table that cannot be written as one becomes blocks that say so; a section
/// below one that no accession names says how deep it stands.
/// </summary>
internal sealed class PageTabTsvWriting
{
    private readonly PageTabTsvTarget target;
    private readonly CancellationToken ct;
    private readonly Dictionary<string, PageTabSection> lastNamed = new(StringComparer.Ordinal);
    private PageTabSection? root;

    private PageTabTsvWriting(PageTabTsvTarget target, CancellationToken ct) => (this.target, this.ct) = (target, ct);

    /// <summary>See <see cref="PageTabTsv.WriteAsync"/>.</summary>
    public static async Task WriteAsync(PageTabDocument document, Stream stream, CancellationToken ct)
    {
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var writing = new PageTabTsvWriting(new(pipe), ct);
        await writing.WriteAsync(document);
        await pipe.FlushAsync(ct);
        await pipe.CompleteAsync();
    }

    private async Task WriteAsync(PageTabDocument document)
    {
        target.Cell(PageTabTsvNames.Submission);
        target.NextCell(document.Accession);
        target.EndLine();
        WriteAttributes(document.Attributes);
        if (document.Section is null) return;
        root = document.Section;
        await WriteSectionAsync(root, null, 0, null);
    }

    private async Task WriteSectionAsync(PageTabSection section, PageTabSection? parent, int level, string? row)
    {
        var isNamed = parent is null || ReferenceEquals(parent, root) || IsNamed(parent);
        target.EndLine();
        target.Cell(PageTabTsvNames.WriteType(section.Type));
        target.NextCell(section.Accession);
        target.NextCell(parent is null || ReferenceEquals(parent, root) || !isNamed ? null : parent.Accession);
        target.EndLine();
        if (!isNamed) target.Line(PageTabNameKind.Property, PageTabTsvNames.Level, level.ToString(CultureInfo.InvariantCulture));
        WriteRowProperty(row);
        WriteAttributes(section.Attributes);
        if (section.Accession is not null) lastNamed[section.Accession] = section;
        foreach (var entry in section.Files) await WriteFilesAsync(entry);
        foreach (var entry in section.Links) await WriteLinksAsync(entry);
        foreach (var entry in section.Subsections) await WriteSubsectionsAsync(entry, section, level + 1);
    }

    private async Task WriteFilesAsync(PageTabEntry<PageTabFile> entry)
    {
        if (entry.IsTable && PageTabTsvColumns.Of(entry.Items, f => f.Attributes) is { } columns)
        {
            var (hasSize, hasType) = (entry.Items.Any(f => f.LengthBytes is not null), entry.Items.Any(f => f.Type != "file"));
            BeginTable("Files");
            if (hasSize) target.NextCell(PageTabTsvNames.Write(PageTabNameKind.Property, PageTabTsvNames.Size));
            if (hasType) target.NextCell(PageTabTsvNames.Write(PageTabNameKind.Property, PageTabTsvNames.Type));
            await WriteRowsAsync(columns, entry.Items, f => f.Attributes, file =>
            {
                target.Cell(file.Path);
                if (hasSize) target.NextCell(SizeOf(file));
                if (hasType) target.NextCell(file.Type == "file" ? null : file.Type);
            });
            return;
        }
        for (var i = 0; i < entry.Items.Count; i++)
        {
            var file = entry.Items[i];
            BeginBlock("File", file.Path);
            WriteRowProperty(RowOf(entry.IsTable, i));
            if (SizeOf(file) is { } size) target.Line(PageTabNameKind.Property, PageTabTsvNames.Size, size);
            if (file.Type != "file") target.Line(PageTabNameKind.Property, PageTabTsvNames.Type, file.Type);
            WriteAttributes(file.Attributes);
            await target.FlushAsync(ct);
        }
    }

    private async Task WriteLinksAsync(PageTabEntry<PageTabLink> entry)
    {
        if (entry.IsTable && PageTabTsvColumns.Of(entry.Items, l => l.Attributes) is { } columns)
        {
            BeginTable("Links");
            await WriteRowsAsync(columns, entry.Items, l => l.Attributes, link => target.Cell(link.Url));
            return;
        }
        for (var i = 0; i < entry.Items.Count; i++)
        {
            BeginBlock("Link", entry.Items[i].Url);
            WriteRowProperty(RowOf(entry.IsTable, i));
            WriteAttributes(entry.Items[i].Attributes);
            await target.FlushAsync(ct);
        }
    }

    private async Task WriteSubsectionsAsync(PageTabEntry<PageTabSection> entry, PageTabSection parent, int level)
    {
        if (entry.IsTable && Header(entry.Items, parent) is { } header && PageTabTsvColumns.Of(entry.Items, s => s.Attributes) is { } columns)
        {
            BeginTable(header);
            await WriteRowsAsync(columns, entry.Items, s => s.Attributes, section =>
            {
                target.Cell(section.Accession);
                if (section.Accession is not null) lastNamed[section.Accession] = section;
            });
            return;
        }
        for (var i = 0; i < entry.Items.Count; i++)
        {
            await WriteSectionAsync(entry.Items[i], parent, level, RowOf(entry.IsTable, i));
            await target.FlushAsync(ct);
        }
    }

    // Null where the rows cannot be a table: they differ in type, have more than attributes, or one would be a blank line.
    private string? Header(IReadOnlyList<PageTabSection> rows, PageTabSection parent)
    {
        var type = rows[0].Type;
        foreach (var row in rows)
            if (row.Type != type || row.Files.Count > 0 || row.Links.Count > 0 || row.Subsections.Count > 0 || (row.Accession is null && row.Attributes.Count == 0))
                return null;
        var parentName = ReferenceEquals(parent, root) ? "" : IsNamed(parent) ? parent.Accession! : null;
        if (parentName is null || (parentName.Length == 0 && !ReferenceEquals(parent, root))) return null;
        var header = $"{type}[{parentName}]";
        // Blanks beside the brackets would be taken for careless ones.
        return type.Trim() == type && parentName.Trim() == parentName && PageTabTsvNames.ReadType(header) == header && PageTabTsvNames.ReadTable(header) == (type, parentName)
            ? header
            : null;
    }

    private bool IsNamed(PageTabSection section) => section.Accession is { } name && ReferenceEquals(lastNamed.GetValueOrDefault(name), section);

    private async Task WriteRowsAsync<T>(PageTabTsvColumns columns, IReadOnlyList<T> rows, Func<T, IReadOnlyList<PageTabAttribute>> attributesOf, Action<T> begin)
    {
        columns.WriteHeader(target);
        target.EndLine();
        foreach (var row in rows)
        {
            begin(row);
            columns.WriteRow(target, attributesOf(row));
            target.EndLine();
            await target.FlushAsync(ct);
        }
    }

    private void BeginTable(string first)
    {
        target.EndLine();
        target.Cell(first);
    }

    private void BeginBlock(string word, string name)
    {
        target.EndLine();
        target.Cell(word);
        target.NextCell(name);
        target.EndLine();
    }

    private static string? RowOf(bool isTable, int index) => !isTable ? null : index == 0 ? PageTabTsvNames.FirstRow : PageTabTsvNames.NextRow;

    private static string? SizeOf(PageTabFile file) => file.LengthBytes?.ToString(CultureInfo.InvariantCulture);

    private void WriteRowProperty(string? row)
    {
        if (row is not null) target.Line(PageTabNameKind.Property, PageTabTsvNames.Table, row);
    }

    private void WriteAttributes(IReadOnlyList<PageTabAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            target.Line(attribute.Reference ? PageTabNameKind.Reference : PageTabNameKind.Attribute, attribute.Name, attribute.Value);
            foreach (var qualifier in attribute.NameQualifiers) target.Line(PageTabNameKind.NameQualifier, qualifier.Name, qualifier.Value);
            foreach (var qualifier in attribute.ValueQualifiers) target.Line(PageTabNameKind.ValueQualifier, qualifier.Name, qualifier.Value);
        }
    }
}
