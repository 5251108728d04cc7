namespace Archive.Indexer.Searching;

/// <summary>
/// How many letters of a word must be added, left out, replaced or swapped with their neighbour to make another of it (Damerau 1964,
/// in the form of optimal string alignment: no letter is touched twice).
/// </summary>
internal static class EditDistance
{
    // Longer words are like none but themselves.
    private const int MaxLength = 160;

    /// <summary>The number of edits; -1 when there are more than allowed.</summary>
    /// <param name="max">0 to 2.</param>
    public static int Within(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int max)
    {
        if (Math.Abs(a.Length - b.Length) > max) return -1;
        if (a.SequenceEqual(b)) return 0;
        if (max == 0 || a.Length > MaxLength || b.Length > MaxLength) return -1;
        Span<int> rows = stackalloc int[3 * (MaxLength + 1)];
        var before = rows[..(b.Length + 1)];
        var last = rows.Slice(MaxLength + 1, b.Length + 1);
        var row = rows.Slice(2 * (MaxLength + 1), b.Length + 1);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var edits = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) edits = Math.Min(edits, before[j - 2] + 1);
                row[j] = edits;
                least = Math.Min(least, edits);
            }
            // A swap reaches back two rows, so one row alone above the limit does not decide.
            if (least > max + 1) return -1;
            var spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.Length] <= max ? last[b.Length] : -1;
    }
}
