using Archive.Indexer.Text;
using Archive.Model.Datasets;

namespace Archive.Indexer.Tests.Relevance;

/// <summary>The least that a search does: BM25 (k1 1.2, b 0.75) over the words of the titles alone, any of the words.</summary>
internal sealed class TitleBaseline
{
    private readonly Tokenizer tokenizer = new();
    private readonly Dictionary<string, List<(Accession Dataset, int Count)>> postings = new(StringComparer.Ordinal);
    private readonly Dictionary<Accession, int> lengths = [];
    private readonly double average;

    public TitleBaseline(IReadOnlyDictionary<Accession, string> titles)
    {
        foreach (var (dataset, title) in titles)
        {
            var words = Words(title);
            lengths[dataset] = words.Count;
            foreach (var word in words.GroupBy(w => w, StringComparer.Ordinal))
            {
                if (!postings.TryGetValue(word.Key, out var list)) postings[word.Key] = list = [];
                list.Add((dataset, word.Count()));
            }
        }
        average = lengths.Values.Average();
    }

    /// <summary>The best datasets, the best first; equal ones by accession.</summary>
    public IEnumerable<Accession> Search(string query, int count)
    {
        var scores = new Dictionary<Accession, double>();
        foreach (var word in Words(query).Distinct(StringComparer.Ordinal))
        {
            if (!postings.TryGetValue(word, out var list)) continue;
            var idf = Math.Log(1 + ((lengths.Count - list.Count + 0.5) / (list.Count + 0.5)));
            foreach (var (dataset, frequency) in list)
                scores[dataset] = scores.GetValueOrDefault(dataset) + (idf * 2.2 * frequency / (frequency + (1.2 * (0.25 + (0.75 * lengths[dataset] / average)))));
        }
        return scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(count).Select(s => s.Key);
    }

    private List<string> Words(string text)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(text.StartsWith("organism:", StringComparison.Ordinal) ? text["organism:".Length..] : text, tokens);
        return [.. tokens.Where(t => !t.IsWhole).Select(t => t.Term)];
    }
}
