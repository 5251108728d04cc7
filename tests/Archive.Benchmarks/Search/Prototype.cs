using System.Diagnostics;
using System.Globalization;

namespace Archive.Benchmarks.Search;

/// <summary>What the prototype measured of itself.</summary>
internal sealed record PrototypeFigures(double BuildSeconds, long IndexBytes, double BuildMegabytes, IReadOnlyDictionary<string, Latencies> Kinds);

/// <summary>Builds and runs the search prototype in processes of its own.</summary>
internal static class Prototype
{
    /// <summary>Names its folder, with <c>proto</c> and <c>common</c> in it.</summary>
    public const string Variable = "ARCHIVE_BENCH_PROTOTYPE";

    /// <summary>The name that its figures go by.</summary>
    public const string Name = "prototype";

    public static string Absence => $"{Variable} names no prototype";

    private static string? Source => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "proto")) ? named : null;

    /// <summary>Indexes a corpus and asks its queries of some kinds; null where there is no prototype.</summary>
    /// <param name="folder">Where it is copied to and writes, since its own is nobody's to write to.</param>
    public static async Task<PrototypeFigures?> RunAsync(Corpus corpus, IEnumerable<string> kinds, string folder, CancellationToken ct)
    {
        if (Source is null) return null;
        var program = await CompileAsync("proto", folder, ct);
        var environment = new Dictionary<string, string> { ["CORPUS"] = corpus.Folder, ["INDEX"] = Path.Combine(folder, "index") };
        var built = await OutputOfAsync([program, "build"], environment, ct);
        var asked = await OutputOfAsync([program, "bench", string.Join(',', kinds)], environment, ct);
        var summary = built.Split('\n').First(l => l.StartsWith("files built", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new PrototypeFigures(
            Number(summary[2].TrimEnd('s')), new FileInfo(Path.Combine(folder, "index", "f.idx")).Length, Number(summary[4]) * 1024 / 1e6, Kinds(asked));
    }

    /// <summary>Makes a corpus of so many files in 500 datasets.</summary>
    /// <returns>False where there is no generator.</returns>
    public static async Task<bool> GenerateAsync(string corpus, int files, string folder, CancellationToken ct)
    {
        if (Source is null) return false;
        var program = await CompileAsync("gen", folder, ct);
        await OutputOfAsync([program, corpus, files.ToString(CultureInfo.InvariantCulture), "500", "1000"], [], ct);
        return true;
    }

    // Lines of: engine, kind, queries, p50, p99, mean, rates, hits, check.
    private static Dictionary<string, Latencies> Kinds(string output) => output.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(cells => cells.Length == 10 && cells[0] == "proto")
        .ToDictionary(cells => cells[1], cells => new Latencies(Number(cells[3]), Number(cells[4]), (long)Number(cells[8])));

    private static async Task<string> CompileAsync(string project, string folder, CancellationToken ct)
    {
        foreach (var part in new[] { "common", project })
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Source!, part))) File.Copy(file, Path.Combine(folder, part, Path.GetFileName(file)), overwrite: true);
        }
        await Commands.RunAsync("dotnet", ["build", "-c", "Release", "-v", "q", "-nologo", "-o", Path.Combine(folder, "bin-" + project), Path.Combine(folder, project)], ct);
        return Path.Combine(folder, "bin-" + project, project + ".dll");
    }

    private static async Task<string> OutputOfAsync(IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"The prototype ended with {process.ExitCode}.");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
