using System.Globalization;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Model.Errors;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Bounds on a facet of datasets, both inclusive and read.</summary>
internal sealed class FacetRange
{
    private readonly double? min;
    private readonly double? max;
    private readonly DateOnly? from;
    private readonly DateOnly? to;

    /// <exception cref="ArchiveException">There is no such facet, it has no order, or a bound is not of its type.</exception>
    public FacetRange(FacetCatalogue facets, FacetBounds bounds)
    {
        Facet = facets.Find(bounds.Name) is { Type: not FacetType.Text } facet
            ? facet
            : throw SortRequest.Refuse($"min.{bounds.Name}, max.{bounds.Name}", "is of a facet of numbers or days: " + string.Join(", ", facets.All.Where(f => f.Type != FacetType.Text).Select(f => f.Name)) + ".");
        if (Facet.Type == FacetType.Number) (min, max) = (Number("min.", bounds.Min), Number("max.", bounds.Max));
        else (from, to) = (Day("min.", bounds.Min, isLast: false), Day("max.", bounds.Max, isLast: true));
    }

    public FacetDefinition Facet { get; }

    /// <summary>The rows of a table of datasets that have a value within the bounds.</summary>
    public ulong[] Rows(in Table table)
    {
        var rows = new ulong[Bits.Words(table.Rows)];
        if (Facet.Number is { } number)
        {
            Bits.Fill(rows, table.Rows);
            var column = table.Number(number);
            if (Facet.Type == FacetType.Number) column.And(Whole(Math.Ceiling(min ?? 0)), Whole(Math.Floor(max ?? long.MaxValue)), rows);
            // 0 stands for no day at all.
            else column.And(Math.Max(1, from?.DayNumber ?? 1), to?.DayNumber ?? long.MaxValue, rows);
        }
        else if (table.FindColumn(FrontCodedListWriter.Encode(Facet.Name)) is >= 0 and var index)
        {
            var column = table.Column(index);
            Bits.Fill(rows, table.Rows);
            var values = Facet.Type == FacetType.Number ? OrdinalSet.Numbers(column, min, max) : Days(column.Values);
            ColumnScan.And(column, OrdinalSet.Of(column, [values]), rows);
        }
        return rows;
    }

    // Days are words to the order of values, and as words they are in order of time.
    private (int From, int To) Days(in FrontCodedList values)
    {
        var low = from is { } first ? values.LowerBound<ValueOrder>(FrontCodedListWriter.Encode(FacetText.Text(first))) : 0;
        var high = to is { } last && last < DateOnly.MaxValue ? values.LowerBound<ValueOrder>(FrontCodedListWriter.Encode(FacetText.Text(last.AddDays(1)))) : values.Count;
        return (low + 1, high);
    }

    private double? Number(string bound, string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw SortRequest.Refuse(bound + Facet.Name, "is a number.");

    private DateOnly? Day(string bound, string? text, bool isLast)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (!FacetText.TryDay(text, out var day)) throw SortRequest.Refuse(bound + Facet.Name, "is a day such as 2024-12-31, a month or a year.");
        if (!isLast) return day;
        return text.Trim().Length switch
        {
            4 => new DateOnly(day.Year, 12, 31),
            7 => new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)),
            _ => day,
        };
    }

    private static long Whole(double value) => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
}
