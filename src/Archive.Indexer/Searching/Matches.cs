namespace Archive.Indexer.Searching;

/// <summary>Datasets of one segment, ascending, each with a score.</summary>
internal sealed class Matches
{
    public static readonly Matches None = new(0);

    private int[] datasets;
    private int[] scores;

    public Matches(int capacity)
    {
        datasets = new int[capacity];
        scores = new int[capacity];
    }

    public int Count { get; private set; }

    public ReadOnlySpan<int> Datasets => datasets.AsSpan(0, Count);

    /// <summary>Relevance, in units of 1/65,536.</summary>
    public ReadOnlySpan<int> Scores => scores.AsSpan(0, Count);

    public void Add(int dataset, int score)
    {
        if (Count == datasets.Length)
        {
            Array.Resize(ref datasets, Math.Max(16, Count * 2));
            Array.Resize(ref scores, datasets.Length);
        }
        datasets[Count] = dataset;
        scores[Count++] = score;
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

    // Whole numbers add up to the same in any order, so that ties are ties; none of them comes near the limit.
    private static int Sum(int a, int b) => (int)Math.Min(int.MaxValue, (long)a + b);
}
