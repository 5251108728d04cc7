using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Revisions;

/// <summary>
/// Files that everybody can read stay as they are, unless a curator changes them. Told early, when a file is uploaded or removed, judged
/// with the other files of a submission, and once more by the head that the commit is written over.
/// </summary>
public static class PublicFiles
{
    /// <summary>The code of findings, and of the problem.</summary>
    public const string Code = "file-public";

    /// <summary>Refuses a change of a path that only a curator may make, and a name that is a file of the version before in another Unicode form.</summary>
    /// <param name="content">SHA-256 of what is to be put there, where it is known: the same content is no change.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.FilePublic"/> or <see cref="Problems.PathTaken"/>.</exception>
    public static async Task RequireChangeableAsync(NextFileSet files, ArchivePath path, Editor editor, string? content, CancellationToken ct)
    {
        if (files.Base is not { } from || (await files.FindBaseAsync([path], ct)).GetValueOrDefault(path.MatchKey) is not { } standing) return;
        if (standing.Path != path)
            throw new ArchiveException(Problems.PathTaken, $"'{standing.Path}' is a file of the dataset, whose name is the same in another Unicode form.", Limits.Fact("path", standing.Path.Value));
        if (from.Head.State != DatasetState.Released || editor.MayChangePublicFiles()) return;
        if (content is not null && string.Equals(content, standing.Digests!.Sha256, StringComparison.OrdinalIgnoreCase)) return;
        throw new ArchiveException(Problems.FilePublic, $"'{standing.Path}' is a file of {from.Head.Accession}, which is public.", Limits.Fact("path", standing.Path.Value));
    }

    internal static void Report(FindingList findings, NextFile file)
    {
        if (findings.TryOmitError()) return;
        findings.Error(Code, file.Path.Value, file.State == NextFileState.Removed
            ? "The file is public and stays: take its removal back, or ask a curator."
            : "The file is public and keeps its content: upload the new one under another path and take this upload back, or ask a curator.");
    }

    internal static string Refusal(VersionChanges changes) =>
        $"The dataset became public meanwhile: {changes.Replaced} of its files would be replaced and {changes.Removed} removed, which only a curator may do.";
}
