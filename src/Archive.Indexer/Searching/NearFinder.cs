using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// Finds words that stand near each other. Each word is moved to where it would stand in the phrase; the phrase is there where the
/// farthest moves are no further apart than the slop, as in Lucene: <c>"a b"~1</c> is <c>a x b</c>, and <c>~2</c> is <c>b a</c> too. It counts
/// once for each place of its first word; two words of the phrase never share a place.
/// </summary>
internal static class NearFinder
{
    private const uint Mask = (1u << TextFields.PositionBits) - 1;

    /// <summary>Weighted number of places where the phrase is.</summary>
    /// <param name="places">Positions of each different word of the phrase, ascending, of all fields.</param>
    /// <param name="words">The words of the phrase, by their places; the first is 0.</param>
    /// <param name="field">Number of the field; -1 for any one.</param>
    /// <param name="weights">What an occurrence counts in each field.</param>
    /// <param name="budget">What it may cost; where it is spent, the places found till then are all.</param>
    public static uint Count(List<uint>[] places, int[] words, int slop, int field, ReadOnlySpan<byte> weights, PhraseBudget budget)
    {
        uint frequency = 0;
        for (var f = 0; f < TextFields.All.Count; f++)
        {
            if (field >= 0 && f != field) continue;
            foreach (var place in places[0])
                if (place >> TextFields.PositionBits == f && IsAt(places, words, slop, f, (int)(place & Mask), budget))
                    frequency += weights[f];
        }
        return frequency;
    }

    // Tries every window of moves that holds the first word's, where each word is in one of them.
    private static bool IsAt(List<uint>[] places, int[] words, int slop, int field, int first, PhraseBudget budget)
    {
        for (var i = 1; i < words.Length; i++)
            if (!budget.TryTake(1) || Next(places[words[i]], field, first - slop + i) is not (>= 0 and var place) || place > first + slop + i)
                return false;
        for (var low = first - slop; low <= first; low++)
            if (Fits(places, words, slop, field, first, low, budget))
                return true;
        return false;
    }

    private static bool Fits(List<uint>[] places, int[] words, int slop, int field, int first, int low, PhraseBudget budget)
    {
        Span<int> taken = stackalloc int[words.Length];
        taken[0] = first;
        for (var i = 1; i < words.Length; i++)
        {
            var from = low + i;
            while (true)
            {
                // Looking for it among those taken is as long as they are many.
                if (!budget.TryTake(1 + (i / 8))) return false;
                var place = Next(places[words[i]], field, from);
                if (place < 0 || place > low + i + slop) return false;
                // Same words take places in turn: windows move on with the phrase, so taking the first free one leaves most to the rest.
                if (!IsTaken(taken, words, i, place))
                {
                    taken[i] = place;
                    break;
                }
                from = place + 1;
            }
        }
        return true;
    }

    private static bool IsTaken(ReadOnlySpan<int> taken, int[] words, int word, int place)
    {
        for (var i = 0; i < word; i++)
            if (words[i] == words[word] && taken[i] == place)
                return true;
        return false;
    }

    // The first position in a field at or after a word number; -1 when there is none.
    private static int Next(List<uint> positions, int field, int from)
    {
        var wanted = (uint)((field << TextFields.PositionBits) | Math.Max(0, from));
        var at = positions.BinarySearch(wanted);
        if (at < 0) at = ~at;
        return at < positions.Count && positions[at] >> TextFields.PositionBits == field ? (int)(positions[at] & Mask) : -1;
    }
}
