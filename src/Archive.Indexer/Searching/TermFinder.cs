using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// Finds the datasets that have a word, a phrase, a prefix or a facet value, and scores them by statistics of all segments less
/// the mask: a score does not tell where a dataset lies.
/// </summary>
internal sealed class TermFinder
{
    private readonly IndexSnapshot snapshot;
    private readonly Bm25 bm25;
    private readonly List<uint> positions = [];

    public TermFinder(IndexSnapshot snapshot)
    {
        this.snapshot = snapshot;
        bm25 = new Bm25(snapshot.LiveCount, snapshot.AverageLength);
    }

    /// <summary>Datasets that have a term, in a field or (-1) anywhere.</summary>
    public FoundNode Term(string term, int field)
    {
        var found = Each(segment =>
        {
            var text = segment.Generation.Text;
            var list = new Frequencies();
            var number = text.Find(term);
            if (number < 0) return list;
            for (var walk = text.Walk(number); walk.MoveNext();)
            {
                if (!segment.IsLive(walk.Document)) continue;
                var frequency = walk.Frequency;
                if (field >= 0)
                {
                    walk.ReadPositions(positions);
                    frequency = (uint)(positions.Count(p => FieldOf(p) == field) * TextFields.All[field].Weight);
                }
                if (frequency > 0) list.Add(walk.Document, frequency);
            }
            return list;
        });
        return Score(found, bm25.Idf(found.Sum(f => f.Count)));
    }

    /// <summary>Datasets that have terms one after the other, in a field or (-1) in any one.</summary>
    public FoundNode Phrase(string[] terms, int field)
    {
        var idf = terms.Sum(t => bm25.Idf(LiveFrequency(t)));
        return Score(Each(segment => PhraseFinder.Find(segment, terms, field)), idf);
    }

    /// <summary>Datasets that have a term beginning so, or the one term given; each counts 1.</summary>
    public FoundNode Prefix(string prefix, string term, int field)
    {
        var key = Encoding.UTF8.GetBytes(prefix);
        return Constant(segment =>
        {
            var bits = new ulong[Bits.Words(segment.Count)];
            var text = segment.Generation.Text;
            var other = text.Find(term);
            if (other >= 0) Mark(segment, other, field, bits);
            var walk = text.Terms.Walk(text.Terms.LowerBound<ByteOrder>(key));
            while (walk.MoveNext() && walk.Current.StartsWith(key)) Mark(segment, walk.Index, field, bits);
            return bits;
        });
    }

    /// <summary>Datasets with a facet value that is the same but for case and accents, or begins so; each counts 1.</summary>
    public FoundNode FacetValue(string facet, string folded, bool isPrefix) => Constant(segment =>
    {
        var bits = new ulong[Bits.Words(segment.Count)];
        var table = segment.Generation.Datasets;
        var index = table.FindColumn(FrontCodedListWriter.Encode(facet));
        if (index < 0) return bits;
        var column = table.Column(index);
        var wanted = new List<(int From, int To)>();
        for (var i = 0; i < column.Cardinality; i++)
        {
            var value = Folding.Fold(column.Values[i]);
            if (isPrefix ? value.StartsWith(folded, StringComparison.Ordinal) : value == folded) wanted.Add((i + 1, i + 1));
        }
        segment.Live.CopyTo(bits);
        ColumnScan.And(column, OrdinalSet.Of(column, wanted), bits);
        return bits;
    });

    private void Mark(Segment segment, int term, int field, Span<ulong> bits)
    {
        for (var walk = segment.Generation.Text.Walk(term); walk.MoveNext();)
        {
            if (!segment.IsLive(walk.Document)) continue;
            if (field >= 0)
            {
                walk.ReadPositions(positions);
                if (!positions.Exists(p => FieldOf(p) == field)) continue;
            }
            Bits.Set(bits, walk.Document);
        }
    }

    private int LiveFrequency(string term)
    {
        var frequency = 0;
        foreach (var segment in snapshot.Segments)
        {
            var text = segment.Generation.Text;
            var number = text.Find(term);
            if (number < 0) continue;
            if (segment.IsWhole) frequency += text.DocumentFrequency(number);
            else
                for (var walk = text.Walk(number); walk.MoveNext();)
                    if (segment.IsLive(walk.Document))
                        frequency++;
        }
        return frequency;
    }

    private FoundNode Score(Frequencies[] found, double idf)
    {
        var matches = new Matches[found.Length];
        for (var s = 0; s < found.Length; s++)
        {
            var lengths = snapshot.Segments[s].Generation.Text.Lengths;
            matches[s] = new Matches(found[s].Count);
            foreach (var (dataset, frequency) in found[s]) matches[s].Add(dataset, bm25.Score(idf, frequency, lengths[dataset]));
        }
        return new FoundNode(matches);
    }

    private FoundNode Constant(Func<Segment, ulong[]> find) => new(Each(segment =>
    {
        var bits = find(segment);
        var matches = new Matches(Bits.Count(bits));
        for (var dataset = Bits.Next(bits, 0); dataset >= 0; dataset = Bits.Next(bits, dataset + 1)) matches.Add(dataset, Bm25.One);
        return matches;
    }));

    private T[] Each<T>(Func<Segment, T> find) => [.. snapshot.Segments.Select(find)];

    private static int FieldOf(uint position) => (int)(position >> TextFields.PositionBits);
}

/// <summary>Datasets with the weighted frequency of what was looked for.</summary>
internal sealed class Frequencies : List<(int Dataset, uint Frequency)>
{
    public void Add(int dataset, uint frequency) => Add((dataset, frequency));
}
