using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Archive.Benchmarks;

/// <summary>
/// A folder written by the corpus generator: <c>datasets.tsv</c>, <c>files.tsv</c>, <c>queries.tsv</c>, and beside it the prototype
/// that the index is held against. Both are named by the environment; what is absent is told, not guessed.
/// </summary>
internal sealed class SearchCorpus
{
    /// <summary>Names the corpus folder.</summary>
    public const string CorpusVariable = "ARCHIVE_BENCH_CORPUS";

    /// <summary>Names the folder that holds the prototype's <c>proto</c> and <c>common</c>.</summary>
    public const string PrototypeVariable = "ARCHIVE_BENCH_PROTOTYPE";

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    private SearchCorpus(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The corpus that the environment names; null when there is none.</summary>
    public static SearchCorpus? Find() =>
        Environment.GetEnvironmentVariable(CorpusVariable) is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "queries.tsv"))
            ? new SearchCorpus(folder)
            : null;

    /// <summary>The lines of one of its files, cut at tabs.</summary>
    public IEnumerable<string[]> Rows(string file) => File.ReadLines(Path.Combine(Folder, file)).Select(line => line.Split('\t'));

    /// <summary>The queries of each kind, each as its arguments.</summary>
    public Dictionary<string, List<string[]>> Queries() =>
        Rows("queries.tsv").GroupBy(row => row[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(row => row[1..]).ToList(), StringComparer.Ordinal);

    /// <summary>Runs queries as the prototype's harness does: a warm-up, then rounds for two seconds, twenty at most.</summary>
    /// <param name="run">One query on one thread.</param>
    public static SearchFigures Measure(IReadOnlyList<string[]> queries, Action<string[]> run)
    {
        for (var warm = 0; warm < 2; warm++)
            foreach (var query in queries)
                run(query);
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < 20 && (round == 0 || clock.Elapsed < Enough); round++)
            foreach (var query in queries)
            {
                var start = Stopwatch.GetTimestamp();
                run(query);
                took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        took.Sort();
        return new SearchFigures(took[took.Count / 2], took[Math.Min(took.Count - 1, (int)(took.Count * 0.99))]);
    }

    /// <summary>Builds the prototype, lets it index the corpus, and runs kinds of queries in a process of its own.</summary>
    /// <param name="work">An empty folder for its program and its index.</param>
    /// <returns>Figures by kind; null when the environment names no prototype.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message carries what it said.</exception>
    public async Task<Dictionary<string, SearchFigures>?> MeasurePrototypeAsync(string work, IEnumerable<string> kinds, CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable(PrototypeVariable) is not { Length: > 0 } prototype || !Directory.Exists(Path.Combine(prototype, "proto"))) return null;
        foreach (var part in new[] { "proto", "common" })
        {
            Directory.CreateDirectory(Path.Combine(work, part));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(prototype, part))) File.Copy(file, Path.Combine(work, part, Path.GetFileName(file)));
        }
        var program = Path.Combine(work, "program");
        await RunAsync(["build", Path.Combine(work, "proto"), "-c", "Release", "-o", program, "-v", "q", "-nologo"], work, ct);
        await RunAsync([Path.Combine(program, "proto.dll"), "build"], work, ct);
        var told = await RunAsync([Path.Combine(program, "proto.dll"), "bench", string.Join(',', kinds)], work, ct);
        return told.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length > 5 && cells[0] == "proto")
            .ToDictionary(cells => cells[1], cells => new SearchFigures(Milliseconds(cells[3]), Milliseconds(cells[4])), StringComparer.Ordinal);
    }

    private async Task<string> RunAsync(string[] arguments, string work, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = work };
        start.Environment["CORPUS"] = Folder;
        start.Environment["INDEX"] = Path.Combine(work, "index");
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? told : throw new InvalidOperationException($"The prototype ended with {process.ExitCode}: {told}");
    }

    // It prints microseconds.
    private static double Milliseconds(string text) => double.Parse(text, CultureInfo.InvariantCulture) / 1000;
}

/// <summary>How long queries of one kind took, in milliseconds.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P99">Of a hundred, all but one took no longer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SearchFigures(double P50, double P99);
