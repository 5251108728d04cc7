using System.Diagnostics;
using System.Runtime.CompilerServices;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Objects.FileSystem;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Benchmarks;

/// <summary>
/// How long a search takes at most while the generation that it reads is replaced twenty times, as on a node that fetches what another one
/// built: two threads search without a pause, and a third fetches, checks and swaps. Held against the same threads while nothing is swapped
/// and the third reads and checks the same file, so that what is left is the swap's own.
/// </summary>
internal sealed class SwapBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const int FilesOfADataset = 500;
    private const int Swaps = 20;

    public async Task RunAsync(CancellationToken ct)
    {
        using var folder = new TempFolder(options.Folder);
        var store = new FileSystemObjectStore(folder["store"]);
        await store.ClaimAsync("swaps", ct);
        var feed = new GeneratedFeed(Math.Max(2, Math.Min(options.Rows, 1_000_000) / FilesOfADataset), FilesOfADataset);
        var names = await PublishAsync(feed, folder, store, ct);

        using var current = new CurrentIndex();
        var index = new IndexOptions(folder["reader"], new byte[32]) { Builds = false };
        using var reader = new IndexBuilder(feed, current, index, store, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        await reader.TryOpenAsync(ct);
        var search = new SearchIndex(current, index);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var longest = 0L;
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() => Search(search, ref longest, stop.Token), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var memory = await MeasureAsync(async i => await reader.VerifyAsync(ct), 5, _ => { });
        List<double> quiet = [], swapped = [];
        await MeasureAsync(async i => await reader.VerifyAsync(ct), Swaps, quiet.Add);
        await MeasureAsync(async i =>
        {
            var to = names[i % 2 == 0 ? 0 : 1];
            // Fetched each time, as a generation that is new to the node.
            foreach (var file in Directory.GetFiles(index.Folder, to + ".index")) File.Delete(file);
            await reader.RollBackAsync(to, ct);
        }, Swaps, swapped.Add);
        await stop.CancelAsync();
        await Task.WhenAll(threads);
        table.Add($"longest of all searches around each of {Swaps} swaps, median", ResultTable.Median(swapped), "ms", "the same without a swap", ResultTable.Median(quiet));
        table.Add($"the longest of them all", swapped.Max(), "ms", "the same without a swap", quiet.Max());
        table.Add("memory after the swaps", Environment.WorkingSet / 1e6, "MB", "before them", memory);

        async Task<double> MeasureAsync(Func<int, Task> step, int count, Action<double> tell)
        {
            for (var i = 0; i < count; i++)
            {
                Interlocked.Exchange(ref longest, 0);
                await step(i);
                // What the step left for others to do, such as unmapping, comes after it.
                await Task.Delay(100, ct);
                tell(Stopwatch.GetElapsedTime(0, Interlocked.Read(ref longest)).TotalMilliseconds);
            }
            return Environment.WorkingSet / 1e6;
        }
    }

    private static async Task<IReadOnlyList<string>> PublishAsync(GeneratedFeed feed, TempFolder folder, FileSystemObjectStore store, CancellationToken ct)
    {
        using var current = new CurrentIndex();
        using var builder = new IndexBuilder(feed, current, new IndexOptions(folder["builder"], new byte[32]), store, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        var clock = Stopwatch.StartNew();
        var first = await builder.BuildAsync(ct);
        var full = clock.Elapsed;
        clock.Restart();
        var second = await builder.BuildAsync(ct);
        Console.WriteLine($"{first.Datasets} datasets, {first.GenerationBytes / 1e6:0} MB; built in {full.TotalSeconds:0.0} s, and with {second.Reused} unchanged in {clock.Elapsed.TotalSeconds:0.0} s");
        return [first.Generation, second.Generation];
    }

    private static void Search(SearchIndex search, ref long longest, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            search.SearchDatasets(new DatasetQuery { Text = "cell mitosis" }, CancellationToken.None);
            search.SearchFiles(new FileQuery { Text = "plate", Accession = GeneratedFeed.AccessionOf(1), Facets = ["Well", "Compound"] }, CancellationToken.None);
            var took = Stopwatch.GetTimestamp() - began;
            for (var seen = Interlocked.Read(ref longest); took > seen; seen = Interlocked.Read(ref longest))
                if (Interlocked.CompareExchange(ref longest, took, seen) == seen) break;
        }
    }
}

/// <summary>Datasets of plates, made as they are asked for.</summary>
internal sealed class GeneratedFeed(int datasets, int files) : IndexFeed
{
    private static readonly string[] Words = ["cell", "mitosis", "nuclei", "mouse", "yeast", "screen", "membrane", "kinase", "actin", "division", "light", "sheet"];

    public override string Recipe => "generated";

    public override FacetCatalogue Facets => FacetCatalogue.Standard;

    public static Accession AccessionOf(int number) => Accession.From("S-BIAR", number);

    public override async IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var i = (int)since + 1; i <= datasets; i++) yield return new DatasetChange(AccessionOf(i), i, true);
    }

    public override Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct)
    {
        var random = new Random(accession.GetHashCode());
        var text = string.Join(' ', Enumerable.Range(0, 200).Select(_ => Words[random.Next(Words.Length)]));
        var number = int.Parse(accession.ToString()["S-BIAR".Length..], System.Globalization.CultureInfo.InvariantCulture);
        return Task.FromResult<SearchDocument?>(new SearchDocument
        {
            Accession = accession, Version = 1, Change = number, Title = text[..60], Description = text, ReleaseDate = new DateOnly(2024, 1, 1),
            Texts = [new("title", text[..60]), new("description", text)], Facets = [new("organism", ["Homo sapiens"])],
        });
    }

    public override async IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var i = 0; i < files; i++)
            yield return new SearchFile(ArchivePath.Parse($"plate/image_{i:000000}.tif", null), 1000 + i, "TIFF", [new("Well", $"{(char)('A' + (i / 12 % 8))}{(i % 12) + 1}"), new("Compound", i % 2 == 0 ? "Taxol" : "DMSO")]);
    }

    public override Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct) => Task.FromResult<Stream?>(null);

    public override Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct) => Task.CompletedTask;
}
