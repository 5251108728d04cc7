using System.Globalization;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>
/// Counts the values of a list's columns by kind (<see cref="AttributeKinds"/>), to tell a depositor of a column that is nearly all
/// numbers or dates, and of dates in a form that has no order. Kinds are not stored: search reads them off the values by the same rule.
/// </summary>
public sealed class ColumnTally
{
    // A column whose values are mostly text is text: nothing more is to be learnt from its cells.
    private const int SettledBy = 1000;

    // More than any header has. In JSON each element may have names of its own, and millions of elements are not to fill the memory.
    private const int MaxNameChars = 1 << 20;

    private readonly Dictionary<string, Column> columns = new(StringComparer.Ordinal);
    private readonly Column beyond = new("");
    private int nameChars;

    /// <summary>The column of a name; the same each time. Names beyond a megabyte of them share one that is not reported.</summary>
    internal Column ColumnOf(string name)
    {
        if (columns.TryGetValue(name, out var column)) return column;
        if (nameChars + name.Length > MaxNameChars) return beyond;
        nameChars += name.Length;
        return columns[name] = new Column(name);
    }

    /// <summary>Adds what was learnt as warnings.</summary>
    internal void Report(FileListForm form, FindingList findings)
    {
        foreach (var column in columns.Values) column.Report(form, findings);
    }

    /// <summary>What is known of a column.</summary>
    internal sealed class Column(string name)
    {
        private readonly long[] counts = new long[3];
        private (string Value, long Row)? firstText;
        private (string Value, long Row, string? Fix)? firstForm;

        /// <summary>Whether more values would change nothing.</summary>
        public bool IsSettled => counts[0] >= SettledBy && counts[0] > counts[1] + counts[2];

        /// <summary>Counts a value.</summary>
        public void Add(ReadOnlySpan<char> value, long row)
        {
            var kind = AttributeKinds.Of(value);
            counts[(int)kind]++;
            if (kind != AttributeKind.Text) return;
            firstText ??= (Short(value), row);
            if (firstForm is null && IsDateOfAnotherForm(value, out var fix)) firstForm = (value.ToString(), row, fix);
        }

        /// <summary>Adds what was learnt.</summary>
        public void Report(FileListForm form, FindingList findings)
        {
            if (firstForm is { } date)
                findings.Warn("date-form", form.Place(date.Row), $"'{date.Value}' in column '{Short(name)}' is a date whose form has no order: write YYYY-MM-DD.", date.Fix);
            else if (firstText is { } text && counts[(int)AttributeKind.Number] >= 9 * counts[0])
                findings.Warn("column-mixed", form.Place(text.Row), $"Column '{Short(name)}' has {counts[1]} numbers and {counts[0]} texts, '{text.Value}' first: a text lies in no range. Leave the cell blank where there is no value.");
            else if (firstText is { } other && counts[(int)AttributeKind.Date] >= 9 * counts[0])
                findings.Warn("column-mixed", form.Place(other.Row), $"Column '{Short(name)}' has {counts[2]} dates and {counts[0]} other texts, '{other.Value}' first. Leave the cell blank where there is no value.");
        }

        private static string Short(ReadOnlySpan<char> text) => text.Length <= 100 ? text.ToString() : string.Concat(text[..100], "…");

        // 24.12.2025, 24/12/2025, 12/24/2025, 2025/12/24: the fix is given where day and month cannot be taken for one another.
        private static bool IsDateOfAnotherForm(ReadOnlySpan<char> value, out string? fix)
        {
            fix = null;
            if (value.Length is < 8 or > 10 || !char.IsAsciiDigit(value[0]) || !char.IsAsciiDigit(value[^1])) return false;
            foreach (var separator in "./")
            {
                var first = value.IndexOf(separator);
                var last = value.LastIndexOf(separator);
                if (first < 0 || last == first || !TryPart(value[..first], out var a) || !TryPart(value[(first + 1)..last], out var b) || !TryPart(value[(last + 1)..], out var c)) continue;
                if (first == 4) return TryDay(a, b, c, out fix);
                if (value.Length - last != 5) return false;
                var (isDayFirst, isMonthFirst) = (TryDay(c, b, a, out var dayFirst), TryDay(c, a, b, out var monthFirst));
                // With dots the day is first everywhere.
                fix = separator == '.' || !isMonthFirst ? dayFirst : !isDayFirst || a == b ? monthFirst : null;
                return separator == '.' ? isDayFirst : isDayFirst || isMonthFirst;
            }
            return false;
        }

        private static bool TryPart(ReadOnlySpan<char> text, out int part) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out part);

        private static bool TryDay(int year, int month, int day, out string? iso)
        {
            iso = null;
            if (year is < 1900 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
            iso = new DateOnly(year, month, day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return true;
        }
    }
}
