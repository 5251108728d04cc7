using Archive.Indexer.Text;

namespace Archive.Indexer.Vocabulary;

/// <summary>
/// Names of things, each thing with its synonyms and its narrower things. Kept in a few arrays, since an ontology has millions of
/// names. Names are the same when their words have the same stems. Never changed.
/// </summary>
internal sealed class NameIndex
{
    /// <summary>Longer names are not looked for in queries.</summary>
    public const int MaxWords = 6;

    /// <summary>No names.</summary>
    public static readonly NameIndex Empty = new NameIndexBuilder().Build();

    private readonly string[] names;

    // Where the names of each thing begin; they end where those of the next begin.
    private readonly int[] firstName;
    private readonly int[] firstNarrower;
    private readonly int[] narrower;

    // Hashes of the keys of all names, ascending, and the thing of each.
    private readonly ulong[] hashes;
    private readonly int[] things;

    public NameIndex(string[] names, int[] firstName, int[] firstNarrower, int[] narrower, ulong[] hashes, int[] things)
    {
        this.names = names;
        this.firstName = firstName;
        this.firstNarrower = firstNarrower;
        this.narrower = narrower;
        this.hashes = hashes;
        this.things = things;
    }

    /// <summary>Number of things.</summary>
    public int Count => firstName.Length - 1;

    /// <summary>What names are compared by: the stems of their words.</summary>
    public static string Key(string name, Tokenizer tokenizer)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(name, tokens);
        return string.Join(' ', tokens.Where(t => !t.IsWhole).Select(t => t.Term));
    }

    /// <summary>The things that have a name with this key.</summary>
    public IReadOnlyList<int> Find(string key, Tokenizer tokenizer)
    {
        var found = new List<int>();
        var hash = Hash(key);
        var at = Array.BinarySearch(hashes, hash);
        if (at < 0) return found;
        while (at > 0 && hashes[at - 1] == hash) at--;
        for (; at < hashes.Length && hashes[at] == hash; at++)
            if (!found.Contains(things[at]) && Names(things[at]).Any(n => Key(n, tokenizer) == key))
                found.Add(things[at]);
        return found;
    }

    /// <summary>The names of a thing, its own first.</summary>
    public IEnumerable<string> Names(int thing)
    {
        for (var i = firstName[thing]; i < firstName[thing + 1]; i++) yield return names[i];
    }

    /// <summary>The things directly below a thing.</summary>
    public ReadOnlySpan<int> Narrower(int thing) => narrower.AsSpan(firstNarrower[thing], firstNarrower[thing + 1] - firstNarrower[thing]);

    /// <summary>FNV-1a of a key.</summary>
    public static ulong Hash(string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in key) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
