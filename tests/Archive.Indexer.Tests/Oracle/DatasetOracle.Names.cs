using Archive.Indexer.Text;
using Archive.Indexer.Vocabulary;

namespace Archive.Indexer.Tests.Oracle;

internal sealed partial class DatasetOracle
{
    // A few words of the corpus as if they were names of one thing: what each is looked for with besides.
    private static readonly Dictionary<string, string[]> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mouse"] = ["danio rerio", "yeast", "nuclei", "H2B"], ["yeast"] = ["mouse", "danio rerio", "nuclei", "H2B"], ["nuclei"] = ["H2B"], ["H2B"] = ["nuclei"],
    };

    public static NameIndex SomeNames()
    {
        var builder = new NameIndexBuilder();
        VocabularyFiles.ReadTable(new StringReader("# some\n\nnuclei\tH2B\nmouse\tdanio rerio|yeast\tnuclei\n"), builder);
        return builder.Build();
    }

    // What is excluded is taken at its word, and what is excluded from that is wanted again.
    private Dictionary<Doc, long> Excluded(NoTree no)
    {
        var before = expands;
        expands = false;
        var found = Evaluate(no.Part);
        expands = before;
        return found;
    }

    private Dictionary<Doc, long>? Synonyms(WordTree word)
    {
        if (!OtherNames.TryGetValue(word.Text, out var others)) return null;
        List<string> Terms(string name)
        {
            var tokens = new List<Token>();
            tokenizer.Tokenize(name, tokens);
            return tokens.ConvertAll(t => t.Term);
        }
        bool IsLive(string term) => docs.Exists(d => d.Tokens.Exists(t => t.Term == term));
        var found = others.Select(Terms).Where(o => o.TrueForAll(IsLive)).ToList();
        if (found.Count == 0) return null;
        double Count(Doc doc, List<string> terms) => doc.Tokens.Where(t => t.Term == terms[0] && IsIn(t, word.Field)
            && Enumerable.Range(1, terms.Count - 1).All(i => doc.Has(t.Field, t.Position + i, terms[i]))).Sum(t => doc.Counts(t.Field));
        return Blend(docs.ToDictionary(d => d, d => Count(d, Terms(word.Text)) + (found.Sum(o => Count(d, o)) / 2)));
    }
}
