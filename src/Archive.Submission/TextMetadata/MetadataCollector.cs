using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.TextMetadata;

/// <summary>Takes what a parser finds, up to the bounds, and says what it left out. Not thread-safe.</summary>
public sealed class MetadataCollector(TextMetadataLimits limits)
{
    private readonly List<FoundValue> values = [];
    private readonly FindingList notes = new();
    private long valuesLeftOut;
    private int cells;

    /// <summary>The bounds that hold.</summary>
    public TextMetadataLimits Limits { get; } = limits;

    /// <summary>Adds a text; a blank one says nothing and is passed over.</summary>
    /// <param name="unit">Its unit, where the format fixes one.</param>
    public void Add(ProposalKind kind, MetadataPlace place, SourceLine source, string? value, string? unit = null)
    {
        var text = CleanText.Of(value);
        if (text.Length == 0) return;
        if (text.Length > Limits.MaxValueChars)
            Note("metadata-value-too-long", source, $"The value is longer than {Limits.MaxValueChars} characters and is left out.");
        else if (values.Count >= Limits.MaxValues)
            valuesLeftOut++;
        else
            values.Add(new FoundValue(kind, place, source, text, unit, null));
    }

    /// <summary>Adds a table; one without rows says nothing and is passed over.</summary>
    public void Add(MetadataPlace place, SourceLine source, FoundTable table)
    {
        if (table.Rows.Count == 0) return;
        if (values.Count >= Limits.MaxValues)
        {
            valuesLeftOut++;
            return;
        }
        if (table.Columns.Count > Limits.MaxColumns)
        {
            Note("metadata-table-too-wide", source, $"The table has more than {Limits.MaxColumns} columns and is left out.");
            return;
        }
        var kept = Math.Min(Math.Min(table.Rows.Count, Limits.MaxRows), (Limits.MaxCells - cells) / Math.Max(1, table.Columns.Count));
        if (kept < table.Rows.Count)
            Note("metadata-table-too-long", source, $"The table has {table.Rows.Count} rows; the first {kept} are proposed. A file list has no such bound.");
        if (kept == 0) return;
        cells += kept * table.Columns.Count;
        values.Add(new FoundValue(ProposalKind.Table, place, source, null, null, kept == table.Rows.Count ? table : table with { Rows = [.. table.Rows.Take(kept)] }));
    }

    /// <summary>Says that something at a line could not be used.</summary>
    public void Note(string code, SourceLine source, string message) => notes.Warn(code, source.ToString(), message);

    /// <summary>Says something about a whole file.</summary>
    public void Note(string code, ArchivePath file, string message) => notes.Warn(code, file.Value, message);

    /// <summary>Everything so far.</summary>
    public MetadataReading ToReading()
    {
        if (valuesLeftOut > 0 && values.Count > 0)
            notes.Warn("metadata-values-too-many", values[0].Source.File.Value, $"{valuesLeftOut} values above {Limits.MaxValues} are left out.");
        return new(values, notes.ToReport());
    }
}
