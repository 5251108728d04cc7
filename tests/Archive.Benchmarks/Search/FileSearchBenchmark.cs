using System.Diagnostics;
using System.Globalization;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Benchmarks.Search;

/// <summary>
/// Searching files: filters with eight facets in a dataset of half of all files, keywords with six facets over all, a page far
/// in, export. Beside each the prototype that the index was modelled on, run right after on the same corpus and machine.
/// </summary>
internal sealed class FileSearchBenchmark(BenchmarkOptions options, ResultTable table)
{
    /// <summary>Names the folder of a corpus that the prototype's generator made.</summary>
    public const string CorpusVariable = "ARCHIVE_BENCH_CORPUS";

    public async Task RunAsync(CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable(CorpusVariable) is not { Length: > 0 } corpus || !File.Exists(Path.Combine(corpus, "files.tsv")))
        {
            table.AddAbsent("file search", $"{CorpusVariable} names no corpus");
            return;
        }
        using var folder = new TempFolder(options.Folder);
        using var index = await BenchIndex.BuildAsync(corpus, null, folder["index"], ct);
        var ours = index.MeasureAll(FileQueries.Read(corpus));
        var theirs = await Prototype.RunAsync(corpus, folder["prototype"], ct);
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

/// <summary>A corpus indexed in a folder of its own.</summary>
internal sealed class BenchIndex : IDisposable
{
    private readonly CurrentIndex current = new();

    private BenchIndex(string folder)
    {
        Options = new IndexOptions(folder, new byte[32]);
        Search = new SearchIndex(current, Options);
    }

    public IndexOptions Options { get; }

    public SearchIndex Search { get; }

    public long Files { get; private set; }

    public TimeSpan BuildTime { get; private set; }

    /// <summary>Of the generation, of which the documents take next to nothing.</summary>
    public long Bytes { get; private set; }

    /// <summary>The process's largest resident set up to the end of the build, in units of 1,000,000 bytes.</summary>
    public double BuildMegabytes { get; private set; }

    public static async Task<BenchIndex> BuildAsync(string corpus, int? filesEach, string folder, CancellationToken ct)
    {
        using var feed = new CorpusFeed(corpus, filesEach);
        var index = new BenchIndex(folder) { Files = feed.Files };
        using var builder = new IndexBuilder(feed, index.current, index.Options, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        var clock = Stopwatch.StartNew();
        var built = await builder.BuildAsync(ct);
        index.BuildTime = clock.Elapsed;
        index.Bytes = built.GenerationBytes;
        index.BuildMegabytes = ResidentPeak();
        return index;
    }

    public Dictionary<string, Latencies> MeasureAll(Dictionary<string, List<Model.Search.FileQuery>> queries) => FileQueries.Kinds
        .Where(queries.ContainsKey)
        .ToDictionary(kind => kind, kind => Latencies.Measure(queries[kind], query => Search.SearchFiles(query, default).Total));

    public void Dispose() => current.Dispose();

    private static double ResidentPeak() => double.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].TrimEnd('B', 'k', ' '), CultureInfo.InvariantCulture) * 1024 / 1e6;
}
