using Archive.Indexer.Text;
using Archive.Model.Datasets;

namespace Archive.Indexer.Tests.Oracle;

internal sealed partial class DatasetOracle
{
    public List<string> Complete(string typed, int size)
    {
        var folded = Fold(typed.TrimStart());
        if (folded.Length == 0) return [];
        var values = new[] { "organism", "method" }.SelectMany(facet => docs.SelectMany(d => d.Facets[facet]).GroupBy(v => v)
            .Where(g => Fold(g.Key).StartsWith(folded, StringComparison.Ordinal) || Fold(g.Key).Contains(" " + folded, StringComparison.Ordinal) || Fold(g.Key).Contains("-" + folded, StringComparison.Ordinal))
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(3).Select(g => $"{facet} {g.Key.ToLowerInvariant()}"));
        var prefix = folded.Split(' ')[^1].Replace("'", "");
        var words = prefix.Length == 0 ? [] : docs.SelectMany(d => d.Tokens.Select(t => t.Word).Distinct()).Where(w => w.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(w => w).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => "word " + g.Key).Take(size);
        var titles = docs.Where(d => d.TitleKey.StartsWith(folded, StringComparison.Ordinal)).DistinctBy(d => d.TitleKey)
            .OrderBy(d => d.TitleKey, StringComparer.Ordinal).Take(3).Select(d => "title " + d.Document.Title.ToLowerInvariant()).ToList();
        return [.. values.Concat(words).Take(Math.Max(0, size - titles.Count)).Concat(titles).Take(size)];
    }

    public List<string> Similar(Accession accession, int size)
    {
        if (docs.Find(d => d.Accession == accession) is not { } own) return [];
        var frequencies = new Dictionary<string, int>();
        foreach (var (weight, text) in new[] { (5, own.Document.Title), (3, own.Document.Description) }
            .Concat(own.Document.Organisms.Concat(own.Document.Methods).Select(name => (4, name))))
        {
            var tokens = new List<Token>();
            tokenizer.Tokenize(text, tokens);
            foreach (var token in tokens.Where(t => !t.IsWhole)) frequencies[token.Term] = frequencies.GetValueOrDefault(token.Term) + weight;
        }
        int Having(string term) => docs.Count(d => d.Tokens.Any(t => t.Term == term));
        var telling = frequencies.Where(f => Having(f.Key) > 0).OrderByDescending(f => f.Value * Idf(Having(f.Key))).ThenBy(f => f.Key, StringComparer.Ordinal).Take(25).Select(f => f.Key);
        var scores = telling.Select(term => Row(null, [term])).ToList();
        return [.. docs.Where(d => d != own && scores.Exists(s => s.ContainsKey(d))).Select(d => (Doc: d, Score: scores.Sum(s => s.GetValueOrDefault(d))))
            .OrderByDescending(d => d.Score).ThenBy(d => d.Doc.Accession).Take(size).Select(d => $"{d.Doc.Accession} {d.Score}")];
    }
}
