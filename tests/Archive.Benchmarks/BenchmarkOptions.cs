using System.Globalization;

namespace Archive.Benchmarks;

/// <summary>What is measured, from the command line.</summary>
/// <param name="Megabytes">Length of the one large file, and of all small ones together, in units of 1,000,000 bytes.</param>
/// <param name="Rounds">How often each is measured; medians are told.</param>
/// <param name="Rows">Rows of the file list, and files of the dataset that one is added to.</param>
/// <param name="Only">The one group that is measured; null for all.</param>
/// <param name="Folder">Where the data folders are made: the volume that is measured.</param>
internal sealed record BenchmarkOptions(int Megabytes, int Rounds, int Rows, string? Only, string Folder)
{
    private static readonly HashSet<string> Groups = new(StringComparer.Ordinal)
    {
        "ingest", "copies", "reading", "lists", "revisions", "search-swap", "search-datasets", "search-files", "search-shelves", "search-http", "search-growth",
    };

    public const string Help = """
        dotnet run -c Release --project tests/Archive.Benchmarks -- [--megabytes N] [--rounds N] [--rows N] [--only GROUP] [--folder DIR]

          --megabytes   size of each dataset in MB, 10 to 100000; 1000 unless given
          --rounds      measurements of each, 1 to 100; 5 unless given
          --rows        rows of the file list, and files of the dataset that one is added to and (up to a million) of the index that is swapped, 1000 to 10000000; 2400000 unless given
          --only        one group: ingest, copies, reading, lists, revisions, search-swap, search-datasets, search-files, search-shelves, search-http
                        or search-growth; all but the last unless given
          --folder      on the volume to measure; the system's temporary folder unless given

        The search groups but search-swap read the corpus that ARCHIVE_BENCH_CORPUS names, and run the prototype in ARCHIVE_BENCH_PROTOTYPE beside it,
        and Lucene 8 where Debian's liblucene8-java and default-jdk-headless are installed.
        Needs curl and nginx (with its dav module); the copying ingest is measured by root only, since it takes a bind mount.
        """;

    public static BenchmarkOptions? Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(1000, 5, 2_400_000, null, Path.GetTempPath());
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i], int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var number), number)
            {
                case ("--megabytes", true, >= 10 and <= 100_000): options = options with { Megabytes = number }; break;
                case ("--rounds", true, >= 1 and <= 100): options = options with { Rounds = number }; break;
                case ("--rows", true, >= 1000 and <= 10_000_000): options = options with { Rows = number }; break;
                case ("--only", _, _) when Groups.Contains(arguments[i + 1]): options = options with { Only = arguments[i + 1] }; break;
                case ("--folder", _, _) when Directory.Exists(arguments[i + 1]): options = options with { Folder = Path.GetFullPath(arguments[i + 1]) }; break;
                default: return null;
            }
        }
        return arguments.Length % 2 == 0 ? options : null;
    }
}
