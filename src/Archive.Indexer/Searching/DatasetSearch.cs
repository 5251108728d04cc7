using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Answers one search for datasets on one snapshot.</summary>
internal sealed class DatasetSearch
{
    private readonly IndexSnapshot snapshot;
    private readonly CursorSigner cursors;
    private readonly DatasetQuery query;
    private readonly List<(FacetDefinition Facet, IReadOnlyList<string> Values)> chosen = [];
    private readonly List<FacetRange> ranges;

    public DatasetSearch(IndexSnapshot snapshot, CursorSigner cursors, DatasetQuery query)
    {
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
        var compiler = new DatasetCompiler(snapshot);
        var root = compiler.Compile(QueryParser.Parse(query.Text, compiler.IsField));
        var order = new DatasetOrder(snapshot, query.Sort is null
            ? root is null ? new SortRequest(DatasetOrder.Released, true) : new SortRequest(DatasetOrder.Relevance, true)
            : SortRequest.Parse(query.Sort));
        var after = query.Cursor is null ? (RankedDataset?)null : order.Place(cursors.Read(Signature(), query.Cursor));
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
        return new SearchPage<DatasetHit>([.. hits.Select(h => Show(h, compiler.Marked))], next, total, Count(selections, ct), snapshot.Stamp);
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
        for (var dataset = Bits.Next(all, 0); dataset >= 0; dataset = Bits.Next(all, dataset + 1))
        {
            var score = 0;
            if (matches is not null)
            {
                while (matches.Datasets[at] < dataset) at++;
                score = matches.Scores[at];
            }
            var hit = order.Rank(segment, dataset, score);
            if (after is { } place && hit.CompareTo(place) <= 0) continue;
            if (page.Count <= query.Size) page.Enqueue(hit, hit);
            else page.EnqueueDequeue(hit, hit);
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

    private DatasetHit Show(RankedDataset hit, MarkedWords marked)
    {
        var generation = snapshot.Segments[hit.Segment].Generation;
        var stored = generation.Stored(hit.Dataset);
        return new DatasetHit
        {
            Accession = stored.Accession,
            Version = stored.Version,
            Title = stored.Title,
            Description = stored.Description,
            Highlights = [.. new[] { marked.Mark("title", stored.Title), marked.Mark("description", stored.Description) }.OfType<Highlight>()],
            People = stored.People,
            Organisms = stored.Organisms,
            Methods = stored.Methods,
            Collection = stored.Collection,
            Licence = stored.Licence,
            FileCount = generation.Datasets.Number(DatasetNumbers.Files)[hit.Dataset],
            TotalBytes = generation.Datasets.Number(DatasetNumbers.Size)[hit.Dataset],
            ReleaseDate = stored.ReleaseDate,
            Score = hit.Score,
        };
    }

    // What a cursor is bound to: everything that decides which hits there are and in which order.
    private string Signature() => QuerySignature.Of("datasets", query.Text, query.Sort, chosen.Select(c => (c.Facet.Name, c.Values)), query.Ranges);
}
