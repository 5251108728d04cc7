using Archive.TestKit;

namespace Archive.Benchmarks.Search;

/// <summary>What grows with the files: 1, 2, 5 and 10 million of them in 500 datasets, half of them in one. At ten million beside the prototype.</summary>
internal sealed class GrowthBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const string OfOne = "at 1 million";
    private static readonly int[] Millions = [1, 2, 5, 10];

    public async Task RunAsync(CancellationToken ct)
    {
        (double Build, Dictionary<string, Latencies> Kinds)? first = null;
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
            first ??= (index.BuildTime.TotalSeconds, ours);
            table.AddBeside($"{millions} million files: build", index.BuildTime.TotalSeconds, "s", (Prototype.Name, theirs?.BuildSeconds), (OfOne, first.Value.Build));
            table.AddBeside("  bytes a file", (double)index.Bytes / index.Files, "B", (Prototype.Name, (double?)theirs?.IndexBytes / index.Files));
            table.AddBeside("  most memory", index.BuildMegabytes, "MB", (Prototype.Name, theirs?.BuildMegabytes));
            foreach (var (kind, figures) in ours)
            {
                table.AddBeside($"  {kind} hits", figures.Hits, "", (OfOne, first.Value.Kinds[kind].Hits));
                table.AddBeside($"  {kind} p50", figures.P50, "us", (Prototype.Name, theirs?.Kinds[kind].P50), (OfOne, first.Value.Kinds[kind].P50));
                table.AddBeside($"  {kind} p99", figures.P99, "us", (Prototype.Name, theirs?.Kinds[kind].P99), (OfOne, first.Value.Kinds[kind].P99));
            }
        }
    }
}
