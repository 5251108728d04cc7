using Archive.Model.Files;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.FileLists;

/// <summary>
/// The staged paths of a draft, their lengths and their folders in 25 bytes each (hash, length, mark), so that lists of millions
/// of rows are checked without asking the database for each. Built once from the stream in path order, then read.
/// </summary>
internal sealed class StagedIndex
{
    private UInt128[] hashes = new UInt128[1024];
    private long[] lengths = new long[1024];
    private byte[] marks = [];
    private int count;

    private StagedIndex()
    {
    }

    /// <summary>Number of staged files.</summary>
    public long Files { get; private set; }

    /// <summary>Sum of their lengths.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads what is staged.</summary>
    /// <param name="staged">In path order.</param>
    /// <param name="perFile">Called for each file in order.</param>
    public static async Task<StagedIndex> BuildAsync(IAsyncEnumerable<NextFile> staged, Action<NextFile>? perFile, CancellationToken ct)
    {
        var index = new StagedIndex();
        var previous = "";
        await foreach (var file in staged.WithCancellation(ct))
        {
            var key = file.Path.MatchKey;
            index.Files++;
            index.Bytes += file.LengthBytes;
            index.Append(PathHash.Of(key), file.LengthBytes);
            index.AppendFolders(key, previous);
            previous = key;
            perFile?.Invoke(file);
        }
        index.Sort();
        return index;
    }

    /// <summary>Where a file, or a folder with its final <c>/</c>, stands; negative when it is not staged.</summary>
    public int Find(string matchKey) => Find(PathHash.Of(matchKey));

    /// <summary>The staged length of the file at a place; -1 for a folder.</summary>
    public long LengthOf(int at) => lengths[at];

    /// <summary>Marks what stands at a place as named by list <paramref name="list"/> (1 to 255); false when that list named it before.</summary>
    public bool TryMark(int at, byte list)
    {
        if (marks[at] == list) return false;
        marks[at] = list;
        return true;
    }

    /// <summary>Marks a file as named by list <paramref name="list"/> when it is staged.</summary>
    public void TryMark(string matchKey, byte list)
    {
        if (Find(matchKey) is >= 0 and var at) marks[at] = list;
    }

    /// <summary>Whether any list named the file.</summary>
    public bool IsMarked(string matchKey) => Find(PathHash.Of(matchKey)) is >= 0 and var at && marks[at] != 0;

    /// <summary>Whether there is a file that no list named; a list may have named a folder that it lies in.</summary>
    public bool HasUnmarkedFile()
    {
        for (var i = 0; i < count; i++)
            if (marks[i] == 0 && lengths[i] >= 0)
                return true;
        return false;
    }

    // Names with a common beginning are neighbours in path order, so a folder is new exactly where the path before is not in it.
    private void AppendFolders(string key, string previous)
    {
        var same = key.AsSpan().CommonPrefixLength(previous);
        for (var slash = key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = key.IndexOf('/', slash + 1))
            if (slash >= same)
                Append(PathHash.Of(key.AsSpan(0, slash + 1)), -1);
    }

    private void Append(UInt128 hash, long length)
    {
        if (count == hashes.Length)
        {
            Array.Resize(ref hashes, count * 2);
            Array.Resize(ref lengths, count * 2);
        }
        hashes[count] = hash;
        lengths[count++] = length;
    }

    private void Sort()
    {
        Array.Sort(hashes, lengths, 0, count);
        marks = new byte[count];
    }

    private int Find(UInt128 hash) => Array.BinarySearch(hashes, 0, count, hash);
}
