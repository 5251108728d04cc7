namespace Archive.Indexer.Searching;

/// <summary>Datasets of one segment, ascending, each with a score.</summary>
internal sealed class Matches
{
    public static readonly Matches None = new(0);

    private int[] datasets;
    private int[] scores;
    private int room;

    public Matches(int capacity)
    {
        datasets = MatchArena.Rent(capacity);
        scores = MatchArena.Rent(capacity);
        room = Math.Min(datasets.Length, scores.Length);
    }

    public int Count { get; private set; }

    public ReadOnlySpan<int> Datasets => datasets.AsSpan(0, Count);

    /// <summary>Relevance, in units of 1/65,536.</summary>
    public ReadOnlySpan<int> Scores => scores.AsSpan(0, Count);

    public void Add(int dataset, int score)
    {
        if (Count == room) Grow();
        datasets[Count] = dataset;
        scores[Count++] = score;
    }

    private void Grow()
    {
        var (oldDatasets, oldScores) = (datasets, scores);
        datasets = MatchArena.Rent(Math.Max(16, Count * 2));
        scores = MatchArena.Rent(Math.Max(16, Count * 2));
        oldDatasets.AsSpan(0, Count).CopyTo(datasets);
        oldScores.AsSpan(0, Count).CopyTo(scores);
        room = Math.Min(datasets.Length, scores.Length);
    }

    /// <summary>Those that are in both, with both scores.</summary>
    public static Matches And(Matches a, Matches b)
    {
        var result = new Matches(Math.Min(a.Count, b.Count));
        for (int i = 0, j = 0; i < a.Count && j < b.Count;)
        {
            int x = a.datasets[i], y = b.datasets[j];
            if (x == y) result.Add(x, Sum(a.scores[i], b.scores[j]));
            if (x <= y) i++;
            if (y <= x) j++;
        }
        return result;
    }

    /// <summary>Those that are in either, with the scores of both.</summary>
    public static Matches Or(Matches a, Matches b)
    {
        if (a.Count == 0) return b;
        if (b.Count == 0) return a;
        var result = new Matches(a.Count + b.Count);
        int i = 0, j = 0;
        while (i < a.Count || j < b.Count)
        {
            var x = i < a.Count ? a.datasets[i] : int.MaxValue;
            var y = j < b.Count ? b.datasets[j] : int.MaxValue;
            result.Add(Math.Min(x, y), Sum(x <= y ? a.scores[i] : 0, y <= x ? b.scores[j] : 0));
            if (x <= y) i++;
            if (y <= x) j++;
        }
        return result;
    }

    /// <summary>Those of the first that are not in the second.</summary>
    public static Matches AndNot(Matches a, Matches b)
    {
        var result = new Matches(a.Count);
        for (int i = 0, j = 0; i < a.Count; i++)
        {
            while (j < b.Count && b.datasets[j] < a.datasets[i]) j++;
            if (j == b.Count || b.datasets[j] != a.datasets[i]) result.Add(a.datasets[i], a.scores[i]);
        }
        return result;
    }

    /// <summary>Those of the first, with the scores of those of the second that are the same.</summary>
    public static Matches AndMaybe(Matches a, Matches b)
    {
        var result = new Matches(a.Count);
        for (int i = 0, j = 0; i < a.Count; i++)
        {
            while (j < b.Count && b.datasets[j] < a.datasets[i]) j++;
            var isSame = j < b.Count && b.datasets[j] == a.datasets[i];
            result.Add(a.datasets[i], isSame ? Sum(a.scores[i], b.scores[j]) : a.scores[i]);
        }
        return result;
    }

    /// <summary>The same with their scores multiplied.</summary>
    public static Matches Scale(Matches a, double factor)
    {
        var result = new Matches(a.Count);
        for (var i = 0; i < a.Count; i++) result.Add(a.datasets[i], (int)Math.Min(int.MaxValue, Math.Round(a.scores[i] * factor)));
        return result;
    }

    /// <summary>Both scores. Whole numbers add up to the same in any order, up to the limit too, so that ties are ties.</summary>
    public static int Sum(int a, int b) => (int)Math.Min(int.MaxValue, (long)a + b);
}
