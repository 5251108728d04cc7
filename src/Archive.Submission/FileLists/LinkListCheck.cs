using Archive.Model.Rembi;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>Checks lists of links, in one pass over each; holds 16 bytes a link.</summary>
/// <param name="limits">Bounds of one row.</param>
internal sealed class LinkListCheck(FileListLimits limits)
{
    private const int MaxLinks = 1_000_000;
    private const int MaxLinkChars = 2048;

    /// <summary>Checks a list and adds what it finds.</summary>
    public async Task CheckAsync(Stream content, RembiFileList list, FindingList findings, CancellationToken ct)
    {
        var form = new FileListForm(list.Name, list.Separator, IsOfLinks: true);
        var seen = new HashSet<UInt128>();
        await foreach (var row in FileListReader.ReadAsync(content, form, limits with { MaxRows = Math.Min(limits.MaxRows, MaxLinks) }, findings, ct))
            CheckLink(row, form.Place(row.Number), seen, findings);
    }

    private static void CheckLink(FileListRow row, string place, HashSet<UInt128> seen, FindingList findings)
    {
        var type = row.Attributes.FirstOrDefault(a => a.Name.Equals("Type", StringComparison.OrdinalIgnoreCase))?.Value;
        if (row.Path.Length == 0) findings.Error("link-blank", place, "The row names no link.");
        else if (row.Path.Length > MaxLinkChars) findings.Error("link-long", place, $"The link is longer than {MaxLinkChars} characters.");
        else if (row.Path.Any(char.IsControl)) findings.Error("link-invalid", place, "The link has a control character.");
        else if (type is null && RembiReader.LinkAddress(row.Path, type) is null)
            findings.Warn("link-without-type", place, $"'{Short(row.Path)}' is no address (http, https, ftp, mailto, DOI), and no column Type says what it is.");
        else if (!seen.Add(PathHash.Of($"{type} {row.Path}"))) findings.Warn("link-duplicate", place, $"'{Short(row.Path)}' stands in the list twice.");
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
