using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Vocabulary;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Answers one search for datasets on one snapshot.</summary>
internal sealed class DatasetSearch
{
    private readonly IndexSnapshot snapshot;
    private readonly CursorSigner cursors;
    private readonly DatasetQuery query;
    private readonly QueryLimits limits;
    private readonly NameIndex names;
    private readonly DatasetFields fields;
    private readonly PhraseBudget phrases;
    private readonly List<(FacetDefinition Facet, IReadOnlyList<string> Values)> chosen = [];
    private readonly List<FacetRange> ranges;

    public DatasetSearch(IndexSnapshot snapshot, CursorSigner cursors, DatasetQuery query, QueryLimits limits, NameIndex names)
    {
        this.names = names;
        fields = new DatasetFields(snapshot.Facets);
        this.limits = limits;
        phrases = new PhraseBudget(limits.MaxPhrasePlaces);
        this.snapshot = snapshot;
        this.cursors = cursors;
        this.query = query;
        if (query.Size is < 0 or > DatasetQuery.MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {DatasetQuery.MaxSize}.");
        if (query.FacetSize < 0) throw SortRequest.Refuse("facetSize", "is 0 or more.");
        foreach (var selection in query.Facets)
        {
            var facet = snapshot.Facets.Find(selection.Name)
                ?? throw SortRequest.Refuse($"facet.{selection.Name}", $"names no facet; there are {string.Join(", ", snapshot.Facets.All.Select(f => f.Name))}.");
            chosen.Add((facet, selection.Values));
        }
        ranges = [.. query.Ranges.Select(r => new FacetRange(snapshot.Facets, r))];
    }

    /// <summary>The page.</summary>
    public SearchPage<DatasetHit> Run(CancellationToken ct)
    {
        using var arena = MatchArena.Open();
        var parsed = QueryParser.Read(query.Text, fields.Is);
        var compiler = new DatasetCompiler(snapshot, parsed.Notes, limits, query.UseSynonyms ? names : null, phrases);
        var root = compiler.Compile(parsed.Root);
        var order = new DatasetOrder(snapshot, query.Sort is null
            ? root is null ? new SortRequest(DatasetOrder.Released, true) : new SortRequest(DatasetOrder.Relevance, true)
            : SortRequest.Parse(query.Sort));
        var cursor = query.Cursor is null ? null : cursors.Read(Signature(), query.Cursor);
        var after = cursor is null ? (RankedDataset?)null : order.Place(cursor);
        var page = new PriorityQueue<RankedDataset, RankedDataset>(Comparer<RankedDataset>.Create((a, b) => b.CompareTo(a)));
        var selections = new Selection[snapshot.Segments.Count];
        long total = 0;
        for (var s = 0; s < selections.Length; s++)
        {
            ct.ThrowIfCancellationRequested();
            var matches = root?.Evaluate(s);
            selections[s] = Select(snapshot.Segments[s], matches);
            var all = selections[s].All;
            total += selections[s].Hits;
            Take(s, all, matches, order, after, page);
        }
        var isMore = page.Count > query.Size;
        if (isMore) page.Dequeue();
        var hits = new RankedDataset[page.Count];
        for (var i = hits.Length - 1; i >= 0; i--) hits[i] = page.Dequeue();
        var next = isMore && hits.Length > 0 ? cursors.Sign(Signature(), order.CursorAfter(hits[^1])) : null;
        return new SearchPage<DatasetHit>([.. hits.Select(h => HitReader.Read(snapshot.Segments[h.Segment].Generation, h.Dataset, h.Score, compiler.Marked))], next, total, Count(selections, ct), snapshot.Stamp)
        {
            HasMoved = cursor is not null && order.HasMoved(cursor),
            Notes = parsed.Notes.All,
            Expanded = compiler.Expanded,
            Suggestions = total == 0 && parsed.Root is not null ? Suggest(parsed.Root, ct) : [],
        };
    }

    /// <summary>A page of the values of one facet.</summary>
    public FacetValuesPage Values(FacetValuesQuery values, CancellationToken ct)
    {
        if (values.Size is < 0 or > FacetValuesQuery.MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {FacetValuesQuery.MaxSize}.");
        var listed = snapshot.Facets.All.Where(f => f.Number is null).ToList();
        var facet = listed.Find(f => f.Name == values.Facet) ?? throw SortRequest.Refuse("facet", $"names no facet whose values are listed; there are {string.Join(", ", listed.Select(f => f.Name))}.");
        var signature = $"values {facet.Name} {values.Text.Length}:{values.Text} {Signature()}";
        var after = values.Cursor is null ? null : cursors.Read(signature, values.Cursor);
        using var arena = MatchArena.Open();
        var parsed = QueryParser.Read(query.Text, fields.Is);
        var root = new DatasetCompiler(snapshot, parsed.Notes, limits, query.UseSynonyms ? names : null).Compile(parsed.Root);
        var selections = new Selection[snapshot.Segments.Count];
        for (var s = 0; s < selections.Length; s++)
        {
            ct.ThrowIfCancellationRequested();
            selections[s] = Select(snapshot.Segments[s], root?.Evaluate(s));
        }
        var tally = new DatasetFacetCount(snapshot, selections, 0).Tally(facet);
        var found = tally.Find(values.Text, after?.Text, values.Size);
        var next = found.IsMore ? cursors.Sign(signature, new SearchCursor(null, null, found.Values[^1].Value, "", null)) : null;
        return new FacetValuesPage(facet.Name, facet.Type, found.Values, next, found.Total, tally.Missing, snapshot.Stamp) { Notes = parsed.Notes.All };
    }

    private Selection Select(Segment segment, Matches? matches)
    {
        var table = segment.Generation.Datasets;
        var bits = new ulong[Bits.Words(table.Rows)];
        if (matches is null) segment.Live.CopyTo(bits);
        else
            foreach (var dataset in matches.Datasets)
                Bits.Set(bits, dataset);
        var selection = new Selection(table, bits);
        foreach (var (facet, values) in chosen) selection.Constrain(facet.Name, FacetChoice.Rows(facet, values, table));
        foreach (var range in ranges) selection.Constrain(range.Facet.Name, range.Rows(table));
        return selection;
    }

    // Keeps the best hits of a page, and one more that tells whether there is a next one.
    private void Take(
        int segment, ReadOnlySpan<ulong> all, Matches? matches, DatasetOrder order, RankedDataset? after, PriorityQueue<RankedDataset, RankedDataset> page)
    {
        var at = 0;
        var isByScore = order.IsByScore;
        var worst = page.Count > query.Size ? page.Peek().Key : long.MaxValue;
        for (var dataset = Bits.Next(all, 0); dataset >= 0; dataset = Bits.Next(all, dataset + 1))
        {
            var score = 0;
            if (matches is not null)
            {
                while (matches.Datasets[at] < dataset) at++;
                score = matches.Scores[at];
            }
            var key = isByScore ? -score : order.Key(segment, dataset, score);
            // Most hits are no better than the worst on the page: nothing more is asked of them.
            if (key > worst) continue;
            var hit = order.Rank(segment, dataset, score, key);
            if (after is { } place && hit.CompareTo(place) <= 0) continue;
            if (page.Count <= query.Size) page.Enqueue(hit, hit);
            else page.EnqueueDequeue(hit, hit);
            if (page.Count > query.Size) worst = page.Peek().Key;
        }
    }

    private FacetResult[] Count(Selection[] selections, CancellationToken ct)
    {
        var results = new List<FacetResult>();
        var count = new DatasetFacetCount(snapshot, selections, query.FacetSize);
        foreach (var facet in snapshot.Facets.All)
        {
            ct.ThrowIfCancellationRequested();
            results.Add(count.Count(facet, [.. chosen.Where(c => c.Facet == facet).SelectMany(c => c.Values)]));
        }
        return [.. results];
    }

    // Other spellings, where nothing was found.
    private IReadOnlyList<string> Suggest(QueryNode root, CancellationToken ct) => new QuerySuggestions(snapshot, query.Text).Find(root, text =>
    {
        ct.ThrowIfCancellationRequested();
        var parsed = QueryParser.Read(text, fields.Is);
        var node = new DatasetCompiler(snapshot, parsed.Notes, limits, query.UseSynonyms ? names : null, phrases).Compile(parsed.Root);
        for (var s = 0; s < snapshot.Segments.Count; s++)
        {
            var selection = Select(snapshot.Segments[s], node?.Evaluate(s));
            if (!selection.All.IsEmpty && selection.Hits > 0) return true;
        }
        return false;
    });

    // What a cursor is bound to: everything that decides which hits there are and in which order.
    private string Signature() => QuerySignature.Of(query.UseSynonyms ? "datasets" : "datasets as written", query.Text, query.Sort, chosen.Select(c => (c.Facet.Name, c.Values)), query.Ranges);
}
