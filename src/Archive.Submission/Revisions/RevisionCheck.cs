using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submissions.FileLists;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Revisions;

/// <summary>What the check of a version's files learnt besides findings.</summary>
/// <param name="Files">Staged files.</param>
/// <param name="Bytes">Sum of their lengths.</param>
/// <param name="Sources">What gives files their attributes.</param>
/// <param name="ComparesAttributes">Whether files of the version before may have other attributes now.</param>
public sealed record CheckedFiles(long Files, long Bytes, AttributeSources Sources, bool ComparesAttributes);

/// <summary>
/// Checks the files of a revision. Where files are only added and lists are only added, what was checked with the version before is not
/// looked at again, and the cost is that of what came. Where anything else changed, the whole is checked as a first version is.
/// </summary>
/// <param name="fileLists">Checks lists against files.</param>
public sealed class RevisionCheck(FileListCheck fileLists)
{
    private const int BatchFiles = 1000;

    /// <summary>Checks everything and adds what it finds.</summary>
    /// <param name="files">The files of the next version.</param>
    /// <param name="before">What gave the files of the version before their attributes; null when that is not known.</param>
    /// <param name="editor">Who submits.</param>
    /// <param name="study">What the page tab says of files.</param>
    public async Task<CheckedFiles> CheckAsync(
        NextFileSet files, AttributeSources? before, Editor editor, RembiStudy study, FindingList findings, CancellationToken ct)
    {
        var (count, bytes, isAddingOnly) = await LookAsync(files, editor, findings, ct);
        var sources = await SourcesAsync(files, before, study, ct);
        var added = before is null ? null : sources.AddedTo(before);
        if (added is null || !isAddingOnly)
        {
            var whole = await fileLists.CheckAsync(files, study, findings, ct);
            return new(count, bytes, sources with { Lists = whole.Lists }, ComparesAttributes: added is not { Count: 0 });
        }
        var (lists, namesBase) = await CheckAddedAsync(files, sources, before!, study, findings, ct);
        return new(count, bytes, sources with { Lists = lists }, namesBase);
    }

    // What is staged, and whether it only adds. Public files that it changes are findings unless the editor may.
    private static async Task<(long Files, long Bytes, bool IsAddingOnly)> LookAsync(NextFileSet files, Editor editor, FindingList findings, CancellationToken ct)
    {
        var (count, bytes, isAddingOnly) = (0L, 0L, true);
        var isKept = files.Base!.Head.State == DatasetState.Released && !editor.MayChangePublicFiles();
        await foreach (var file in files.ListStagedAsync(null, ct))
        {
            if (file.State != NextFileState.Removed) (count, bytes) = (count + 1, bytes + file.LengthBytes);
            if (file.State is NextFileState.New or NextFileState.Kept) continue;
            isAddingOnly = false;
            if (isKept) PublicFiles.Report(findings, file);
        }
        return (count, bytes, isAddingOnly);
    }

    // Lists that are not there are told by the check that follows.
    private static async Task<AttributeSources> SourcesAsync(NextFileSet files, AttributeSources? before, RembiStudy study, CancellationToken ct)
    {
        var ignored = new FindingList();
        var lists = new List<ListedSource>();
        foreach (var list in ListsOf(study))
            if (await FileListCheck.FindListAsync(files, list, ignored, ct) is { } found)
                lists.Add(FileListCheck.SourceOf(list, found) is var source && before?.Find(source) is { } known ? known : source);
        return new(lists, InlineDigest.Of(study.InlineFiles));
    }

    private async Task<(IReadOnlyList<ListedSource> Lists, bool NamesBase)> CheckAddedAsync(
        NextFileSet files, AttributeSources sources, AttributeSources before, RembiStudy study, FindingList findings, CancellationToken ct)
    {
        var names = new StagedNames();
        var advice = new NameAdvice();
        var index = await StagedIndex.BuildAsync(AddedAsync(files, ct), f =>
        {
            names.Add(f.Path);
            advice.Add(f.Path);
        }, ct);
        await names.ReportAsync(() => AddedAsync(files, ct), findings, ct);
        await ReportClashesAsync(files, findings, ct);
        var check = new AddedListCheck(fileLists, files, index, findings);
        var checkedLists = new List<ListedSource>();
        byte mark = 0;
        foreach (var list in ListsOf(study))
        {
            if (await FileListCheck.FindListAsync(files, list, findings, ct) is not { } found) continue;
            index.TryMark(found.Path.MatchKey, byte.MaxValue);
            var source = sources.Find(FileListCheck.SourceOf(list, found))!;
            mark = FileListCheck.Next(mark);
            if (before.Find(source) is null) source = source with { NamesFolders = await check.CheckAsync(found, list, mark, ct) };
            else if (source.NamesFolders && index.Files > 0) await check.MarkFoldersAsync(found, list, mark, ct);
            checkedLists.Add(source);
        }
        foreach (var list in study.LinkLists.DistinctBy(l => l.Name, StringComparer.Ordinal).Take(SubmissionValidator.MaxFileLists))
        {
            if (await FileListCheck.FindListAsync(files, list, findings, ct) is not { } found) continue;
            index.TryMark(found.Path.MatchKey, byte.MaxValue);
            await fileLists.CheckLinksAsync(files, found, list, findings, ct);
        }
        foreach (var file in study.InlineFiles) MarkInline(file, index);
        advice.Report(findings);
        if ((checkedLists.Count > 0 || study.InlineFiles.Count > 0) && index.HasUnmarkedFile()) await FileListCheck.ReportUnlistedAsync(AddedAsync(files, ct), study, index, findings, ct);
        return (checkedLists, check.NamesBase);
    }

    // They are those of the version before, so they name its files; a folder may hold new ones.
    private static void MarkInline(RembiInlineFile file, StagedIndex index)
    {
        if (!ArchivePath.TryParse(file.Path, CultureInfo.InvariantCulture, out var path)) return;
        index.TryMark(path.MatchKey + "/", byte.MaxValue);
    }

    // A file that is also a folder, where one of the two is of the version before. Names that differ in case only are told among added
    // files; those of the version before are not kept by it.
    private static async Task ReportClashesAsync(NextFileSet files, FindingList findings, CancellationToken ct)
    {
        await foreach (var batch in NextFileSet.InBatches(AddedAsync(files, ct), BatchFiles, ct))
        {
            var parents = batch.SelectMany(f => ParentsOf(f.Path)).Distinct().ToList();
            var taken = new Dictionary<string, FileReference>(StringComparer.Ordinal);
            foreach (var some in parents.Chunk(BatchFiles * 10))
                foreach (var (key, file) in await files.FindBaseAsync(some, ct))
                    taken[key] = file;
            var folders = await files.FindBaseFoldersAsync([.. batch.Select(f => f.Path)], ct);
            foreach (var file in batch)
                foreach (var other in ParentsOf(file.Path).Where(p => taken.ContainsKey(p.MatchKey)))
                    findings.Error("file-is-folder", file.Path.Value, $"'{other}' is a file of the version before and at the same time a folder of this file. Rename this one.");
            foreach (var file in batch.Where(f => folders.Contains(f.Path)))
                findings.Error("file-is-folder", file.Path.Value, "The version before has files in a folder of this name. Rename the file.");
        }
    }

    private static IEnumerable<ArchivePath> ParentsOf(ArchivePath path)
    {
        for (var slash = path.Value.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.Value.IndexOf('/', slash + 1))
            yield return ArchivePath.FromStore(path.Value[..slash]);
    }

    private static IEnumerable<RembiFileList> ListsOf(RembiStudy study) =>
        study.FileLists.DistinctBy(l => l.Name, StringComparer.Ordinal).Take(SubmissionValidator.MaxFileLists);

    private static IAsyncEnumerable<NextFile> AddedAsync(NextFileSet files, CancellationToken ct) =>
        files.ListStagedAsync(null, ct).Where(f => f.State == NextFileState.New);
}
