using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;
using Archive.Indexer.Vocabulary;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>A name found in a query: the words that are it, and the other names to look for.</summary>
/// <param name="Words">One or more words beside each other, not quoted.</param>
/// <param name="Others">Other names, each as its terms; none without a word that some dataset has.</param>
internal sealed record NamedWords(IReadOnlyList<WordsNode> Words, IReadOnlyList<string[]> Others);

/// <summary>Finds names in the words of a query, the longest first, and what else their things and all narrower ones are called.</summary>
internal sealed class SynonymFinder(IndexSnapshot snapshot, NameIndex names, Tokenizer tokenizer, QueryNotes notes)
{
    /// <summary>Names that one query is expanded to.</summary>
    public const int MaxTerms = 1000;

    // An ontology has more below its root than a query can look through.
    private const int MaxThings = 20_000;

    private readonly List<ExpandedTerm> expanded = [];
    private readonly Dictionary<string, bool> isKnown = new(StringComparer.Ordinal);
    private int taken;

    /// <summary>What was expanded, in the order of the query.</summary>
    public IReadOnlyList<ExpandedTerm> Expanded => expanded;

    /// <summary>The longest name that begins at a part; null when none does, or it has no other names that could be found.</summary>
    public NamedWords? Find(IReadOnlyList<QueryNode> parts, int from)
    {
        if (names.Count == 0) return null;
        var run = new List<WordsNode>();
        for (var i = from; i < parts.Count && run.Count < NameIndex.MaxWords && IsPlain(parts[i], run); i++) run.Add((WordsNode)parts[i]);
        for (; run.Count > 0; run.RemoveAt(run.Count - 1))
        {
            var typed = string.Join(' ', run.Select(w => w.Text));
            var key = NameIndex.Key(typed, tokenizer);
            var things = key.Length == 0 ? [] : names.Find(key, tokenizer);
            if (things.Count > 0 && Others(typed, key, things, run) is { Count: > 0 } others) return new NamedWords(run, others);
        }
        return null;
    }

    private static bool IsPlain(QueryNode part, List<WordsNode> run) =>
        part is WordsNode { IsPhrase: false, IsPrefix: false } words && (run.Count == 0 || run[0].Field == words.Field)
        && (words.Field is null || TextFields.Find(words.Field) >= 0);

    private List<string[]> Others(string typed, string key, IReadOnlyList<int> things, List<WordsNode> run)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { key };
        var found = new List<string[]>();
        var told = new List<string>();
        var isCut = false;
        foreach (var name in Below(things).SelectMany(names.Names))
        {
            var other = NameIndex.Key(name, tokenizer);
            if (!seen.Add(other)) continue;
            var terms = other.Split(' ');
            if (!Array.TrueForAll(terms, IsKnown)) continue;
            isCut = taken + found.Count == MaxTerms;
            if (isCut) break;
            found.Add(terms);
            told.Add(name);
        }
        if (isCut)
        {
            var last = run[^1].Place;
            notes.Add(run[0].Place.Start, last.Start + last.Length - run[0].Place.Start, $"A query is expanded to {MaxTerms} other names; further ones are not looked for.");
        }
        taken += found.Count;
        if (found.Count > 0) expanded.Add(new ExpandedTerm(typed, told));
        return found;
    }

    // The things themselves, then those below them, the nearer ones first.
    private IEnumerable<int> Below(IReadOnlyList<int> things)
    {
        var all = things.ToList();
        var seen = things.ToHashSet();
        for (var i = 0; i < all.Count; i++)
        {
            yield return all[i];
            if (all.Count > MaxThings) continue;
            foreach (var narrower in names.Narrower(all[i]))
                if (seen.Add(narrower))
                    all.Add(narrower);
        }
    }

    private bool IsKnown(string term)
    {
        if (!isKnown.TryGetValue(term, out var known)) isKnown[term] = known = snapshot.Segments.Any(s => HasLive(s, term));
        return known;
    }

    private static bool HasLive(Segment segment, string term)
    {
        var text = segment.Generation.Text;
        var number = text.Find(term);
        if (number < 0) return false;
        for (var walk = text.Walk(number); walk.MoveNext();)
            if (segment.IsLive(walk.Document))
                return true;
        return false;
    }
}
