using System.Diagnostics;
using System.Globalization;

namespace Archive.Benchmarks.Search;

/// <summary>What Lucene 8 measured of itself.</summary>
internal sealed record LuceneFigures(double DatasetSeconds, double FileSeconds, long FileBytes, IReadOnlyDictionary<string, Latencies> Kinds);

/// <summary>Runs Lucene 8 with its own facets over a corpus, in processes of its own, where its packages and a Java compiler are installed.</summary>
internal static class LucenePeer
{
    /// <summary>The name that its figures go by.</summary>
    public const string Name = "Lucene 8";

    private const string Jars = "/usr/share/java";
    private static readonly string[] Parts = ["core", "analyzers-common", "facet", "queries", "misc"];

    public static string Absence => "the Debian packages liblucene8-java and default-jdk-headless are not installed";

    /// <summary>Indexes a corpus and asks it queries; null where it is not installed.</summary>
    /// <param name="folder">Where its program and index are written.</param>
    public static async Task<LuceneFigures?> RunAsync(Corpus corpus, IEnumerable<string> kinds, string folder, CancellationToken ct)
    {
        if (ClassPath() is not { } jars || !File.Exists("/usr/bin/javac")) return null;
        var index = Directory.CreateDirectory(Path.Combine(folder, "index")).FullName;
        await Commands.RunAsync("javac", ["-nowarn", "-cp", jars, "-d", folder, Path.Combine(AppContext.BaseDirectory, "Lucene", "LuceneSearch.java")], ct);
        var environment = new Dictionary<string, string> { ["CORPUS"] = corpus.Folder, ["INDEX"] = index };
        string[] java = ["-Xmx3g", "-XX:+UseSerialGC", "-cp", folder + ":" + jars, "LuceneSearch"];
        var built = Cells(await OutputOfAsync([.. java, "build"], environment, ct), "built").ToDictionary(c => c[1], c => Number(c[2]));
        var asked = Cells(await OutputOfAsync([.. java, "bench", string.Join(',', kinds)], environment, ct), "lucene");
        var bytes = Directory.EnumerateFiles(Path.Combine(index, "files")).Sum(f => new FileInfo(f).Length);
        return new LuceneFigures(built["datasets"], built["files"], bytes, asked.ToDictionary(c => c[1], c => new Latencies(Number(c[2]), Number(c[3]), (long)Number(c[4]))));
    }

    private static string? ClassPath()
    {
        var jars = Parts.Select(part => Directory.Exists(Jars) ? Directory.EnumerateFiles(Jars, $"lucene-{part}-8.*.jar").FirstOrDefault() : null).ToList();
        return jars.Contains(null) ? null : string.Join(':', jars);
    }

    private static IEnumerable<string[]> Cells(string output, string first) =>
        output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length > 2 && cells[0] == first);

    private static async Task<string> OutputOfAsync(IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken ct)
    {
        var start = new ProcessStartInfo("java", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"Lucene ended with {process.ExitCode}: {output}");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
