using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Model.Search;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Benchmarks.Search;

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

    public static async Task<BenchIndex> BuildAsync(Corpus corpus, int? filesEach, string folder, CancellationToken ct)
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

    public Dictionary<string, Latencies> MeasureAll(Dictionary<string, List<FileQuery>> queries) => FileQueries.Kinds
        .Where(queries.ContainsKey)
        .ToDictionary(kind => kind, kind => Latencies.Measure(queries[kind], query => kind == "export" ? Export(query) : Search.SearchFiles(query, default).Total));

    // As it goes into an answer, a stretch at a time.
    private long Export(FileQuery query)
    {
        var lines = new ArrayBufferWriter<byte>(1 << 20);
        using var export = Search.ExportFiles(query, FileExportForm.JsonLines, default);
        while (export.Write(lines, 500, default)) lines.ResetWrittenCount();
        return export.Total;
    }

    public void Dispose() => current.Dispose();

    private static double ResidentPeak() => double.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].TrimEnd('B', 'k', ' '), CultureInfo.InvariantCulture) * 1024 / 1e6;
}
