using System.IO.Enumeration;
using System.Text;

namespace Archive.Storage.Objects.FileSystem;

/// <summary>Lists keys in the order of their UTF-8 bytes while holding a bounded number of names of each folder on the way.</summary>
internal static class KeyListing
{
    // A larger folder is read several times, each time keeping the next so many names.
    private const int NamesAtOnce = 50_000;

    /// <summary>The keys under the folder that start with the prefix. Those that come or go meanwhile may be listed or not.</summary>
    public static IEnumerable<string> Of(string root, string prefix, int namesAtOnce = NamesAtOnce) =>
        TrySplit(prefix, out var start, out var rest) ? In(Path.Combine(root, start), start, rest, namesAtOnce) : [];

    /// <summary>The folders whose names go on from the prefix up to the next <c>/</c>, which they end with. Nothing inside them is read.</summary>
    public static IEnumerable<string> FoldersOf(string root, string prefix, int namesAtOnce = NamesAtOnce) =>
        TrySplit(prefix, out var start, out var rest)
            ? Names(Path.Combine(root, start), rest, foldersOnly: true, namesAtOnce).Select(n => start + Encoding.UTF8.GetString(n))
            : [];

    private static bool TrySplit(string prefix, out string folder, out byte[] startsWith)
    {
        var slash = prefix.LastIndexOf('/');
        folder = prefix[..(slash + 1)];
        startsWith = Encoding.UTF8.GetBytes(prefix[(slash + 1)..]);
        return !folder.Split('/')[..^1].Any(s => s is "" or "." or "..") && !prefix.Contains('\0', StringComparison.Ordinal);
    }

    private static IEnumerable<string> In(string folder, string keyPrefix, byte[] startsWith, int namesAtOnce)
    {
        foreach (var name in Names(folder, startsWith, foldersOnly: false, namesAtOnce))
        {
            var key = keyPrefix + Encoding.UTF8.GetString(name);
            if (key[^1] != '/') yield return key;
            else
                foreach (var inner in In(Path.Combine(folder, Encoding.UTF8.GetString(name)), key, [], namesAtOnce))
                    yield return inner;
        }
    }

    private static IEnumerable<byte[]> Names(string folder, byte[] startsWith, bool foldersOnly, int namesAtOnce)
    {
        byte[] last = [];
        while (true)
        {
            var names = Next(folder, startsWith, last, foldersOnly, namesAtOnce);
            foreach (var name in names) yield return name;
            if (names.Count < namesAtOnce) yield break;
            last = names[^1];
        }
    }

    // A folder's name counts with its '/', as it does in a key: "a-b" < "a/" < "a0".
    private static List<byte[]> Next(string folder, byte[] startsWith, byte[] after, bool foldersOnly, int count)
    {
        var smallest = new PriorityQueue<byte[], byte[]>(Comparer<byte[]>.Create((x, y) => y.AsSpan().SequenceCompareTo(x)));
        if (!Directory.Exists(folder)) return [];
        try
        {
            var entries = new FileSystemEnumerable<byte[]>(
                folder, (ref FileSystemEntry e) => Encoding.UTF8.GetBytes(e.FileName.ToString() + (e.IsDirectory ? "/" : "")), Options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry e) => e.IsDirectory || !foldersOnly,
            };
            foreach (var name in entries)
            {
                if (!name.AsSpan().StartsWith(startsWith) || name.AsSpan().SequenceCompareTo(after) <= 0) continue;
                if (smallest.Count < count) smallest.Enqueue(name, name);
                else smallest.EnqueueDequeue(name, name);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return []; // emptied and removed meanwhile
        }
        var names = new List<byte[]>(smallest.Count);
        while (smallest.TryDequeue(out var name, out _)) names.Add(name);
        names.Reverse();
        return names;
    }

    private static readonly EnumerationOptions Options = new() { AttributesToSkip = default, IgnoreInaccessible = false, ReturnSpecialDirectories = false };
}
