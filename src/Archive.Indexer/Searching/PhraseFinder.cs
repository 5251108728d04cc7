using Archive.Indexer.Generations;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>Finds words that stand one after the other, or near each other. Reads the places of candidates only.</summary>
internal static class PhraseFinder
{
    /// <param name="segment">Where they are looked for.</param>
    /// <param name="terms">The words; two or more.</param>
    /// <param name="slop">How far they may be moved; 0 for not at all.</param>
    /// <param name="field">Number of the field; -1 for any one.</param>
    /// <param name="budget">What it may cost; where it is spent, the datasets found till then are all.</param>
    public static Frequencies Find(Segment segment, string[] terms, int slop, int field, PhraseBudget budget)
    {
        var text = segment.Generation.Text;
        if (slop > 0) return Near(segment, terms, slop, field, budget);
        var words = new List<(int Term, uint Offset, int Frequency)>();
        for (var i = 0; i < terms.Length; i++)
        {
            var term = text.Find(terms[i]);
            if (term < 0) return [];
            words.Add((term, (uint)i, text.DocumentFrequency(term)));
        }
        words.Sort((a, b) => a.Frequency != b.Frequency ? a.Frequency.CompareTo(b.Frequency) : a.Offset.CompareTo(b.Offset));
        if (words.Count == 1) throw new ArgumentException("One word is no phrase.", nameof(terms));
        var candidates = Pair(segment, text, words[0].Term, words[0].Offset, words[1].Term, words[1].Offset, field, budget);
        for (var i = 2; i < words.Count && candidates.Count > 0; i++) candidates = Narrow(text, candidates, words[i].Term, words[i].Offset, budget);
        var found = new Frequencies();
        foreach (var (dataset, starts) in candidates)
        {
            var weights = text.Weights(dataset);
            uint frequency = 0;
            foreach (var start in starts) frequency += weights[(int)(start >> TextFields.PositionBits)];
            found.Add(dataset, frequency);
        }
        return found;
    }

    private static Frequencies Near(Segment segment, string[] terms, int slop, int field, PhraseBudget budget)
    {
        var text = segment.Generation.Text;
        var found = new Frequencies();
        var numbers = Array.ConvertAll(terms, text.Find);
        if (Array.IndexOf(numbers, -1) >= 0) return found;
        // A phrase may be one word a thousand times: its places are read once, and a dataset must have as many.
        int[] distinct = [.. numbers.Distinct()];
        var words = Array.ConvertAll(numbers, n => Array.IndexOf(distinct, n));
        var candidates = new List<(int Dataset, List<uint>[] Places)>();
        for (var i = 0; i < distinct.Length; i++)
        {
            var needed = words.Count(w => w == i);
            var kept = new List<(int Dataset, List<uint>[] Places)>();
            var walk = text.Walk(distinct[i]);
            if (i == 0)
            {
                while (!budget.IsSpent && walk.MoveNext())
                    if (segment.IsLive(walk.Document) && new List<uint>[distinct.Length] is var places && Has(ref walk, places, i, needed, budget))
                        kept.Add((walk.Document, places));
            }
            else
            {
                foreach (var (dataset, places) in candidates)
                {
                    if (budget.IsSpent || !walk.MoveTo(dataset)) break;
                    if (walk.Document == dataset && Has(ref walk, places, i, needed, budget)) kept.Add((dataset, places));
                }
            }
            candidates = kept;
        }
        foreach (var (dataset, places) in candidates)
            if (NearFinder.Count(places, words, slop, field, text.Weights(dataset), budget) is > 0 and var frequency)
                found.Add(dataset, frequency);
        return found;
    }

    private static bool Has(ref PostingWalk walk, List<uint>[] places, int word, int needed, PhraseBudget budget)
    {
        walk.ReadPositions(places[word] = []);
        budget.TryTake(places[word].Count);
        return places[word].Count >= needed;
    }

    // For each dataset with both of the rarest words, where phrases would begin. Places are read only where both are.
    private static List<(int Dataset, List<uint> Starts)> Pair(Segment segment, TextIndex text, int term, uint offset, int other, uint otherOffset, int field,
        PhraseBudget budget)
    {
        var candidates = new List<(int Dataset, List<uint> Starts)>();
        List<uint> places = [], others = [];
        var walk = text.Walk(other);
        for (var rare = text.Walk(term); rare.MoveNext();)
        {
            if (!walk.MoveTo(rare.Document)) break;
            if (walk.Document != rare.Document || !segment.IsLive(rare.Document)) continue;
            rare.ReadPositions(places);
            walk.ReadPositions(others);
            if (!budget.TryTake(places.Count + others.Count)) break;
            List<uint>? starts = null;
            foreach (var place in places)
            {
                if (place < offset) continue;
                var start = place - offset;
                var own = start >> TextFields.PositionBits;
                if (own == place >> TextFields.PositionBits && (field < 0 || own == (uint)field) && others.BinarySearch(start + otherOffset) >= 0) (starts ??= []).Add(start);
            }
            if (starts is not null) candidates.Add((rare.Document, starts));
        }
        return candidates;
    }

    private static List<(int Dataset, List<uint> Starts)> Narrow(TextIndex text, List<(int Dataset, List<uint> Starts)> candidates, int term, uint offset, PhraseBudget budget)
    {
        var kept = new List<(int Dataset, List<uint> Starts)>();
        var positions = new List<uint>();
        var walk = text.Walk(term);
        foreach (var (dataset, starts) in candidates)
        {
            if (!walk.MoveTo(dataset)) break;
            if (walk.Document != dataset) continue;
            walk.ReadPositions(positions);
            if (!budget.TryTake(positions.Count + starts.Count)) break;
            starts.RemoveAll(start => positions.BinarySearch(start + offset) < 0);
            if (starts.Count > 0) kept.Add((dataset, starts));
        }
        return kept;
    }
}
