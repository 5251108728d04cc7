using System.Collections.Concurrent;

namespace Archive.Storage.Objects.FileSystem;

/// <summary>
/// The folders of the store's keys: made when a key needs them, removed when they are empty, and synced up to the root until each
/// is known to be durable. What a killed process left is not known here, so its folders are synced again.
/// </summary>
/// <param name="root">The folder of all keys; durable.</param>
internal sealed class KeyFolders(string root)
{
    // Folders of finished passes are never asked for again; forgetting one costs a sync.
    private const int RememberedFolders = 50_000;

    // A put that finds its folder removed makes it again; each round means that one more delete emptied it in between.
    private const int Rounds = 1000;

    private readonly ConcurrentDictionary<string, bool> durable = new(StringComparer.Ordinal);

    /// <summary>Gives the file the name, making the folders that it needs.</summary>
    /// <exception cref="IOException">The volume failed or is full, or a part of the name is a file.</exception>
    public LinkOutcome Link(string file, string name)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var outcome = Durable.TryLink(file, name);
            if (outcome != LinkOutcome.Missing) return outcome;
            if (!File.Exists(file)) throw new FileNotFoundException($"'{file}' is gone.", file);
            Make(Path.GetDirectoryName(name)!);
        }
        throw new IOException($"The folder of '{name}' is removed as fast as it is made.");
    }

    /// <summary>Syncs the folders that got an entry, and the parents of all on the way to the root that are not known to be durable.</summary>
    /// <exception cref="IOException">A sync failed.</exception>
    public async Task SyncAsync(IEnumerable<string> entered)
    {
        var syncs = new HashSet<string>(StringComparer.Ordinal);
        var way = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in entered)
        {
            syncs.Add(folder);
            for (var f = folder; f != root && !durable.ContainsKey(f) && way.Add(f);) syncs.Add(f = Path.GetDirectoryName(f)!);
        }
        await Durable.SyncFoldersAsync([.. syncs]);
        if (durable.Count > RememberedFolders) durable.Clear();
        foreach (var folder in way) durable[folder] = true;
    }

    /// <summary>Removes the folder and those above it while they are empty.</summary>
    public void RemoveEmpty(string folder)
    {
        for (; folder != root; folder = Path.GetDirectoryName(folder)!)
        {
            durable.TryRemove(folder, out _);
            if (!Durable.TryRemoveFolder(folder) && Directory.Exists(folder)) return;
        }
    }

    private void Make(string folder)
    {
        if (folder == root) throw new DirectoryNotFoundException("The object store's folder is gone: is its volume mounted?");
        while (true)
        {
            if (Durable.TryMakeFolder(folder, out var parentMissing)) durable.TryRemove(folder, out _);
            if (!parentMissing) return;
            Make(Path.GetDirectoryName(folder)!);
        }
    }
}
