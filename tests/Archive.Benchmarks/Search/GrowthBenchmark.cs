using Archive.TestKit;

namespace Archive.Benchmarks.Search;

/// <summary>What grows with the files: 1, 2, 5 and 10 million of them in 500 datasets, half of them in one. At ten million beside the prototype.</summary>
internal sealed class GrowthBenchmark(BenchmarkOptions options, ResultTable table)
{
    private static readonly int[] Millions = [1, 2, 5, 10];

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var millions in Millions)
        {
            using var folder = new TempFolder(options.Folder);
            var corpus = new Corpus(folder["corpus"]);
            if (!await Prototype.GenerateAsync(corpus.Folder, millions * 1_000_000, folder["generator"], ct))
            {
                table.AddAbsent("growth", Prototype.Absence);
                return;
            }
            using var index = await BenchIndex.BuildAsync(corpus, null, folder["index"], ct);
            var ours = index.MeasureAll(FileQueries.Read(corpus));
            var theirs = millions == Millions[^1] ? await Prototype.RunAsync(corpus, FileQueries.Kinds, folder["prototype"], ct) : null;
            Report($"{millions} million files: build", index.BuildTime.TotalSeconds, "s", theirs?.BuildSeconds);
            Report("  bytes a file", (double)index.Bytes / index.Files, "B", theirs is null ? null : (double)theirs.IndexBytes / index.Files);
            Report("  most memory", index.BuildMegabytes, "MB", theirs?.BuildMegabytes);
            foreach (var (kind, figures) in ours)
            {
                Report($"  {kind} p50", figures.P50, "us", theirs?.Kinds[kind].P50);
                Report($"  {kind} p99", figures.P99, "us", theirs?.Kinds[kind].P99);
            }
        }
    }

    private void Report(string what, double value, string unit, double? other)
    {
        if (other is { } theirs) table.Add(what, value, unit, "prototype", theirs);
        else table.Add(what, value, unit);
    }
}
