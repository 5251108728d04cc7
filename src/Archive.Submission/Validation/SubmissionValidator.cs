using Archive.Model.Accounts;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Collections;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.Validation;

/// <summary>Checks a draft and reports everything found, errors first. Changes nothing.</summary>
/// <param name="drafts">What drafts say.</param>
/// <param name="collections">Says which collection a draft belongs to.</param>
/// <param name="uploads">What is staged and what is being uploaded.</param>
/// <param name="fileLists">Compares lists with what is staged.</param>
/// <param name="next">What revisions begin from.</param>
/// <param name="time">The clock that release dates are judged by.</param>
public sealed class SubmissionValidator(
    IDraftStore drafts, CollectionChoice collections, IUploadStore uploads, FileListCheck fileLists, NextFiles next, TimeProvider time)
{
    private readonly RevisionCheck revisions = new(fileLists);

    /// <summary>How many file lists a page tab may name, so that looking for them stays a matter of a second.</summary>
    public const int MaxFileLists = 1000;

    /// <summary>Says which collection a draft belongs to.</summary>
    internal CollectionChoice Collections => collections;

    /// <summary>Everything: what a depositor asks for before submitting. Takes as long as the file lists are long.</summary>
    /// <param name="editor">Who would submit it.</param>
    /// <param name="whileRead">
    /// Disposed of, when given, as soon as the page tab is judged: what follows may take long and holds the names of files only.
    /// </param>
    public async Task<ValidationReport> CheckAsync(Draft draft, Editor editor, IDisposable? whileRead, CancellationToken ct)
    {
        var findings = new FindingList(RuleCatalogue.OfFinding);
        RembiStudy? files;
        using (whileRead) files = await JudgeAsync();
        if (files is not null) await CheckFilesAsync(draft, editor, files, findings, ct);
        return findings.ToReport();

        // On its own, so that the whole view is not kept until the end.
        async Task<RembiStudy?> JudgeAsync()
        {
            var (report, study) = await CheckStudyAsync(draft, editor, ct);
            findings.Add(report);
            return study is null ? null : FilesOf(study);
        }
    }

    /// <summary>
    /// What the submit request waits for: the metadata rules, running uploads, and whether the file lists are there at all. Opens
    /// no file.
    /// </summary>
    /// <param name="editor">Who submits it.</param>
    public async Task<ValidationReport> CheckMetadataAsync(Draft draft, Editor? editor, CancellationToken ct) => (await CheckStudyAsync(draft, editor, ct)).Report;

    /// <summary>The workflow's part: file lists and staged files, after what the submit request found.</summary>
    /// <param name="draft">It is sealed, so what it says stands.</param>
    /// <param name="editor">Who submitted it.</param>
    /// <exception cref="InvalidOperationException">It has no page tab.</exception>
    public async Task<(ValidationReport Report, CheckedFiles Checked)> CheckFilesAsync(
        Draft draft, Editor editor, ValidationReport soFar, CancellationToken ct)
    {
        var findings = new FindingList(RuleCatalogue.OfFinding);
        findings.Add(soFar);
        var found = await CheckFilesAsync(draft, editor, FilesOf(await StudyAsync(draft.Id, ct)), findings, ct);
        return (findings.ToReport(), found);
    }

    /// <summary>The typed view of what a draft says; null when it says nothing or is gone.</summary>
    internal async Task<RembiStudy?> FindStudyAsync(DraftId draft, CancellationToken ct) =>
        await DraftPageTab.ReadAsync(drafts, draft, ct) is { } document ? RembiReader.Read(document) : null;

    /// <summary>The typed view of what a draft says.</summary>
    /// <exception cref="InvalidOperationException">It says nothing, though it is sealed.</exception>
    internal async Task<RembiStudy> StudyAsync(DraftId draft, CancellationToken ct) =>
        await FindStudyAsync(draft, ct) ?? throw new InvalidOperationException($"Draft {draft} has no page tab.");

    private async Task<CheckedFiles> CheckFilesAsync(Draft draft, Editor editor, RembiStudy study, FindingList findings, CancellationToken ct)
    {
        var files = await next.OpenAsync(draft, ct);
        if (files.Base is { } from) return await revisions.CheckAsync(files, await next.FindSourcesAsync(from, ct), editor, study, findings, ct);
        var found = await fileLists.CheckAsync(files, study, findings, ct);
        return new(found.Files, found.Bytes, new(found.Lists, InlineDigest.Of(study.InlineFiles)), ComparesAttributes: false);
    }

    // What the check of files looks at; the rest of a long page tab is let go before that check, which may take hours.
    private static RembiStudy FilesOf(RembiStudy study) => new() { FileLists = study.FileLists, LinkLists = study.LinkLists, InlineFiles = study.InlineFiles };

    private async Task<(ValidationReport Report, RembiStudy? Study)> CheckStudyAsync(Draft draft, Editor? editor, CancellationToken ct)
    {
        var findings = new FindingList(RuleCatalogue.OfFinding);
        await AddRunningAsync(draft.Id, findings, ct);
        if (await DraftPageTab.ReadAsync(drafts, draft.Id, ct) is not { } document)
        {
            findings.Error("page-tab-missing", "$", "The draft has no metadata yet: send its page tab.");
            return (findings.ToReport(), null);
        }
        var study = RembiReader.Read(document);
        var chosen = await collections.ChooseAsync(draft, study, ct);
        var files = await next.OpenAsync(draft, ct);
        var subject = new MetadataSubject(document, study, time.GetUtcNow(), draft.Accession, chosen.Attachments, files.Base, editor);
        RuleCatalogue.Check(subject, chosen.RuleSet, findings);
        if (study.FileLists.Count + study.LinkLists.Count > MaxFileLists)
            findings.Error("file-lists-too-many", "$.section", $"The page tab names more than {MaxFileLists} lists.");
        else
            foreach (var list in study.FileLists.Concat(study.LinkLists).DistinctBy(l => l.Name, StringComparer.Ordinal)) await FileListCheck.FindListAsync(files, list, findings, ct);
        return (findings.ToReport(), study);
    }

    /// <summary>Adds an error for each upload that is still running.</summary>
    internal async Task AddRunningAsync(DraftId draft, FindingList findings, CancellationToken ct)
    {
        foreach (var transfer in await uploads.ListRunningAsync(draft, ct))
            findings.Error("upload-running", transfer.Path.Value, "The file is still being uploaded: wait until it is whole, or stop the upload.");
    }
}
