using System.Globalization;

namespace Archive.Benchmarks;

/// <summary>What is measured, from the command line.</summary>
/// <param name="Megabytes">Length of the one large file, and of all small ones together, in units of 1,000,000 bytes.</param>
/// <param name="Rounds">How often each is measured; medians are told.</param>
/// <param name="Folder">Where the data folders are made: the volume that is measured.</param>
internal sealed record BenchmarkOptions(int Megabytes, int Rounds, string Folder)
{
    public const string Help = """
        dotnet run -c Release --project tests/Archive.Benchmarks -- [--megabytes N] [--rounds N] [--folder DIR]

          --megabytes   size of each dataset in MB, 10 to 100000; 1000 unless given
          --rounds      measurements of each, 1 to 100; 5 unless given
          --folder      on the volume to measure; the system's temporary folder unless given

        Needs curl and nginx (with its dav module); the copying ingest is measured by root only, since it takes a bind mount.
        """;

    public static BenchmarkOptions? Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(1000, 5, Path.GetTempPath());
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i], int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var number), number)
            {
                case ("--megabytes", true, >= 10 and <= 100_000): options = options with { Megabytes = number }; break;
                case ("--rounds", true, >= 1 and <= 100): options = options with { Rounds = number }; break;
                case ("--folder", _, _) when Directory.Exists(arguments[i + 1]): options = options with { Folder = Path.GetFullPath(arguments[i + 1]) }; break;
                default: return null;
            }
        }
        return arguments.Length % 2 == 0 ? options : null;
    }
}
