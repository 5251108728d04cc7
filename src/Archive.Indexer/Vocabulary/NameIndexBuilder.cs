using Archive.Indexer.Text;

namespace Archive.Indexer.Vocabulary;

/// <summary>Puts names together from several files. What is more than an archive can hold is left out and counted.</summary>
internal sealed class NameIndexBuilder
{
    /// <summary>Further things are left out.</summary>
    public const int MaxThings = 4_000_000;

    /// <summary>Longer names, and those with more words than queries are looked through for, are left out.</summary>
    public const int MaxNameLength = 120;

    /// <summary>Further names of one thing are left out.</summary>
    public const int MaxNames = 64;

    private readonly Tokenizer tokenizer = new();
    private readonly List<string> names = [];
    private readonly List<int> firstName = [];
    private readonly List<(int Broader, int Narrower)> edges = [];
    private readonly List<(ulong Hash, int Thing)> keys = [];

    /// <summary>Things that were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Adds a thing; returns its number, -1 when it is left out.</summary>
    /// <param name="own">Its names, its own first.</param>
    public int Add(IEnumerable<string> own)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in own)
        {
            if (kept.Count == MaxNames) break;
            if (name.Length is 0 or > MaxNameLength) continue;
            var key = NameIndex.Key(name, tokenizer);
            if (key.Length > 0 && key.Count(c => c == ' ') < NameIndex.MaxWords) kept.TryAdd(key, name);
        }
        if (kept.Count == 0 || firstName.Count == MaxThings)
        {
            LeftOut++;
            return -1;
        }
        firstName.Add(names.Count);
        foreach (var (key, name) in kept)
        {
            names.Add(name);
            keys.Add((NameIndex.Hash(key), firstName.Count - 1));
        }
        return firstName.Count - 1;
    }

    /// <summary>Says that one thing is narrower than another.</summary>
    public void Relate(int broader, int narrower) => edges.Add((broader, narrower));

    /// <summary>The names.</summary>
    public NameIndex Build()
    {
        edges.Sort();
        keys.Sort();
        var firstNarrower = new int[firstName.Count + 1];
        foreach (var (broader, _) in edges) firstNarrower[broader + 1]++;
        for (var i = 0; i < firstName.Count; i++) firstNarrower[i + 1] += firstNarrower[i];
        return new NameIndex(
            [.. names], [.. firstName, names.Count], firstNarrower, [.. edges.Select(e => e.Narrower)], [.. keys.Select(k => k.Hash)], [.. keys.Select(k => k.Thing)]);
    }
}
