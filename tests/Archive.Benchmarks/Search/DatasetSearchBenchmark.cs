using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Benchmarks.Search;

/// <summary>
/// Searches over the corpus's datasets on one thread, with a page of 20 hits, their highlights and the same six facets, and beside them the
/// prototype's in the same run; completion and similarity without a counterpart.
/// </summary>
internal sealed class DatasetSearchBenchmark(BenchmarkOptions options, ResultTable table)
{
    private static readonly string[] Kinds = ["d1", "dand", "dor", "dphrase", "dprefix"];

    public async Task RunAsync(CancellationToken ct)
    {
        if (Corpus.Find() is not { } corpus)
        {
            table.AddAbsent("search in datasets", Corpus.Absence);
            return;
        }
        using var folder = new TempFolder(options.Folder);
        using var current = new CurrentIndex();
        var settings = new IndexOptions(folder["index"], new byte[32]);
        await BuildAsync(corpus, current, settings, ct);
        var index = new SearchIndex(current, settings);
        var queries = corpus.Queries(Kinds);
        // Once over everything, so that the first kind is not measured while code is still being compiled for the others.
        foreach (var kind in Kinds) Latencies.Measure(queries[kind], query => Search(index, kind, query));
        // What building left behind is not collected while searches are measured.
        GC.Collect();
        var ours = Kinds.ToDictionary(kind => kind, kind => Latencies.Measure(queries[kind], query => Search(index, kind, query)), StringComparer.Ordinal);
        var completion = Latencies.Measure([.. queries["d1"].SelectMany(q => Enumerable.Range(1, q[0].Length).Select(l => q[0][..l]))], typed => index.Complete(typed, 10, ct).Items.Count);
        var similar = Latencies.Measure([.. Enumerable.Range(1, 50).Select(i => Accession.From("S-BIAD", i * 1999))], like => index.FindSimilar(like, 5, ct).Items.Count);
        var theirs = (await Prototype.RunAsync(corpus, Kinds, folder["prototype"], ct))?.Kinds;
        var lucene = (await LucenePeer.RunAsync(corpus, Kinds, folder["lucene"], ct))?.Kinds;
        foreach (var kind in Kinds)
        {
            table.AddBeside($"datasets, {kind}, p50", ours[kind].P50, "us", (Prototype.Name, theirs?[kind].P50), (LucenePeer.Name, lucene?[kind].P50));
            table.AddBeside($"datasets, {kind}, p99", ours[kind].P99, "us", (Prototype.Name, theirs?[kind].P99), (LucenePeer.Name, lucene?[kind].P99));
        }
        table.Add("completion, p50", completion.P50, "us");
        table.Add("completion, p99", completion.P99, "us");
        table.Add("similar datasets, p50", similar.P50, "us");
        table.Add("similar datasets, p99", similar.P99, "us");
        if (theirs is null) table.AddAbsent("the prototype beside it", Prototype.Absence);
        if (lucene is null) table.AddAbsent("Lucene 8 beside it", LucenePeer.Absence);
    }

    // On its own, so that the corpus is let go of before anything is measured.
    private static async Task BuildAsync(Corpus corpus, CurrentIndex current, IndexOptions settings, CancellationToken ct)
    {
        using var builder = new IndexBuilder(new DocumentsFeed(corpus), current, settings, null, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        await builder.BuildAsync(ct);
    }

    private static long Search(SearchIndex index, string kind, string[] query)
    {
        var text = kind switch
        {
            "dor" => string.Join(" OR ", query),
            "dphrase" => $"\"{query[0]}\"",
            "dprefix" => query[0] + "*",
            _ => string.Join(' ', query),
        };
        return index.SearchDatasets(new DatasetQuery { Text = text, FacetSize = 10 }, CancellationToken.None).Total;
    }

    /// <summary>The corpus's datasets, without files.</summary>
    private sealed class DocumentsFeed(Corpus corpus) : IndexFeed
    {
        // The six that the prototype counts. Values come with the documents, so that the paths are never read.
        private const string SixFacets = """
            {"facets": [{"name": "organism", "title": "Organism", "from": ["@organism"]}, {"name": "method", "title": "Method", "from": ["@method"]},
            {"name": "year", "title": "Year", "from": ["@year"], "type": "number"}, {"name": "licence", "title": "Licence", "from": ["@licence"]},
            {"name": "type", "title": "Type", "from": ["Study/Type"]}, {"name": "author", "title": "Author", "from": ["Author/Name"]}]}
            """;

        private readonly Dictionary<Accession, SearchDocument> documents = corpus.Rows("datasets.tsv").Select((row, i) => Document(row, i + 1)).ToDictionary(d => d.Accession);

        public override string Recipe => "corpus";

        public override FacetCatalogue Facets { get; } = FacetCatalogue.Read(new MemoryStream(Encoding.UTF8.GetBytes(SixFacets)));

        public override async IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            foreach (var document in documents.Values)
                if (document.Change > since)
                    yield return new DatasetChange(document.Accession, document.Change, true);
        }

        public override Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct) => Task.FromResult<SearchDocument?>(documents[accession]);

        public override async IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            yield break;
        }

        public override Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct) => Task.FromResult<Stream?>(null);

        public override Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct) => Task.CompletedTask;

        // id, title, abstract, authors, organism, method, date, licence, type
        private static SearchDocument Document(string[] row, int number) => new()
        {
            // The corpus counts from 0, accessions from 1.
            Accession = Accession.From("S-BIAD", number),
            Version = 1,
            Change = number,
            Title = row[1],
            Description = row[2],
            ReleaseDate = DateOnly.ParseExact(row[6], "yyyy-MM-dd", CultureInfo.InvariantCulture),
            People = row[3].Split(';'),
            Organisms = [row[4]],
            Methods = [row[5]],
            Collection = row[8],
            Licence = row[7],
            Texts = [new SearchText("title", row[1]), new SearchText("description", row[2])],
            Facets =
            [
                new SearchFacet("organism", [row[4]]), new SearchFacet("method", [row[5]]), new SearchFacet("type", [row[8]]), new SearchFacet("licence", [row[7]]),
                new SearchFacet("author", [.. row[3].Split(';').Distinct(StringComparer.Ordinal)]),
            ],
        };
    }
}
