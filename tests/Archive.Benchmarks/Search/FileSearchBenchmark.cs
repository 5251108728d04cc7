using Archive.TestKit;

namespace Archive.Benchmarks.Search;

/// <summary>
/// Searching files: filters with eight facets in a dataset of half of all files, keywords with six facets over all, a page far
/// in, export. Beside each the prototype that the index was modelled on, run right after on the same corpus and machine.
/// </summary>
internal sealed class FileSearchBenchmark(BenchmarkOptions options, ResultTable table)
{
    public async Task RunAsync(CancellationToken ct)
    {
        if (Corpus.Find() is not { } corpus)
        {
            table.AddAbsent("file search", Corpus.Absence);
            return;
        }
        using var folder = new TempFolder(options.Folder);
        using var index = await BenchIndex.BuildAsync(corpus, null, folder["index"], ct);
        var ours = index.MeasureAll(FileQueries.Read(corpus));
        var theirs = await Prototype.RunAsync(corpus, FileQueries.Kinds, folder["prototype"], ct);
        Report("build of the file index", index.BuildTime.TotalSeconds, "s", theirs?.BuildSeconds);
        Report("  bytes a file", (double)index.Bytes / index.Files, "B", theirs is null ? null : (double)theirs.IndexBytes / index.Files);
        Report("  most memory while it was built", index.BuildMegabytes, "MB", theirs?.BuildMegabytes);
        foreach (var kind in FileQueries.Kinds)
        {
            var other = theirs?.Kinds.GetValueOrDefault(kind);
            if (other is { Hits: var hits } && hits != ours[kind].Hits)
                throw new InvalidOperationException($"{kind}: {ours[kind].Hits} hits, and the prototype has {hits}.");
            Report($"{kind} p50", ours[kind].P50, "us", other?.P50);
            Report($"{kind} p99", ours[kind].P99, "us", other?.P99);
        }
        if (theirs is null) table.AddAbsent("the prototype beside it", Prototype.Absence);
    }

    private void Report(string what, double value, string unit, double? other)
    {
        if (other is { } theirs) table.Add(what, value, unit, "prototype", theirs);
        else table.Add(what, value, unit);
    }
}
