using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>
/// Completes what is being typed: its last word by words of the index, all of it by values of facets and by titles. Only what
/// datasets have that are not cut out.
/// </summary>
internal sealed class CompletionSearch(IndexSnapshot snapshot)
{
    /// <summary>The most completions of an answer.</summary>
    public const int MaxSize = 50;

    private const int MaxLength = 200;
    private const int MaxTitles = 3;
    private const int MaxValues = 3;

    // Facets whose values people type.
    private static readonly string[] Facets = ["organism", "method"];

    /// <summary>Completions of a text; none of a blank one.</summary>
    /// <param name="text">What is typed so far.</param>
    /// <param name="size">0 to <see cref="MaxSize"/>.</param>
    public CompletionPage Complete(string text, int size, CancellationToken ct)
    {
        if (size is < 0 or > MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {MaxSize}.");
        var items = new List<Completion>();
        var typed = Folding.Fold(text.TrimStart());
        if (typed.Length is > 0 and <= MaxLength)
        {
            foreach (var facet in Facets) items.AddRange(Values(facet, typed).Take(MaxValues));
            ct.ThrowIfCancellationRequested();
            items.AddRange(Words(text, Math.Max(0, size - items.Count)));
            ct.ThrowIfCancellationRequested();
            var titles = Titles(typed).Take(MaxTitles).ToList();
            if (items.Count > size - titles.Count) items.RemoveRange(Math.Max(0, size - titles.Count), items.Count - Math.Max(0, size - titles.Count));
            items.AddRange(titles);
        }
        return new CompletionPage([.. items.Take(size)], snapshot.Stamp);
    }

    private IEnumerable<Completion> Values(string facet, string typed)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var segment in snapshot.Segments)
        {
            var table = segment.Generation.Datasets;
            if (table.FindColumn(FrontCodedListWriter.Encode(facet)) is not (>= 0 and var index)) continue;
            var column = table.Column(index);
            var wanted = Enumerable.Range(1, column.Cardinality).Where(o => Begins(Folding.Fold(column.Values[o - 1]), typed)).ToList();
            if (wanted.Count == 0) continue;
            var found = new int[column.OrdinalCount];
            ColumnCount.Add(column, segment.Live, segment.LiveCount, found);
            for (var set = column.Cardinality + 1; set < found.Length; set++)
                if (found[set] > 0)
                    foreach (var member in column.Members(set))
                        found[(int)member] += found[set];
            foreach (var ordinal in wanted)
                if (found[ordinal] > 0)
                    counts[column.Values[ordinal - 1]] = counts.GetValueOrDefault(column.Values[ordinal - 1]) + found[ordinal];
        }
        return counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => new Completion(c.Key, facet, $"{facet}:{Quoted(c.Key)}"));
    }

    // Whether a value or one of its words begins so.
    private static bool Begins(string value, string typed)
    {
        for (var at = value.IndexOf(typed, StringComparison.Ordinal); at >= 0; at = value.IndexOf(typed, at + 1, StringComparison.Ordinal))
            if (at == 0 || !Folding.IsWord(value[at - 1]))
                return true;
        return false;
    }

    private IEnumerable<Completion> Words(string text, int size)
    {
        var start = text.Length;
        while (start > 0 && (Folding.IsWord(text[start - 1]) || Tokenizer.IsJoint(text[start - 1]) || text[start - 1] is '\'')) start--;
        while (start < text.Length && !Folding.IsWord(text[start])) start++;
        var prefix = Folding.Fold(text[start..]).Replace("'", "", StringComparison.Ordinal);
        return prefix.Length == 0 ? [] : new WordCompletion(snapshot).Find(prefix, size).Select(w => new Completion(w, "word", text[..start].TrimStart() + w));
    }

    private IEnumerable<Completion> Titles(string typed)
    {
        var from = Encoding.UTF8.GetBytes(typed);
        // Numbers come first in the order of values: what begins like one and goes on is no number.
        if (ValueOrder.TryNumber(from, out _)) from = [.. from, (byte)' '];
        byte[] to = [.. Encoding.UTF8.GetBytes(typed), byte.MaxValue];
        var best = new List<(string Key, int Segment, int Dataset)>();
        for (var s = 0; s < snapshot.Segments.Count; s++)
        {
            var segment = snapshot.Segments[s];
            var table = segment.Generation.Datasets;
            var column = table.Column(table.FindColumn(FrontCodedListWriter.Encode(DatasetNumbers.TitleColumn)));
            var first = column.Values.LowerBound<ValueOrder>(from) + 1;
            var last = column.Values.LowerBound<ValueOrder>(to);
            if (first > last) continue;
            var bits = segment.Live.ToArray();
            ColumnScan.And(column, OrdinalSet.Of(column, [(first, last)]), bits);
            // For each of the first titles one dataset that has it.
            var rows = new SortedDictionary<int, int>();
            for (var row = Bits.Next(bits, 0); row >= 0; row = Bits.Next(bits, row + 1))
            {
                if (!rows.TryAdd(column.Ordinal(row), row) || rows.Count <= MaxTitles) continue;
                rows.Remove(rows.Keys.Last());
            }
            foreach (var (ordinal, row) in rows) best.Add((column.Values[ordinal - 1], s, row));
        }
        return best.OrderBy(b => b.Key, StringComparer.Ordinal).DistinctBy(b => b.Key, StringComparer.Ordinal)
            .Select(b => snapshot.Segments[b.Segment].Generation.Stored(b.Dataset).Title).Select(title => new Completion(title, "title", "title:" + Quoted(title)));
    }

    private static string Quoted(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
