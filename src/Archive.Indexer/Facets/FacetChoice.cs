using System.Globalization;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Values of a facet of datasets that were chosen: any of them.</summary>
internal static class FacetChoice
{
    /// <summary>The rows of a table of datasets that have at least one of the values, spelled as they are listed.</summary>
    public static ulong[] Rows(FacetDefinition facet, IReadOnlyList<string> values, in Table table)
    {
        var rows = new ulong[Bits.Words(table.Rows)];
        if (facet.Number is { } number) MarkNumbers(facet, values, table, number, rows);
        else if (table.FindColumn(FrontCodedListWriter.Encode(facet.Name)) is >= 0 and var index)
        {
            var column = table.Column(index);
            var wanted = new List<(int From, int To)>();
            foreach (var value in values)
                if (column.Values.Find<ValueOrder>(FrontCodedListWriter.Encode(value)) is >= 0 and var at)
                    wanted.Add((at + 1, at + 1));
            Bits.Fill(rows, table.Rows);
            ColumnScan.And(column, OrdinalSet.Of(column, wanted), rows);
        }
        return rows;
    }

    private static void MarkNumbers(FacetDefinition facet, IReadOnlyList<string> values, in Table table, int number, ulong[] rows)
    {
        var one = new ulong[rows.Length];
        foreach (var value in values)
        {
            if (Parse(facet.Type, value) is not { } wanted) continue;
            Bits.Fill(one, table.Rows);
            table.Number(number).And(wanted, wanted, one);
            Bits.Or(rows, one);
        }
    }

    private static long? Parse(FacetType type, string value) =>
        type == FacetType.Date ? FacetText.TryDay(value, out var day) ? day.DayNumber : null
        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : null;
}
