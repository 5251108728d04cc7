using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Model.Errors;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>
/// A range as it is looked for: a bound is a number or a date, and a value of another kind lies in no range. Without any bound it is
/// every number and date.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileBounds(string Name, double? MinNumber, double? MaxNumber, long? FromTicks, long? ToTicks)
{
    private bool IsOfDates => FromTicks is not null || ToTicks is not null;

    /// <summary>Reads the bounds of a range.</summary>
    /// <exception cref="ArchiveException">One is neither number nor date, they are of two kinds, or what they bound has none.</exception>
    public static FileBounds Read(FileRange range)
    {
        if (range.Name is FileConstraints.Path or FileConstraints.Dataset)
            throw SortRequest.Refuse($"min.{range.Name}, max.{range.Name}", "is of an attribute or @size.");
        var bounds = new FileBounds(range.Name, null, null, null, null);
        if (range.Min?.Trim() is { } min)
        {
            if (TryNumber(min, out var number)) bounds = bounds with { MinNumber = number };
            else if (DateText.TryRead(min, out var from, out _)) bounds = bounds with { FromTicks = from };
            else throw Refuse("min", range.Name);
        }
        if (range.Max?.Trim() is { } max)
        {
            if (TryNumber(max, out var number)) bounds = bounds with { MaxNumber = number };
            else if (DateText.TryRead(max, out _, out var to)) bounds = bounds with { ToTicks = to };
            else throw Refuse("max", range.Name);
        }
        if (bounds.IsOfDates && (bounds.MinNumber is not null || bounds.MaxNumber is not null || range.Name == FileConstraints.Size))
            throw SortRequest.Refuse($"min.{range.Name}, max.{range.Name}", "are both numbers or both dates.");
        return bounds;
    }

    /// <summary>The value ordinals of a column that lie within.</summary>
    public List<(int From, int To)> Of(in Column column)
    {
        var wanted = new List<(int From, int To)>();
        if (!IsOfDates) wanted.Add(OrdinalSet.Numbers(column, MinNumber, MaxNumber));
        if (MinNumber is null && MaxNumber is null) AddDates(column, wanted);
        return wanted;
    }

    // By bytes values are in order of their days, but not of the times within one, which may be written with seconds or without. So
    // days between those of the bounds are taken as they are, and values of the bounds' own days are read. Beside other words a date
    // must first be known for one.
    private void AddDates(in Column column, List<(int From, int To)> wanted)
    {
        if (column.IsNumeric) return;
        var values = column.Values;
        var first = FromTicks is { } from ? LowerBound(values, Day(from)) : OrdinalSet.Numbers(column, null, null).To;
        var last = ToTicks is { } to ? LowerBound(values, Day(to - 1) + "~") : values.Count;
        var sure = column.IsDates
            ? (From: FromTicks is { } f ? LowerBound(values, Day(f) + "~") : first, To: ToTicks is { } t ? LowerBound(values, Day(t - 1)) : last)
            : (From: last, To: last);
        if (sure.From < sure.To) wanted.Add((sure.From + 1, sure.To));
        else sure = (last, last);
        var walk = values.Walk(first);
        while (walk.MoveNext() && walk.Index < last)
        {
            if (walk.Index == sure.From && sure.From < sure.To)
            {
                walk = values.Walk(sure.To);
                continue;
            }
            if (DateText.TryRead(walk.Current, out var start, out _) && start >= (FromTicks ?? 0) && start < (ToTicks ?? long.MaxValue))
                wanted.Add((walk.Index + 1, walk.Index + 1));
        }
    }

    private static string Day(long ticks) => new DateTime(ticks).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static int LowerBound(in FrontCodedList values, string key) => values.LowerBound<ValueOrder>(Encoding.ASCII.GetBytes(key));

    private static bool TryNumber(string text, out double number) => ValueOrder.TryNumber(Encoding.UTF8.GetBytes(text), out number);

    private static ArchiveException Refuse(string which, string name) =>
        SortRequest.Refuse($"{which}.{name}", "is a number, or a day YYYY-MM-DD with or without THH:MM[:SS] (UTC).");
}
