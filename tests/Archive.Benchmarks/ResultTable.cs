using System.Globalization;

namespace Archive.Benchmarks;

/// <summary>The results, a line each.</summary>
internal sealed class ResultTable
{
    private readonly List<string[]> rows = [["measured", "archive", "compared with", "", "ratio"]];

    /// <summary>The middle one; of an even number the mean of both in the middle.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Adds a measurement without a counterpart.</summary>
    public void Add(string what, double value, string unit) => rows.Add([what, Text(value, unit), "", "", ""]);

    /// <summary>Adds a measurement and what it is held against; the ratio is ours over theirs.</summary>
    public void Add(string what, double ours, string unit, string theirName, double theirs) =>
        rows.Add([what, Text(ours, unit), theirName, Text(theirs, unit), (ours / theirs).ToString("0.00", CultureInfo.InvariantCulture)]);

    /// <summary>Adds a measurement and each of those that it is held against, as far as they were measured.</summary>
    public void AddBeside(string what, double ours, string unit, params ReadOnlySpan<(string Name, double? Value)> others)
    {
        var isAlone = true;
        foreach (var (name, value) in others)
        {
            if (value is not { } theirs) continue;
            Add(what, ours, unit, name, theirs);
            isAlone = false;
        }
        if (isAlone) Add(what, ours, unit);
    }

    /// <summary>Adds a line that says why something was not measured.</summary>
    public void AddAbsent(string what, string why) => rows.Add([what, "not measured", why, "", ""]);

    /// <summary>Writes the table.</summary>
    public void Print(TextWriter to)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        to.WriteLine();
        foreach (var row in rows)
            to.WriteLine(string.Join("  ", row.Select((cell, column) => column is 1 or 3 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {unit}");
}
