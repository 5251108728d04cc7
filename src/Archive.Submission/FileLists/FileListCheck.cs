using System.Globalization;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Model.Text;
using Archive.Storage.Metadata;
using Archive.Submissions.Staging;
using Archive.Submissions.Validation;

namespace Archive.Submissions.FileLists;

/// <summary>What the check of file lists learnt besides findings.</summary>
/// <param name="Files">Staged files.</param>
/// <param name="Bytes">Sum of their lengths.</param>
public sealed record FileListCheckResult(long Files, long Bytes);

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

    /// <summary>Checks everything and adds what it finds.</summary>
    public async Task<FileListCheckResult> CheckAsync(DraftId draft, RembiStudy study, FindingList findings, CancellationToken ct)
    {
        var names = new StagedNames();
        var index = await StagedIndex.BuildAsync(uploads.ListAsync(draft, null, ct), f => names.Add(f.Path), ct);
        await names.ReportAsync(() => uploads.ListAsync(draft, null, ct), findings, ct);
        if (index.Files == 0) findings.Warn("files-none", "$", "The draft has no file.");
        byte mark = 0;
        foreach (var list in study.FileLists.DistinctBy(l => l.Name, StringComparer.Ordinal).Take(SubmissionValidator.MaxFileLists))
        {
            // Marks come round after 254 lists; a mark left by the list that had it before would then hide nothing but a repetition.
            mark = mark >= Mentioned - 1 ? (byte)1 : (byte)(mark + 1);
            if (await FindListAsync(draft, list, findings, ct) is { } staged) await CheckListAsync(staged, list, index, mark, findings, ct);
        }
        foreach (var file in study.InlineFiles)
            CheckFile(file.Path, file.LengthBytes, file.Place, index, null, findings);
        if (study.FileLists.Count > 0 || study.InlineFiles.Count > 0) await ReportUnlistedAsync(draft, study, index, findings, ct);
        return new(index.Files, index.Bytes);
    }

    /// <summary>The staged file that a page tab's file list names; null with a finding when there is none.</summary>
    public async Task<StagedFile?> FindListAsync(DraftId draft, RembiFileList list, FindingList findings, CancellationToken ct)
    {
        if (ArchivePath.Check(list.Name) is { } fault)
        {
            findings.Error("file-list-path", list.Place, $"The file list '{Short(list.Name)}' is no path: {fault}");
            return null;
        }
        var path = ArchivePath.Parse(list.Name, CultureInfo.InvariantCulture);
        if (await uploads.FindAsync(draft, path, ct) is { } staged) return staged;
        findings.Error("file-list-missing", list.Place, $"The file list '{list.Name}' is not among the uploaded files. Upload it under this path.");
        return null;
    }

    private async Task CheckListAsync(StagedFile staged, RembiFileList list, StagedIndex index, byte mark, FindingList findings, CancellationToken ct)
    {
        index.TryMark(staged.Path.MatchKey, Mentioned);
        await using var content = await staging.OpenAsync(staged, ct);
        await foreach (var row in FileListReader.ReadAsync(content, list.Name, limits, findings, ct))
            CheckFile(row.Path, row.DeclaredLengthBytes, FileListReader.Place(list.Name, row.Number), index, mark, findings);
    }

    private static void CheckFile(string text, long? declared, string place, StagedIndex index, byte? mark, FindingList findings)
    {
        if (ArchivePath.Check(text) is { } fault)
        {
            findings.Error("file-path", place, $"'{Short(text)}': {fault}");
            return;
        }
        var key = ArchivePath.Parse(text, CultureInfo.InvariantCulture).MatchKey;
        if (index.FindFile(key) is { } length)
        {
            if (declared is { } size && size != length)
                findings.Error("file-size-differs", place, $"'{text}' is declared with {size} bytes and was received with {length}.");
        }
        else if (index.HasFolder(key))
        {
            key += "/";
        }
        else
        {
            findings.Error("file-missing", place, $"'{text}' is not among the uploaded files.");
            return;
        }
        if (!index.TryMark(key, mark ?? Mentioned) && mark is not null)
            findings.Error("file-duplicate", place, $"'{text}' is named twice in the list.");
    }

    private async Task ReportUnlistedAsync(DraftId draft, RembiStudy study, StagedIndex index, FindingList findings, CancellationToken ct)
    {
        var lists = study.FileLists.Select(l => Nfc.Of(l.Name)).ToHashSet(StringComparer.Ordinal);
        var unlisted = 0L;
        string? example = null;
        await foreach (var file in uploads.ListAsync(draft, null, ct))
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

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
