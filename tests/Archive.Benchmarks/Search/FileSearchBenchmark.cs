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
        var lucene = await LucenePeer.RunAsync(corpus, FileQueries.Kinds, folder["lucene"], ct);
        table.AddBeside("build of the file index", index.BuildTime.TotalSeconds, "s", (Prototype.Name, theirs?.BuildSeconds), (LucenePeer.Name, lucene?.FileSeconds));
        table.AddBeside("  bytes a file", (double)index.Bytes / index.Files, "B", (Prototype.Name, (double?)theirs?.IndexBytes / index.Files), (LucenePeer.Name, (double?)lucene?.FileBytes / index.Files));
        table.AddBeside("  most memory while it was built", index.BuildMegabytes, "MB", (Prototype.Name, theirs?.BuildMegabytes));
        foreach (var kind in FileQueries.Kinds)
        {
            var (prototype, peer) = (theirs?.Kinds.GetValueOrDefault(kind), lucene?.Kinds.GetValueOrDefault(kind));
            // Lucene stops counting where it has the page.
            if ((prototype ?? ours[kind]).Hits != ours[kind].Hits || (kind != "page" && (peer ?? ours[kind]).Hits != ours[kind].Hits))
                throw new InvalidOperationException($"{kind}: {ours[kind].Hits} hits, and {prototype?.Hits} of the prototype, {peer?.Hits} of Lucene.");
            table.AddBeside($"{kind} p50", ours[kind].P50, "us", (Prototype.Name, prototype?.P50), (LucenePeer.Name, peer?.P50));
            table.AddBeside($"{kind} p99", ours[kind].P99, "us", (Prototype.Name, prototype?.P99), (LucenePeer.Name, peer?.P99));
        }
        if (theirs is null) table.AddAbsent("the prototype beside it", Prototype.Absence);
        if (lucene is null) table.AddAbsent("Lucene 8 beside it", LucenePeer.Absence);
    }
}
