namespace Archive.Benchmarks.Search;

/// <summary>A folder written by the prototype's generator: <c>datasets.tsv</c>, <c>files.tsv</c> and <c>queries.tsv</c>.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record Corpus(string Folder)
{
    /// <summary>Names the folder.</summary>
    public const string Variable = "ARCHIVE_BENCH_CORPUS";

    public static string Absence => $"{Variable} names no corpus";

    /// <summary>The corpus that the environment names; null when there is none.</summary>
    public static Corpus? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "queries.tsv")) ? new Corpus(folder) : null;

    /// <summary>The lines of one of its files, cut at tabs.</summary>
    public IEnumerable<string[]> Rows(string file) => File.ReadLines(Path.Combine(Folder, file)).Select(line => line.Split('\t'));

    /// <summary>The queries of some kinds, each as its arguments.</summary>
    public Dictionary<string, List<string[]>> Queries(IReadOnlyCollection<string> kinds) => Rows("queries.tsv")
        .Where(row => kinds.Contains(row[0]))
        .GroupBy(row => row[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(row => row[1..]).ToList(), StringComparer.Ordinal);
}
