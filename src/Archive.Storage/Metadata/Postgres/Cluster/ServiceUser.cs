using System.Diagnostics;
using System.Globalization;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>
/// Whom PostgreSQL's programs run as: this process's own user, or, since they refuse root, the user <c>postgres</c> when this
/// process is root.
/// </summary>
internal sealed class ServiceUser
{
    private const string Name = "postgres";

    private readonly (uint User, uint Group)? dropTo;

    private ServiceUser((uint User, uint Group)? dropTo) => this.dropTo = dropTo;

    /// <summary>Whether the programs run as another user than this process.</summary>
    public bool IsOther => dropTo is not null;

    /// <exception cref="PrivateClusterException">This process is root and there is no such user.</exception>
    public static ServiceUser Find()
    {
        if (!Environment.IsPrivilegedProcess) return new ServiceUser(null);
        return Libc.FindUser(Name) is { User: not 0 } user
            ? new ServiceUser(user)
            : throw new PrivateClusterException(
                $"PostgreSQL does not run as root and there is no user '{Name}' to run it as: create one, or start the archive as an ordinary user.");
    }

    /// <summary>Gives the file or folder to the user.</summary>
    public void Own(string path)
    {
        if (dropTo is var (user, group) && Libc.Chown(path, user, group) != 0)
            throw new PrivateClusterException($"The owner of {path} cannot be set to '{Name}': use a data folder on a local volume.");
    }

    /// <summary>
    /// How to start a program as the user, in a session of its own, so that signals to our process group and terminal do not
    /// reach it, with all output in a file, so that it holds none of our pipes. The program keeps the process id.
    /// </summary>
    public ProcessStartInfo Command(string logFile, string program, params IEnumerable<string> arguments)
    {
        // The words are handed over as arguments and never pass through a shell's reading: a path may hold any character.
        List<string> words = ["setsid"];
        if (dropTo is var (user, group)) words.AddRange(["setpriv", $"--reuid={Text(user)}", $"--regid={Text(group)}", "--init-groups", "--"]);
        words.AddRange(["sh", "-c", "umask 077; log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1", "sh", logFile, program]);
        words.AddRange(arguments);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // Messages are read by people and by this code: one language. HOME may be closed to the user.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = "/";
        return start;
    }

    private static string Text(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
