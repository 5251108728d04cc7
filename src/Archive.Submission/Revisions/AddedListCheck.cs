using System.Globalization;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submissions.FileLists;

namespace Archive.Submissions.Revisions;

/// <summary>
/// Compares a list that a revision adds with the files that it adds, which an index holds, and with those of the version before, which
/// are looked up in batches: the cost is the list's, however many files there are.
/// </summary>
/// <param name="lists">Reads lists.</param>
/// <param name="files">The files of the next version; none of the version before is replaced or removed.</param>
/// <param name="added">The staged ones.</param>
/// <param name="findings">Where what is found is added.</param>
internal sealed class AddedListCheck(FileListCheck lists, NextFileSet files, StagedIndex added, FindingList findings)
{
    private const int BatchRows = 1000;

    private readonly List<(ArchivePath Path, long? Declared, string Place, bool IsAddedFolder)> pending = [];
    private readonly HashSet<UInt128> named = [];
    private bool namesFolders;

    /// <summary>Whether a row speaks of files that the version before has: then each of its files is compared.</summary>
    public bool NamesBase { get; private set; }

    /// <summary>Checks a list.</summary>
    /// <param name="mark">Marks what it names.</param>
    /// <returns>Whether it names folders.</returns>
    public async Task<bool> CheckAsync(NextFile found, RembiFileList list, byte mark, CancellationToken ct)
    {
        namesFolders = false;
        named.Clear();
        var form = new FileListForm(list.Name, list.Separator, Tally: new ColumnTally());
        await foreach (var row in lists.ReadAsync(files, found, form, findings, ct))
        {
            CheckRow(row, FileListReader.Place(list.Name, row.Number), mark);
            if (pending.Count == BatchRows) await LookUpAsync(ct);
        }
        await LookUpAsync(ct);
        form.Tally!.Report(form, findings);
        return namesFolders;
    }

    /// <summary>Marks the folders that an unchanged list names and added files lie in. It was checked with the version that brought it.</summary>
    public async Task MarkFoldersAsync(NextFile found, RembiFileList list, byte mark, CancellationToken ct)
    {
        var ignored = new FindingList();
        await foreach (var row in lists.ReadAsync(files, found, new(list.Name, list.Separator), ignored, ct))
            if (ArchivePath.TryParse(row.Path, CultureInfo.InvariantCulture, out var path))
                added.TryMark(path.MatchKey + "/", mark);
    }

    private void CheckRow(FileListRow row, string place, byte mark)
    {
        if (ArchivePath.Check(row.Path) is { } fault)
        {
            findings.Error("file-path", place, $"'{FileListCheck.Short(row.Path)}': {fault}");
            return;
        }
        var path = ArchivePath.Parse(row.Path, CultureInfo.InvariantCulture);
        var key = path.MatchKey;
        if (added.Find(key) is >= 0 and var at)
        {
            CheckLength(row.Path, row.DeclaredLengthBytes, added.LengthOf(at), place);
            if (!added.TryMark(at, mark)) ReportTwice(row.Path, place);
            return;
        }
        // A folder of added files may be one of the version before, too.
        var folder = added.Find(key + "/");
        if (folder >= 0)
        {
            namesFolders = true;
            added.TryMark(folder, mark);
        }
        if (!named.Add(PathHash.Of(key))) ReportTwice(row.Path, place);
        else pending.Add((path, row.DeclaredLengthBytes, place, folder >= 0));
    }

    private async Task LookUpAsync(CancellationToken ct)
    {
        var before = await files.FindBaseAsync([.. pending.Select(p => p.Path)], ct);
        var folders = await files.FindBaseFoldersAsync([.. pending.Select(p => p.Path).Where(p => !before.ContainsKey(p.MatchKey))], ct);
        foreach (var (path, declared, place, isAddedFolder) in pending)
            if (before.TryGetValue(path.MatchKey, out var file))
            {
                NamesBase = true;
                CheckLength(path.Value, declared, file.LengthBytes, place);
            }
            else if (folders.Contains(path))
            {
                NamesBase = namesFolders = true;
            }
            else if (!isAddedFolder)
            {
                findings.Error("file-missing", place, $"'{path}' is neither among the uploaded files nor among those of the version before.");
            }
        pending.Clear();
    }

    private void CheckLength(string text, long? declared, long length, string place)
    {
        if (declared is { } size && size != length)
            findings.Error("file-size-differs", place, $"'{text}' is declared with {size} bytes and has {length}.");
    }

    private void ReportTwice(string text, string place) => findings.Error("file-duplicate", place, $"'{text}' is named twice in the list.");
}
