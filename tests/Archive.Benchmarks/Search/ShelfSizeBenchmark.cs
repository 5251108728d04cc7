using Archive.TestKit;

namespace Archive.Benchmarks.Search;

/// <summary>What it costs that files are in many small datasets: the corpus as it is, against the same files cut into datasets of twenty.</summary>
internal sealed class ShelfSizeBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const int FilesEach = 20;

    public async Task RunAsync(CancellationToken ct)
    {
        if (Corpus.Find() is not { } corpus)
        {
            table.AddAbsent("small datasets", Corpus.Absence);
            return;
        }
        using var folder = new TempFolder(options.Folder);
        var queries = FileQueries.Read(corpus).Where(q => q.Key[0] == 'k').ToDictionary();
        using var large = await BenchIndex.BuildAsync(corpus, null, folder["large"], ct);
        var expected = large.MeasureAll(queries);
        using var small = await BenchIndex.BuildAsync(corpus, FilesEach, folder["small"], ct);
        var found = small.MeasureAll(queries);
        const string Other = "large datasets";
        table.Add($"build, datasets of {FilesEach} files", small.BuildTime.TotalSeconds, "s", Other, large.BuildTime.TotalSeconds);
        table.Add("  bytes a file", (double)small.Bytes / small.Files, "B", Other, (double)large.Bytes / large.Files);
        foreach (var (kind, ours) in found)
        {
            if (ours.Hits != expected[kind].Hits) throw new InvalidOperationException($"{kind}: {ours.Hits} hits in small datasets and {expected[kind].Hits} in large ones.");
            table.Add($"{kind} p50", ours.P50, "us", Other, expected[kind].P50);
            table.Add($"{kind} p99", ours.P99, "us", Other, expected[kind].P99);
        }
    }
}
