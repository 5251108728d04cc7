using Archive.Indexer.Generations;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>One of several ways to say the same: words in a row, and how much they count.</summary>
/// <param name="Terms">At least one.</param>
/// <param name="Quarters">How much an occurrence counts, in quarters.</param>
internal sealed record TermVariant(string[] Terms, int Quarters);

/// <summary>
/// Finds the datasets that have a word, a phrase or one of several, and scores them by statistics of all segments less the mask: a
/// score does not tell where a dataset lies.
/// </summary>
internal sealed class TermFinder
{
    private readonly IndexSnapshot snapshot;
    private readonly Bm25 bm25;
    private readonly List<uint> positions = [];

    private readonly PhraseBudget phrases;

    /// <param name="snapshot">Where they are found.</param>
    /// <param name="phrases">What phrases may cost, of which those found till it is spent are all; null for what one query may.</param>
    public TermFinder(IndexSnapshot snapshot, PhraseBudget? phrases = null)
    {
        this.phrases = phrases ?? new PhraseBudget(QueryLimits.Standard.MaxPhrasePlaces);
        this.snapshot = snapshot;
        bm25 = new Bm25(snapshot.LiveCount);
    }

    /// <summary>Datasets that have a term, in a field or (-1) anywhere.</summary>
    public DatasetNode Term(string term, int field)
    {
        if (field < 0) return new TermNode(snapshot, bm25, term, LiveFrequency(term));
        var found = Each(segment => Frequencies(segment, term, field));
        return Score(found, bm25.Idf(found.Sum(f => f.Count)), unit: 1);
    }

    /// <summary>Datasets that have terms one after the other, or near each other, in a field or (-1) in any one.</summary>
    public FoundNode Phrase(string[] terms, int slop, int field)
    {
        var idf = terms.Sum(t => bm25.Idf(LiveFrequency(t)));
        return Score(Each(segment => PhraseFinder.Find(segment, terms, slop, field, phrases)), idf, unit: 1);
    }

    /// <summary>Datasets that have one of several variants, which count as one word: a rare one is not worth more than a common one.</summary>
    public FoundNode Blend(IReadOnlyList<TermVariant> variants, int field)
    {
        var found = Each(segment =>
        {
            var sums = new SortedDictionary<int, uint>();
            foreach (var variant in variants)
            {
                var own = variant.Terms.Length == 1 ? Frequencies(segment, variant.Terms[0], field) : PhraseFinder.Find(segment, variant.Terms, 0, field, phrases);
                foreach (var (dataset, frequency) in own) sums[dataset] = sums.GetValueOrDefault(dataset) + (frequency * (uint)variant.Quarters);
            }
            var all = new Frequencies();
            foreach (var (dataset, frequency) in sums) all.Add(dataset, frequency);
            return all;
        });
        return Score(found, bm25.Idf(found.Sum(f => f.Count)), unit: 4);
    }

    /// <summary>How much a term tells; 0 where no dataset has it.</summary>
    public double Idf(string term) => LiveFrequency(term) is > 0 and var frequency ? bm25.Idf(frequency) : 0;

    /// <summary>How many datasets have a term, those cut out not counted.</summary>
    public int LiveFrequency(string term)
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

    private Frequencies Frequencies(Segment segment, string term, int field)
    {
        var text = segment.Generation.Text;
        var number = text.Find(term);
        if (number < 0) return [];
        var list = new Frequencies { Capacity = text.DocumentFrequency(number) };
        for (var walk = text.Walk(number); walk.MoveNext();)
        {
            if (!segment.IsLive(walk.Document)) continue;
            var frequency = walk.Frequency;
            if (field >= 0)
            {
                walk.ReadPositions(positions);
                frequency = (uint)positions.Count(p => p >> TextFields.PositionBits == field) * text.Weights(walk.Document)[field];
            }
            if (frequency > 0) list.Add(walk.Document, frequency);
        }
        return list;
    }

    private static FoundNode Score(Frequencies[] found, double idf, int unit)
    {
        var matches = new Matches[found.Length];
        for (var s = 0; s < found.Length; s++)
        {
            matches[s] = new Matches(found[s].Count);
            foreach (var (dataset, frequency) in found[s]) matches[s].Add(dataset, Bm25.Score(idf, frequency / (double)unit));
        }
        return new FoundNode(matches);
    }

    private T[] Each<T>(Func<Segment, T> find) => [.. snapshot.Segments.Select(find)];
}

/// <summary>Datasets with the weighted frequency of what was looked for.</summary>
internal sealed class Frequencies : List<(int Dataset, uint Frequency)>
{
    public void Add(int dataset, uint frequency) => Add((dataset, frequency));
}
