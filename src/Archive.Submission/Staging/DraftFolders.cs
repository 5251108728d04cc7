using System.Collections.Concurrent;
using Archive.Model.Submissions;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Submissions.Staging;

/// <summary>A folder for each draft, holding one file for each content; made durable once for each process, and counted.</summary>
internal sealed class DraftFolders(string root)
{
    private const int RememberedDrafts = 10_000;

    private readonly ConcurrentDictionary<DraftId, Entry> known = new();

    public string PathOf(DraftId draft) => Path.Combine(root, draft.ToString());

    public string PathOf(DraftId draft, UploadId content) => Path.Combine(root, draft.ToString(), content.ToString());

    /// <summary>Makes the draft's folder durable where it is not known to be. Blocks.</summary>
    /// <returns>How many contents it has.</returns>
    public int Enter(DraftId draft)
    {
        var folder = PathOf(draft);
        if (known.TryGetValue(draft, out var entry) && Directory.Exists(folder)) return Volatile.Read(ref entry.Files);
        if (!File.Exists(Path.Combine(root, VolumeIdentity.FileName)))
            throw new WrongVolumeException($"Staging '{root}' has no file '{VolumeIdentity.FileName}': is its volume mounted?");
        Durable.CreateFolder(folder);
        Durable.SyncFolder(root); // A killed process may have made the folder and not synced it.
        if (known.Count > RememberedDrafts) known.Clear();
        entry = new Entry { Files = Directory.EnumerateFiles(folder).Count() };
        known[draft] = entry;
        return entry.Files;
    }

    /// <summary>Opens a new content; the draft's folder was entered, but may have been removed since.</summary>
    public NewFile Create(DraftId draft, UploadId content, long reserveBytes)
    {
        try
        {
            return NewFile.Create(PathOf(draft, content), reserveBytes);
        }
        catch (DirectoryNotFoundException)
        {
            Forget(draft);
            Enter(draft);
            return NewFile.Create(PathOf(draft, content), reserveBytes);
        }
    }

    /// <summary>Counts a content that is to stay (1) or was removed (-1).</summary>
    public void Count(DraftId draft, int change)
    {
        if (known.TryGetValue(draft, out var entry)) Interlocked.Add(ref entry.Files, change);
    }

    /// <summary>Removes the folder with all contents. Blocks.</summary>
    public void Remove(DraftId draft, CancellationToken ct)
    {
        Forget(draft);
        var folder = new DirectoryInfo(PathOf(draft));
        try
        {
            foreach (var content in folder.EnumerateFiles())
            {
                ct.ThrowIfCancellationRequested();
                Durable.TryUnlink(content.FullName);
            }
            RemoveIfEmpty(draft);
        }
        catch (DirectoryNotFoundException)
        {
            // It is gone.
        }
    }

    /// <summary>Removes the folder when it has no contents; one that is being filled stays or is made again.</summary>
    public void RemoveIfEmpty(DraftId draft)
    {
        Forget(draft);
        Durable.TryRemoveFolder(PathOf(draft));
    }

    public void Forget(DraftId draft) => known.TryRemove(draft, out _);

    private sealed class Entry
    {
        public int Files;
    }
}
