using Archive.Indexer.Generations;
using Archive.Indexer.Text;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>
/// Finds the datasets that have most of the words that tell most of another: those of its title, organisms, methods and
/// description that are frequent in it and rare elsewhere.
/// </summary>
internal sealed class SimilarSearch(IndexSnapshot snapshot)
{
    /// <summary>Words that are looked for.</summary>
    public const int MaxTerms = 25;

    /// <summary>The most datasets that are told.</summary>
    public const int MaxSize = 100;

    private readonly TermFinder terms = new(snapshot);

    /// <summary>Datasets like one.</summary>
    /// <param name="size">0 to <see cref="MaxSize"/>.</param>
    public SimilarDatasets Find(Accession accession, int size, CancellationToken ct)
    {
        if (size is < 0 or > MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {MaxSize}.");
        if (snapshot.Find(accession) is not var (segment, dataset)) return new SimilarDatasets([], [], snapshot.Stamp);
        using var arena = MatchArena.Open();
        var telling = Telling(snapshot.Segments[segment].Generation.Stored(dataset));
        var nodes = telling.ConvertAll(term => terms.Term(term, -1));
        var best = new List<RankedDataset>();
        for (var s = 0; s < snapshot.Segments.Count; s++)
        {
            ct.ThrowIfCancellationRequested();
            var found = new AnyOfNode(nodes).Evaluate(s);
            for (var i = 0; i < found.Count; i++)
                if (s != segment || found.Datasets[i] != dataset)
                    best.Add(new RankedDataset(-found.Scores[i], snapshot.AccessionRank(s, found.Datasets[i]), s, found.Datasets[i], found.Scores[i]));
        }
        return new SimilarDatasets(
            [.. best.Order().Take(size).Select(h => HitReader.Read(snapshot.Segments[h.Segment].Generation, h.Dataset, h.Score, null))], telling, snapshot.Stamp);
    }

    private List<string> Telling(StoredDataset stored)
    {
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokenizer = Tokenizer.OfThread;
        var tokens = new List<Token>();
        foreach (var (field, text) in Texts(stored))
        {
            tokens.Clear();
            tokenizer.Tokenize(text, tokens);
            var weight = TextFields.All[TextFields.Find(field)].Weight;
            foreach (var token in tokens)
                if (!token.IsWhole)
                    frequencies[token.Term] = frequencies.GetValueOrDefault(token.Term) + weight;
        }
        return [.. frequencies.Select(f => (Term: f.Key, Worth: f.Value * terms.Idf(f.Key))).Where(t => t.Worth > 0)
            .OrderByDescending(t => t.Worth).ThenBy(t => t.Term, StringComparer.Ordinal).Take(MaxTerms).Select(t => t.Term)];
    }

    private static IEnumerable<(string Field, string Text)> Texts(StoredDataset stored) =>
    [
        ("title", stored.Title), ("description", stored.Description),
        .. stored.Organisms.Select(o => ("organism", o)), .. stored.Methods.Select(m => ("method", m)),
    ];
}
