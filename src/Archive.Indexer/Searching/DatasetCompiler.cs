using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;
using Archive.Indexer.Vocabulary;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Looks the words of a query up in a snapshot.</summary>
internal sealed partial class DatasetCompiler
{
    private readonly IndexSnapshot snapshot;
    private readonly QueryNotes notes;
    private readonly QueryLimits limits;
    private readonly PhraseBudget phrases;
    private readonly TermFinder terms;
    private readonly FormFinder forms;
    private readonly ColumnFinder columns;
    private readonly DatasetFields fields;
    private readonly Tokenizer tokenizer = Tokenizer.OfThread;
    private readonly SynonymFinder? synonyms;
    private int patterns;

    /// <param name="snapshot">Where they are looked up.</param>
    /// <param name="notes">Told what could not be looked up as written.</param>
    /// <param name="limits">How much may be looked up.</param>
    /// <param name="names">Other names to look for; null for none.</param>
    /// <param name="phrases">What phrases may cost; null for what the limits allow one query.</param>
    public DatasetCompiler(IndexSnapshot snapshot, QueryNotes notes, QueryLimits limits, NameIndex? names, PhraseBudget? phrases = null)
    {
        synonyms = names is null ? null : new SynonymFinder(snapshot, names, tokenizer, notes);
        this.snapshot = snapshot;
        this.notes = notes;
        this.limits = limits;
        this.phrases = phrases ?? new PhraseBudget(limits.MaxPhrasePlaces);
        terms = new TermFinder(snapshot, this.phrases);
        forms = new FormFinder(snapshot);
        columns = new ColumnFinder(snapshot);
        fields = new DatasetFields(snapshot.Facets);
    }

    /// <summary>The words to mark in hits: those looked for, not those excluded.</summary>
    public MarkedWords Marked { get; } = new();

    /// <summary>Names that other names are looked for with.</summary>
    public IReadOnlyList<ExpandedTerm> Expanded => synonyms?.Expanded ?? [];

    /// <summary>Looks a query up; null when it asks for nothing in particular.</summary>
    public DatasetNode? Compile(QueryNode? query) => query is null or AnythingNode { Field: null } ? null : Compile(query, isWanted: true);

    private DatasetNode? Compile(QueryNode query, bool isWanted) => query switch
    {
        WordsNode words => isWanted && synonyms?.Find([words], 0) is { } named ? Named(named) : Words(words, isWanted),
        WildcardNode wildcard => Wildcard(wildcard, isWanted),
        FuzzyNode fuzzy => Fuzzy(fuzzy, isWanted),
        RangeNode range => Range(range, isWanted),
        AnythingNode anything => Anything(anything),
        AndNode and => All(and.Parts, isWanted),
        OrNode or => Any([.. or.Parts.Select(p => Compile(p, isWanted)).OfType<DatasetNode>()]),
        BoostNode boost => Compile(boost.Part, isWanted) is { } part ? new BoostedNode(part, boost.Factor) : null,
        _ => All([query], isWanted),
    };

    private DatasetNode? All(IReadOnlyList<QueryNode> parts, bool isWanted)
    {
        List<DatasetNode> wanted = [], excluded = [], optional = [];
        foreach (var (part, named) in WithNames(parts, isWanted))
        {
            if (named is not null)
            {
                if (Named(named) is { } found) wanted.Add(found);
                continue;
            }
            var (kind, inner) = part! switch
            {
                NotNode not => (excluded, not.Part),
                MaybeNode maybe => (optional, maybe.Part),
                _ => (wanted, part!),
            };
            if (Compile(inner, isWanted ^ part is NotNode) is { } node) kind.Add(node);
        }
        if (wanted.Count + excluded.Count + optional.Count == 0) return null;
        if (wanted.Count == 0) wanted.Add(new EverythingNode(snapshot));
        return excluded.Count + optional.Count == 0 && wanted.Count == 1 ? wanted[0] : new AllOfNode(wanted, excluded, optional);
    }

    private static DatasetNode? Any(List<DatasetNode> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => new AnyOfNode(parts),
    };

    private DatasetNode? Words(WordsNode words, bool isWanted)
    {
        var field = words.Field is null ? -1 : TextFields.Find(words.Field);
        if (words.Field is null || field >= 0)
            return words.IsPrefix ? Pattern(words.Text + "*", [words.Text.Length], words, field, isWanted) : Text(words, words.Text, field, isWanted);
        if (fields.Number(words.Field) >= 0)
        {
            if (words.IsPrefix) notes.Add(words.Place, $"{words.Field} is a number, which * does not go with; * is passed over.");
            return Range(new RangeNode(words.Field, words.Text, words.Text, true, true) { Place = words.Place }, isWanted);
        }
        var facet = fields.Facet(words.Field)!;
        if (facet.Type == FacetType.Date && !words.IsPrefix && DatasetFields.Days(words.Text) is not null)
            return Range(new RangeNode(words.Field, words.Text, words.Text, true, true) { Place = words.Place }, isWanted);
        var folded = Folding.Fold(words.Text);
        return columns.Values(facet.Name, words.IsPrefix
            ? value => value.StartsWith(folded, StringComparison.Ordinal)
            : value => value.SequenceEqual(folded));
    }

    // One word is a term; one identifier is itself or its parts in a row; several words are a phrase.
    private DatasetNode? Text(QueryNode node, string text, int field, bool isWanted)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(text, tokens);
        var parts = tokens.Where(t => !t.IsWhole).Select(t => t.Term).ToArray();
        if (parts.Length == 0)
        {
            notes.Add(node.Place, "There is no letter or digit in it; it is passed over.");
            return null;
        }
        if (isWanted) Marked.AddTerms(tokens.Select(t => t.Term));
        var phrase = node as WordsNode;
        var row = parts.Length == 1 ? terms.Term(parts[0], field) : terms.Phrase(parts, phrase?.Slop ?? 0, field);
        if (parts.Length > 1 && phrases.IsSpent) notes.Add(node.Place, "Its words are in too many places; only some of them were looked at. Fewer or rarer words make them fewer.");
        return phrase is not { IsPhrase: true } && tokens[0].IsWhole && tokens.Count == parts.Length + 1 ? Any([terms.Term(tokens[0].Term, field), row]) : row;
    }
}
