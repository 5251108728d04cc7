using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.FileLists;

/// <summary>
/// Finds names that cannot or should not stand side by side: a file that is also a folder (error), and names that differ only in
/// case (warning). Fed in path order; holds 8 bytes a file.
/// </summary>
internal sealed class StagedNames
{
    // Files whose name is a beginning of the current one: names with a common beginning are neighbours in path order.
    private readonly Stack<string> beginnings = new();
    private readonly List<(string File, string Below)> clashes = [];
    private readonly List<ulong> folded = [];
    private long clashCount;

    /// <summary>Takes the next path.</summary>
    public void Add(ArchivePath path)
    {
        var key = path.MatchKey;
        while (beginnings.TryPeek(out var top) && !key.StartsWith(top, StringComparison.Ordinal)) beginnings.Pop();
        foreach (var file in beginnings)
        {
            if (key.Length == file.Length || key[file.Length] != '/') continue;
            clashCount++;
            if (clashes.Count < FindingList.MaxKept) clashes.Add((file, path.Value));
        }
        beginnings.Push(key);
        folded.Add(Fold(key));
    }

    /// <summary>Adds the findings; reads the paths once more where names may differ only in case.</summary>
    public async Task ReportAsync(Func<IAsyncEnumerable<NextFile>> again, FindingList findings, CancellationToken ct)
    {
        foreach (var (file, below) in clashes)
            findings.Error("file-is-folder", below, $"'{file}' is a file and at the same time a folder of this file. Rename one of them.");
        if (clashCount > clashes.Count)
            findings.Add(new ValidationReport([], clashCount - clashes.Count));
        folded.Sort();
        var twice = new HashSet<ulong>();
        for (var i = 1; i < folded.Count; i++)
            if (folded[i] == folded[i - 1] && twice.Count < FindingList.MaxKept)
                twice.Add(folded[i]);
        if (twice.Count == 0) return;
        var first = new Dictionary<ulong, string>();
        await foreach (var staged in again().WithCancellation(ct))
        {
            var hash = Fold(staged.Path.MatchKey);
            if (twice.Contains(hash) && !first.TryAdd(hash, staged.Path.Value))
                findings.Warn("file-case-collision", staged.Path.Value, $"The name differs from '{first[hash]}' only in case: on some systems one would overwrite the other.");
        }
    }

    private static ulong Fold(string key) => (ulong)PathHash.Of(key.ToUpperInvariant());
}
