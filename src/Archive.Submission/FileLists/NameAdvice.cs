using System.Buffers;
using System.Text;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>Proposes names for files whose own has characters that some systems refuse or read as something else. Refuses none.</summary>
internal sealed class NameAdvice
{
    /// <summary>So many files are named; the others are counted.</summary>
    private const int MaxNamed = 20;

    private static readonly SearchValues<char> Safe = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!-_*'(). /");

    private readonly List<string> named = [];
    private long count;

    /// <summary>Takes a file.</summary>
    public void Add(ArchivePath path)
    {
        if (path.Value.AsSpan().IndexOfAnyExcept(Safe) < 0) return;
        count++;
        if (named.Count < MaxNamed) named.Add(path.Value);
    }

    /// <summary>Adds the proposals.</summary>
    public void Report(FindingList findings)
    {
        foreach (var path in named)
            findings.Warn("file-name-unsafe", path, "The name has characters that some systems refuse or read otherwise. It is kept as it is; another would be safer.", Propose(path));
        if (count > named.Count)
            findings.Warn("file-names-unsafe", named[^1], $"{count} names have such characters; the first {named.Count} are listed.");
    }

    /// <summary>The name with each character that is not safe replaced.</summary>
    public static string Propose(string path)
    {
        var safe = new StringBuilder(path.Length);
        foreach (var rune in path.EnumerateRunes())
            safe.Append(rune.IsBmp && Safe.Contains((char)rune.Value) ? (char)rune.Value : rune.Value is 'µ' or 'μ' ? 'u' : '_');
        return safe.ToString();
    }
}
