using System.Globalization;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>
/// The server process of a data folder as <c>postmaster.pid</c> tells of it: line 1 its process id, 4 its port, 5 its socket
/// folder, 8 its status (PostgreSQL source, <c>utils/pidfile.h</c>).
/// </summary>
internal sealed record Postmaster(int Pid, string SocketFolder, string Status)
{
    /// <summary>Whether it takes connections.</summary>
    public bool IsReady => Status == "ready";

    /// <summary>Whether it is going down.</summary>
    public bool IsStopping => Status == "stopping";

    public static string LockFile(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>What the lock file says; null when there is none or it is not whole (it is written when a start begins).</summary>
    public static Postmaster? Read(string dataFolder)
    {
        try
        {
            var lines = File.ReadAllLines(LockFile(dataFolder));
            return lines.Length > 0 && int.TryParse(lines[0].Trim(), CultureInfo.InvariantCulture, out var pid) && pid > 1
                ? new Postmaster(pid, lines.ElementAtOrDefault(4)?.Trim() ?? "", lines.ElementAtOrDefault(7)?.Trim() ?? "")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the process lives and is the server of this data folder. A killed server stays a zombie until someone reaps it,
    /// and a number is given again to other processes: PostgreSQL itself would take both for a living server.
    /// </summary>
    public bool IsServerOf(string dataFolder) => WorksIn(Pid, dataFolder) && !IsDead(Pid);

    /// <summary>Whether the number is no process's, or that of one which is dead but not yet reaped.</summary>
    public static bool IsDead(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // "pid (name) state …", and the name may hold blanks and parentheses
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Processes of a server that work in its data folder, as all of them do; those of other users are seen by root only.</summary>
    public static IEnumerable<int> ProcessesIn(string dataFolder) => Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 1 && WorksIn(pid, dataFolder) && !IsDead(pid));

    private static bool WorksIn(int pid, string dataFolder)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget == dataFolder
                && Path.GetFileName(new FileInfo($"/proc/{pid}/exe").LinkTarget ?? "").StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
