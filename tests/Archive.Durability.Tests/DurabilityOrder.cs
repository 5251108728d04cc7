using System.Text.RegularExpressions;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>
/// Judges from a process's system calls whether objects were on the disk before the database was told of them. Only calls that
/// returned count, and only one that began after another had returned counts as after it.
/// </summary>
/// <param name="calls">All links, renames, folders made, syncs and sends of the process while it took the files in.</param>
/// <param name="store">Folder of the objects by key.</param>
internal sealed partial class DurabilityOrder(IReadOnlyList<SystemCall> calls, string store)
{
    private readonly IReadOnlyList<SystemCall> syncs = [.. calls.Where(c => c.Name is "fsync" or "fdatasync" or "syncfs")];

    /// <summary>Calls that gave an object its key, by key; the last of each, since a name whose folder could not be synced is taken back.</summary>
    public IReadOnlyDictionary<string, SystemCall> Links { get; } = calls
        .Where(c => c.Name is "link" or "linkat" && c.Result == 0 && c.Texts[^1].StartsWith(store + "/", StringComparison.Ordinal))
        .GroupBy(c => Path.GetRelativePath(store, c.Texts[^1]), StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);

    /// <summary>The first send that carries the commit: the write of a dataset's head. Null when none was seen.</summary>
    public SystemCall? Commit { get; } = calls.FirstOrDefault(c =>
        c.Name is "sendto" or "sendmsg" or "write" or "writev" && CommitStatement().IsMatch(c.Arguments));

    /// <summary>What was not durable when <paramref name="before"/> began, for the given keys; empty when all was. A line each.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<string> keys, SystemCall? before)
    {
        var end = before?.Began ?? int.MaxValue;
        return [.. keys.SelectMany(key => Links.TryGetValue(key, out var link) && link.Ended < end
            ? OfData(key, link).Concat(OfFolders(key, link, end))
            : [$"{key} had not been linked"])];
    }

    // The bytes are synced under the name that is linked, or one that it had before, and no sync of them ever failed.
    private IEnumerable<string> OfData(string key, SystemCall link)
    {
        var names = NamesBefore(link);
        var ofFile = syncs.Where(s => names.Contains(s.Descriptor)).ToList();
        if (ofFile.Any(s => s.Result != 0 && s.Ended < link.Began)) yield return $"{key}: a sync of its bytes failed, and they were linked all the same";
        if (!ofFile.Any(s => s.Result == 0 && s.Ended < link.Began) && !syncs.Any(s => s.Name == "syncfs" && s.Result == 0 && s.Ended < link.Began))
            yield return $"{key}: its bytes were not synced before it was linked";
    }

    // Its own folder, and the parent of every folder that was made on the way, as it was last made. After a failed sync of a folder
    // the kernel believes its names to be on the disk, so a later one proves nothing: they must have been made again.
    private IEnumerable<string> OfFolders(string key, SystemCall link, int end)
    {
        var folder = Path.GetDirectoryName(link.Texts[^1])!;
        var made = calls.Where(c => c.Name is "mkdir" or "mkdirat" && c.Result == 0 && (folder + "/").StartsWith(c.Texts[^1] + "/", StringComparison.Ordinal))
            .GroupBy(c => c.Texts[^1], StringComparer.Ordinal).Select(g => g.Last());
        var wanted = made.Select(m => (Folder: Path.GetDirectoryName(m.Texts[^1])!, After: m)).Append((Folder: folder, After: link));
        foreach (var (path, after) in wanted)
        {
            var later = syncs.Where(s => s.Began > after.Ended && s.Ended < end && (s.Descriptor == path || s.Name == "syncfs")).ToList();
            if (later.Count == 0) yield return $"{key}: folder {path} was not synced after {after.Name}({after.Texts[^1]})";
            else if (later[0].Result != 0) yield return $"{key}: the sync of folder {path} after {after.Name}({after.Texts[^1]}) failed, and the name stayed";
        }
    }

    private HashSet<string> NamesBefore(SystemCall link)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { link.Texts[0] };
        foreach (var earlier in calls.Where(c => c.Ended < link.Began && c.Result == 0 && c.Name is "link" or "linkat" or "rename" or "renameat" or "renameat2").Reverse())
            if (names.Contains(earlier.Texts[^1]))
                names.Add(earlier.Texts[0]);
        return names;
    }

    [GeneratedRegex(@"(INSERT INTO|UPDATE) datasets\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex CommitStatement();
}
