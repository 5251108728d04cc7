using System.Text;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>
/// Files of a private cluster: <c>DATA/postgres/data</c> is PostgreSQL's, <c>server.log</c> its log, <c>socket-dir</c> and
/// <c>port</c> tell scripts where it answers. Where this process is root, only <c>data</c>, the socket's folder and the log
/// belong to the service user.
/// </summary>
internal sealed class ClusterFolders
{
    /// <summary>Names the socket file; nothing listens on a network.</summary>
    public const int Port = 5432;

    // A socket's address ends at 107 bytes (unix(7)); the file's own name is part of it.
    private const int MaxSocketFolderBytes = 107 - 15;

    private readonly ServiceUser user;

    public ClusterFolders(string dataFolder, ServiceUser user)
    {
        this.user = user;
        // The kernel tells a process's folder with all links resolved, and so must we.
        Root = Path.Combine(Libc.RealPath(Directory.CreateDirectory(dataFolder).FullName), "postgres");
        Data = Path.Combine(Root, "data");
        Log = Path.Combine(Root, "server.log");
    }

    public string Root { get; }

    public string Data { get; }

    public string Log { get; }

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public string? Major => File.Exists(Path.Combine(Data, "PG_VERSION")) ? File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim() : null;

    private string PortRecord => Path.Combine(Root, "port");

    private string SocketRecord => Path.Combine(Root, "socket-dir");

    /// <summary>Makes the folders and the log ready for the service user.</summary>
    /// <exception cref="PrivateClusterException">The user cannot get there.</exception>
    public void Prepare()
    {
        Directory.CreateDirectory(Root);
        if (user.IsOther)
        {
            // Passing through shows nothing of what is inside: the data itself stays closed to all but its owner.
            LetPass(Path.GetDirectoryName(Root)!);
            LetPass(Root);
            if (FirstClosedParent() is { } closed)
                throw new PrivateClusterException(
                    $"PostgreSQL does not run as root, and its user cannot pass through {closed}: use a data folder elsewhere, or run chmod o+x '{closed}'.");
        }
        const long longLog = 16 << 20;
        if (File.Exists(Log) && new FileInfo(Log).Length > longLog) File.Replace(Log, Log + ".1", null);
        if (!File.Exists(Log)) File.Create(Log).Dispose();
        File.SetUnixFileMode(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        user.Own(Log);
    }

    /// <summary>Makes a folder that only the service user enters.</summary>
    public string MakePrivate(string folder)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, ownerOnly);
        user.Own(folder);
        return folder;
    }

    /// <summary>The folder for a new server's socket: below the data when its name is short and plain enough, else a fresh one in /tmp.</summary>
    public string MakeSocketFolder()
    {
        RemoveSocketFolder();
        var near = Path.Combine(Root, "socket");
        var fits = Encoding.UTF8.GetByteCount(near) <= MaxSocketFolderBytes
            && near.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-');
        var folder = MakePrivate(fits ? near : Libc.MakeShortFolder());
        File.WriteAllText(SocketRecord, folder + "\n");
        return folder;
    }

    /// <summary>Tells scripts where the server answers; they wait for the port's file.</summary>
    public void RecordReady(string socketFolder)
    {
        File.WriteAllText(SocketRecord, socketFolder + "\n");
        File.WriteAllText(PortRecord, $"{Port}\n");
    }

    /// <summary>Removes what a dead server left of its socket, lock file included: PostgreSQL takes a zombie's for a living one's.</summary>
    public void RemoveSocketFolder()
    {
        File.Delete(PortRecord);
        if (!File.Exists(SocketRecord)) return;
        var folder = File.ReadAllText(SocketRecord).Trim();
        foreach (var name in (string[])[$".s.PGSQL.{Port}", $".s.PGSQL.{Port}.lock"])
            if (Directory.Exists(folder)) File.Delete(Path.Combine(folder, name));
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        File.Delete(SocketRecord);
    }

    /// <summary>The last lines of the log, for a message.</summary>
    public string LogTail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(8)) : "";

    private string? FirstClosedParent()
    {
        for (var folder = Root; folder is not null; folder = Path.GetDirectoryName(folder))
            if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
                return folder;
        return null;
    }

    private static void LetPass(string folder) => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
}
