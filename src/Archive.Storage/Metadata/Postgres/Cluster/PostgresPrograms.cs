using System.Diagnostics;
using System.Globalization;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>Where <c>initdb</c> and <c>postgres</c> stand.</summary>
/// <param name="Folder">The folder with both.</param>
internal sealed record PostgresPrograms(string Folder)
{
    private const string Install = "Install the PostgreSQL server (Debian, Ubuntu: apt-get install postgresql) or configure the address of one that runs.";

    public string InitDb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>Finds the programs; data that exists is only ever opened by the major version that made it.</summary>
    /// <param name="folder">The configured folder; null to look around.</param>
    /// <param name="major">The major version that made the data; null for a new cluster, which takes the newest.</param>
    /// <exception cref="PostgresMissingException">There are none, or none of that version.</exception>
    public static PostgresPrograms Find(string? folder, string? major)
    {
        var found = (folder is null ? Candidates() : [folder]).Where(HasBoth).ToList();
        if (found.Count == 0)
            throw new PostgresMissingException(folder is null
                ? $"The PostgreSQL server programs (initdb, postgres) are not on this machine. {Install}"
                : $"The folder {folder} has no PostgreSQL server programs (initdb, postgres). {Install}");
        if (major is null) return new PostgresPrograms(found[0]);
        var fitting = found.Find(f => AskMajor(f) == major);
        return fitting is not null
            ? new PostgresPrograms(fitting)
            : throw new PostgresMissingException(
                $"The data was made by PostgreSQL {major}, and this machine has only {string.Join(", ", found)}: install PostgreSQL {major}.");
    }

    private static bool HasBoth(string folder) => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    // Debian keeps a folder per major version, Red Hat's builds another; newest first, then whatever PATH has.
    private static IEnumerable<string> Candidates()
    {
        var versioned = Folders("/usr/lib/postgresql", "*").Concat(Folders("/usr", "pgsql-*"))
            .Select(f => Path.Combine(f, "bin"))
            .OrderByDescending(MajorOf);
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return versioned.Concat(path);
    }

    private static string[] Folders(string root, string pattern) => Directory.Exists(root) ? Directory.GetDirectories(root, pattern) : [];

    // "postgres (PostgreSQL) 15.18 (Debian …)", "postgres (PostgreSQL) 18beta1": asked, since a folder's name may say nothing.
    private static string? AskMajor(string bin)
    {
        using var asking = Process.Start(new ProcessStartInfo(Path.Combine(bin, "postgres"), ["--version"])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        });
        var answer = asking?.StandardOutput.ReadToEnd().Split(' ').ElementAtOrDefault(2) ?? "";
        return new string([.. answer.TakeWhile(char.IsAsciiDigit)]);
    }

    private static int? MajorOf(string bin)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(bin)) ?? "";
        return int.TryParse(name.Replace("pgsql-", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var major) ? major : null;
    }
}
