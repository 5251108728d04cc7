using System.Globalization;
using System.Runtime.CompilerServices;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Model.Text;
using Archive.Storage.Metadata;
using Archive.Submissions.Revisions;
using Archive.Submissions.Staging;
using Archive.Submissions.Validation;

namespace Archive.Submissions.FileLists;

/// <summary>What the check of file lists learnt besides findings.</summary>
/// <param name="Files">Staged files.</param>
/// <param name="Bytes">Sum of their lengths.</param>
/// <param name="Lists">The lists that were there, in the order of the page tab.</param>
public sealed record FileListCheckResult(long Files, long Bytes, IReadOnlyList<ListedSource> Lists);

/// <summary>
/// Compares the file lists and inline files of a page tab with what is staged, in one pass over each list and one or two over the
/// staged paths; memory is about 50 bytes for each staged file, whatever the lists' length and width.
/// </summary>
/// <param name="uploads">What is staged.</param>
/// <param name="staging">Where the lists lie.</param>
/// <param name="limits">Bounds of one row.</param>
public sealed class FileListCheck(IUploadStore uploads, StagingArea staging, FileListLimits limits)
{
    // The mark of files that are named, where naming them again is no fault.
    private const byte Mentioned = 255;

    private readonly LinkListCheck links = new(limits);

    /// <summary>Checks everything of a first version and adds what it finds.</summary>
    public Task<FileListCheckResult> CheckAsync(DraftId draft, RembiStudy study, FindingList findings, CancellationToken ct) =>
        CheckAsync(NextFileSet.OfStaged(draft, uploads, staging), study, findings, ct);

    /// <summary>Checks everything against all files that a version will have, and adds what it finds.</summary>
    public async Task<FileListCheckResult> CheckAsync(NextFileSet files, RembiStudy study, FindingList findings, CancellationToken ct)
    {
        var names = new StagedNames();
        var advice = new NameAdvice();
        var sources = new List<ListedSource>();
        var index = await StagedIndex.BuildAsync(files.ListPresentAsync(ct), f =>
        {
            names.Add(f.Path);
            // What a version has keeps its name.
            if (f.Base is null) advice.Add(f.Path);
        }, ct);
        await names.ReportAsync(() => files.ListPresentAsync(ct), findings, ct);
        if (index.Files == 0) findings.Warn("files-none", "$", "The draft has no file.");
        byte mark = 0;
        foreach (var list in study.FileLists.DistinctBy(l => l.Name, StringComparer.Ordinal).Take(SubmissionValidator.MaxFileLists))
            if (await FindListAsync(files, list, findings, ct) is { } found)
                sources.Add(SourceOf(list, found) with { NamesFolders = await CheckListAsync(files, found, list, index, mark = Next(mark), findings, ct) });
        foreach (var list in study.LinkLists.DistinctBy(l => l.Name, StringComparer.Ordinal).Take(SubmissionValidator.MaxFileLists))
        {
            if (await FindListAsync(files, list, findings, ct) is not { } found) continue;
            index.TryMark(found.Path.MatchKey, Mentioned);
            await CheckLinksAsync(files, found, list, findings, ct);
        }
        CheckInline(study.InlineFiles, index, mark, findings);
        if ((study.FileLists.Count > 0 || study.InlineFiles.Count > 0) && index.HasUnmarkedFile()) await ReportUnlistedAsync(files.ListPresentAsync(ct), study, index, findings, ct);
        advice.Report(findings);
        return new(index.Files, index.Bytes, sources);
    }

    /// <summary>The file that a page tab's file list names; null with a finding when there is none.</summary>
    public static async Task<NextFile?> FindListAsync(NextFileSet files, RembiFileList list, FindingList findings, CancellationToken ct)
    {
        if (ArchivePath.Check(list.Name) is { } fault)
        {
            findings.Error("file-list-path", list.Place, $"The file list '{Short(list.Name)}' is no path: {fault}");
            return null;
        }
        var path = ArchivePath.Parse(list.Name, CultureInfo.InvariantCulture);
        if (await files.FindAsync(path, ct) is { State: not NextFileState.Removed } found) return found;
        findings.Error("file-list-missing", list.Place, $"The file list '{list.Name}' is not among the uploaded files. Upload it under this path.");
        return null;
    }

    /// <summary>What a list is to the files that it gives attributes; whether it names folders is not known here.</summary>
    internal static ListedSource SourceOf(RembiFileList list, NextFile found) => new(list.Name, found.Digests.Sha256, list.Separator ?? "", false);

    /// <summary>The rows of a list.</summary>
    internal async IAsyncEnumerable<FileListRow> ReadAsync(
        NextFileSet files, NextFile found, FileListForm form, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var content = await files.OpenAsync(found, ct);
        await foreach (var row in FileListReader.ReadAsync(content, form, limits, findings, ct)) yield return row;
    }

    /// <summary>Checks a list of links.</summary>
    internal async Task CheckLinksAsync(NextFileSet files, NextFile found, RembiFileList list, FindingList findings, CancellationToken ct)
    {
        await using var content = await files.OpenAsync(found, ct);
        await links.CheckAsync(content, list, findings, ct);
    }

    private async Task<bool> CheckListAsync(
        NextFileSet files, NextFile found, RembiFileList list, StagedIndex index, byte mark, FindingList findings, CancellationToken ct)
    {
        index.TryMark(found.Path.MatchKey, Mentioned);
        var form = new FileListForm(list.Name, list.Separator, Tally: new ColumnTally());
        var namesFolders = false;
        await foreach (var row in ReadAsync(files, found, form, findings, ct))
            namesFolders |= CheckFile(row.Path, row.DeclaredLengthBytes, new(form.Name, row.Number), index, mark, findings);
        form.Tally!.Report(form, findings);
        return namesFolders;
    }

    // The files of one section are a list of their own: naming a file twice there is a fault, in two sections it is none.
    private static void CheckInline(IReadOnlyList<RembiInlineFile> files, StagedIndex index, byte mark, FindingList findings)
    {
        var section = "";
        foreach (var file in files)
        {
            if (file.Place[..file.Place.LastIndexOf(".files[", StringComparison.Ordinal)] is var own && own != section) (section, mark) = (own, Next(mark));
            CheckFile(file.Path, file.LengthBytes, new(file.Place, null), index, mark, findings);
        }
    }

    /// <summary>The mark of the next list.</summary>
    // Marks come round after 254 lists; a mark left by the list that had it before would then hide nothing but a repetition.
    internal static byte Next(byte mark) => mark >= Mentioned - 1 ? (byte)1 : (byte)(mark + 1);

    // Whether it is a folder.
    private static bool CheckFile(string text, long? declared, RowPlace place, StagedIndex index, byte mark, FindingList findings)
    {
        if (ArchivePath.Check(text) is { } fault)
        {
            findings.Error("file-path", place.ToString(), $"'{Short(text)}': {fault}");
            return false;
        }
        var key = Nfc.Of(text);
        var at = index.Find(key);
        if (at >= 0)
        {
            if (declared is { } size && size != index.LengthOf(at))
                findings.Error("file-size-differs", place.ToString(), $"'{text}' is declared with {size} bytes and was received with {index.LengthOf(at)}.");
        }
        else if ((at = index.Find(key + "/")) < 0)
        {
            // Names are taken as written, and blanks around one are easily overlooked.
            var fix = text.Trim() is { Length: > 0 } trimmed && trimmed.Length < text.Length && index.Find(Nfc.Of(trimmed)) >= 0 ? trimmed : null;
            findings.Error("file-missing", place.ToString(), $"'{text}' is not among the uploaded files.", fix);
            return false;
        }
        if (!index.TryMark(at, mark)) findings.Error("file-duplicate", place.ToString(), $"'{text}' is named twice in the list.");
        return index.LengthOf(at) < 0;
    }

    /// <summary>Warns of files that no list named.</summary>
    internal static async Task ReportUnlistedAsync(IAsyncEnumerable<NextFile> files, RembiStudy study, StagedIndex index, FindingList findings, CancellationToken ct)
    {
        var lists = study.FileLists.Concat(study.LinkLists).Select(l => Nfc.Of(l.Name)).ToHashSet(StringComparer.Ordinal);
        var unlisted = 0L;
        string? example = null;
        await foreach (var file in files.WithCancellation(ct))
        {
            var key = file.Path.MatchKey;
            if (lists.Contains(key) || index.IsMarked(key) || InMarkedFolder(index, key)) continue;
            unlisted++;
            example ??= file.Path.Value;
        }
        if (unlisted > 0)
            findings.Warn("files-unlisted", example!, $"{unlisted} uploaded files stand in no file list, this one first. They are deposited without attributes.");
    }

    private static bool InMarkedFolder(StagedIndex index, string key)
    {
        for (var slash = key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = key.IndexOf('/', slash + 1))
            if (index.IsMarked(key[..(slash + 1)]))
                return true;
        return false;
    }

    internal static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    // Written out for a finding only: of millions of rows few have one.
    private readonly record struct RowPlace(string List, long? Row)
    {
        public override string ToString() => Row is { } row ? FileListReader.Place(List, row) : List;
    }
}
