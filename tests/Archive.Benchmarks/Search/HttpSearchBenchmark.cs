using System.Globalization;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Archive.Benchmarks.Search;

/// <summary>
/// A search for files as a visitor has it: the corpus's largest dataset (1,000,000 files), filtered to a quarter of them, with eight
/// facets and 50 rows. Held against an endpoint that returns the same bytes from memory, and the search itself without HTTP, together.
/// </summary>
internal sealed class HttpSearchBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const string Kind = "fch";
    private const string Largest = "0";

    public async Task RunAsync(CancellationToken ct)
    {
        if (Corpus.Find() is not { } corpus)
        {
            table.AddAbsent("file search through HTTP", Corpus.Absence);
            return;
        }
        using var folder = new TempFolder(options.Folder);
        await using var archive = await ArchiveRun.StartAsync(folder, ct, "--rate-limit", "0", "--rate-limit-signed-in", "0");
        await using var metadata = await LargeDataset.OpenAsync(folder, ct);
        var accession = (await new LargeDataset(Rows(corpus), "Files\n"u8.ToArray(), PageTab).WriteAsync(archive, metadata, folder, ct)).ToString();
        var queries = FileQueries.Read(corpus)[Kind].DistinctBy(q => q.Filters[0].Values[0]).ToList();
        var addresses = queries.ToDictionary(q => q, q => AddressOf(accession, q));
        await Poll.Until(async () => (await archive.Client.GetJsonAsync($"/api/search?q={accession}", ct)).GetProperty("total").GetInt64() > 0, "the dataset is in the index", ct, TimeSpan.FromMinutes(10));

        using var http = new HttpClient { BaseAddress = archive.Address };
        var bytes = new Dictionary<FileQuery, byte[]>();
        foreach (var query in queries) bytes[query] = await http.GetByteArrayAsync(new Uri(addresses[query], UriKind.Relative), ct);
        await using var memory = await StartAsync(addresses.ToDictionary(p => p.Value, p => bytes[p.Key]), ct);
        using var fromMemory = new HttpClient { BaseAddress = new Uri(memory.Urls.First()) };
        // The archive's own process compiles what is asked often, for a while.
        for (var warm = 0; warm < 2; warm++) Latencies.Measure(queries, q => http.GetByteArrayAsync(new Uri(addresses[q], UriKind.Relative), ct).GetAwaiter().GetResult().Length);
        var whole = Latencies.Measure(queries, q => http.GetByteArrayAsync(new Uri(addresses[q], UriKind.Relative), ct).GetAwaiter().GetResult().Length);
        var plain = Latencies.Measure(queries, q => fromMemory.GetByteArrayAsync(new Uri(addresses[q], UriKind.Relative), ct).GetAwaiter().GetResult().Length);
        using var index = await BenchIndex.BuildAsync(corpus, null, folder["index"], ct);
        var itself = Latencies.Measure(queries, q => index.Search.SearchFiles(q, ct).Total);
        table.Add("250,000 of 1,000,000 files through HTTP, p50", whole.P50, "us", "the same bytes from memory, and the search", plain.P50 + itself.P50);
        table.Add("  p99", whole.P99, "us", "the same bytes from memory, and the search", plain.P99 + itself.P99);
        table.Add("  of which the search, p50", itself.P50, "us");
        table.Add("  bytes of an answer", bytes.Values.Average(b => b.Length), "B");
    }

    private const string PageTab = """
        {"attributes": [{"name": "ReleaseDate", "value": "2024-01-01"}],
        "section": {"type": "Study", "attributes": [{"name": "Title", "value": "A dataset of very many images"}], "subsections": [
        {"type": "Study Component", "attributes": [{"name": "Name", "value": "Images"}, {"name": "File List", "value": "files.tsv"}]}]}}
        """;

    private static string AddressOf(string accession, FileQuery query) =>
        $"/api/datasets/{accession}/files?size=50&" + string.Join('&', query.Filters.SelectMany(f => f.Values.Select(v => $"filter.{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(v)}")))
        + "&facets=" + Uri.EscapeDataString(string.Join(',', query.Facets));

    private static IEnumerable<LargeDatasetFile> Rows(Corpus corpus) => corpus.Rows("files.tsv")
        .TakeWhile(cells => cells[0] == Largest)
        .Select(cells => new LargeDatasetFile(cells[1], long.Parse(cells[2], CultureInfo.InvariantCulture), cells[3], [.. cells[4..].Select(c => c.Split('=', 2)).Select(c => new FileAttribute(c[0], c[1]))]));

    private static async Task<WebApplication> StartAsync(Dictionary<string, byte[]> answers, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            var answer = answers[http.Request.Path + http.Request.QueryString];
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
            await http.Response.Body.WriteAsync(answer, http.RequestAborted);
        });
        await app.StartAsync(ct);
        return app;
    }
}
