using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Reads <c>*Acq.txt</c>: sections that end with a colon, in any order, each a table of comma-separated cells padded with blanks, one
/// line of numbers, or labels with values. Columns are known by their heads.
/// </summary>
internal sealed class YeastAcquisitionParser : ITextMetadataParser
{
    /// <inheritdoc/>
    public string Name => "yeast-acquisition";

    /// <inheritdoc/>
    public long MaxBytes => YeastFiles.MaxBytes;

    /// <inheritdoc/>
    public bool ReadsTogether => false;

    /// <inheritdoc/>
    public bool Knows(ArchivePath path) => YeastFiles.EndsIn(path, "acq");

    /// <inheritdoc/>
    public async Task ReadAsync(IReadOnlyList<TextFile> files, MetadataCollector into, CancellationToken ct)
    {
        foreach (var file in files)
        {
            await using var content = await file.Open(ct);
            var lines = new TextLines(content, MaxBytes, into.Limits.MaxLineBytes);
            var reading = new YeastAcquisition(file.Path, into);
            while (await lines.NextAsync(ct) is { } line) reading.Take(line, lines.Number);
            reading.End();
            YeastFiles.NoteBounds(lines, file.Path, into);
            if (lines.IsCut) into.Note("metadata-file-too-long", file.Path, $"Only the first {MaxBytes} bytes were read.");
        }
    }
}

/// <summary>One file on its way through the parser.</summary>
internal sealed class YeastAcquisition(ArchivePath file, MetadataCollector into)
{
    private static readonly string[] Sections = ["Channels", "Z_sectioning", "Time_settings", "Points", "Flow_control"];

    // The heads of Points that are not the exposure times of channels.
    private static readonly string[] PositionColumns = ["Position name", "X position", "Y position", "Z position", "PFS offset", "Group"];

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly string title = YeastFiles.TitleOf(file, "acq");
    private string? section;
    private string? label;
    private CommaTable? table;
    private int rowsOfSection;

    /// <summary>Takes the next line.</summary>
    public void Take(string line, long number)
    {
        if (line.Length == 0) return;
        var at = new SourceLine(file, number);
        if (line[^1] == ':' && !line.Contains(',', StringComparison.Ordinal) && (section != "Flow_control" || Known(line) is not null))
        {
            Begin(line, at);
            return;
        }
        switch (section)
        {
            case null:
                return;
            case "Time_settings":
                TakeTimes(line, at);
                break;
            case "Flow_control":
                TakeFlow(line, at);
                break;
            default:
                TakeRow(line, at);
                break;
        }
    }

    /// <summary>Ends the file.</summary>
    public void End()
    {
        EndTable();
        foreach (var missing in Sections.Where(s => !seen.Contains(s)))
            into.Note("metadata-section-missing", file, $"The file has no section '{missing}:'.");
    }

    private static string? Known(string line) => Sections.FirstOrDefault(s => line.AsSpan()[..^1].TrimEnd().Equals(s, StringComparison.OrdinalIgnoreCase));

    private void Begin(string line, SourceLine at)
    {
        EndTable();
        section = Known(line);
        label = null;
        rowsOfSection = 0;
        if (section is null) into.Note("metadata-section-unknown", at, $"The section '{line}' is not known and is passed over.");
        else if (!seen.Add(section)) into.Note("metadata-section-twice", at, $"The section '{section}:' stands a second time.");
    }

    private void TakeRow(string line, SourceLine at)
    {
        if (table is null) BeginTable(line, at, section switch { "Channels" => "Channel name", "Points" => "Position name", _ => "Sections" }, isLastOpen: false);
        else table.Take(line, at, into);
    }

    private void TakeTimes(string line, SourceLine at)
    {
        if (rowsOfSection++ > 0)
        {
            into.Note("metadata-row-extra", at, "The section Time_settings has one line; this one is passed over.");
            return;
        }
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != 4) into.Note("metadata-row-width", at, $"The line has {cells.Length} values and not 4: whether it is a time lapse, interval, time points, total time.");
        (string Name, string? Unit)[] columns = [("Time lapse", null), ("Time interval", "s"), ("Time points", null), ("Total time", "s")];
        foreach (var ((name, unit), cell) in columns.Zip(cells)) KeyValue(name, cell, at, unit);
    }

    private void TakeFlow(string line, SourceLine at)
    {
        if (LabelEnd(line) is >= 0 and var end)
        {
            EndTable();
            label = line[..end].Trim();
            var rest = line[(end + 1)..].Trim();
            if (rest.Length > 0) TakeLabelled(rest, at);
        }
        else if (label == "Pump states at beginning of experiment")
        {
            if (table is null) BeginTable(line, at, "Pump port", isLastOpen: true);
            else table.Take(line, at, into);
        }
        else
        {
            TakeLabelled(line, at);
        }
    }

    private void TakeLabelled(string value, SourceLine at)
    {
        if (label == "Syringe pump details") KeyValue("Syringe pumps", value.Split(' ')[0], at);
        else if (label is null) into.Note("metadata-line-unknown", at, "The line stands under no label and is passed over.");
        else KeyValue(label.StartsWith("Flow", StringComparison.Ordinal) || label.StartsWith("Number", StringComparison.Ordinal) ? label : "Pump switching: " + label, value, at);
    }

    // A label is words up to a colon; cells before a comma and bare numbers (a time of day) are none.
    private static int LabelEnd(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return -1;
        var left = line.AsSpan(0, colon);
        if (left.Contains(',')) return -1;
        foreach (var c in left)
            if (char.IsLetter(c))
                return colon;
        return -1;
    }

    private void BeginTable(string line, SourceLine at, string firstHead, bool isLastOpen)
    {
        var heads = line.Split(',', StringSplitOptions.TrimEntries);
        if (!heads[0].Equals(firstHead, StringComparison.OrdinalIgnoreCase))
        {
            into.Note("metadata-header-missing", at, $"The table should begin with the heads of its columns, '{firstHead}' first; it is passed over.");
            // Whatever follows has no heads either.
            section = section == "Flow_control" ? section : null;
            label = null;
            return;
        }
        if (section == "Points") heads = [.. heads.Select(h => PositionColumns.Contains(h, StringComparer.OrdinalIgnoreCase) ? h : "Exposure time " + h)];
        table = new CommaTable(heads, at, isLastOpen);
    }

    private void EndTable()
    {
        if (table is not { } ended) return;
        table = null;
        if (section == "Z_sectioning") AddSections(ended);
        else into.Add(
            new MetadataPlace(YeastFiles.AcquisitionSection, title, section switch { "Channels" => "Channel", "Points" => "Position", _ => "Pump" }),
            ended.Source, new FoundTable(false, ended.Heads, ended.Rows));
    }

    private void AddSections(CommaTable sections)
    {
        for (var i = 0; i < sections.Rows.Count; i++)
        {
            var row = sections.Rows[i];
            if (i > 0) into.Note("metadata-row-extra", row.Source, "The section Z_sectioning has one row; this one is passed over.");
            else foreach (var (head, cell) in sections.Heads.Zip(row.Cells))
                KeyValue(head switch { "Sections" => "Z sections", "Spacing" => "Z spacing", _ => "Z sectioning: " + head }, cell, row.Source);
        }
    }

    private void KeyValue(string name, string? value, SourceLine at, string? unit = null) =>
        into.Add(ProposalKind.KeyValue, new MetadataPlace(YeastFiles.AcquisitionSection, title, name), at, value, unit);
}

/// <summary>A table of comma-separated cells padded with blanks.</summary>
/// <param name="heads">The heads of its columns; a blank one is named by its number.</param>
/// <param name="source">The line of the heads.</param>
/// <param name="isLastOpen">Whether the last column is free text, which may have commas.</param>
internal sealed class CommaTable(string[] heads, SourceLine source, bool isLastOpen)
{
    private readonly List<FoundRow> rows = [];

    public IReadOnlyList<string> Heads { get; } = [.. heads.Select((h, i) => h.Length == 0 ? $"Column {i + 1}" : h)];

    public SourceLine Source { get; } = source;

    public IReadOnlyList<FoundRow> Rows => rows;

    /// <summary>Takes a row; cells that are missing are null, those behind the last column are noted and left out.</summary>
    public void Take(string line, SourceLine at, MetadataCollector into)
    {
        // A bound that lies above what is proposed, so that the collector can say how many rows there are.
        if (rows.Count > into.Limits.MaxRows) return;
        var cells = isLastOpen ? line.Split(',', Heads.Count, StringSplitOptions.TrimEntries) : line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != Heads.Count)
            into.Note("metadata-row-width", at, $"The row has {cells.Length} cells under {Heads.Count} heads.");
        if (cells[0].Length == 0) into.Note("metadata-row-unnamed", at, "The first cell of the row is blank; the row is left out.");
        else rows.Add(new FoundRow(at, [.. Enumerable.Range(0, Heads.Count).Select(i => i < cells.Length && cells[i].Length > 0 ? cells[i] : null)]));
    }
}
