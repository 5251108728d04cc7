using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Revisions;

/// <summary>Finds what the next version of a draft begins from.</summary>
/// <param name="datasets">Heads.</param>
/// <param name="submissions">What gave the files of versions their attributes.</param>
/// <param name="uploads">What is staged.</param>
/// <param name="references">What versions have.</param>
/// <param name="objects">The contents of files that versions have.</param>
/// <param name="staging">The contents of files that are staged.</param>
public sealed class NextFiles(
    IDatasetStore datasets, ISubmissionStore submissions, IUploadStore uploads, IFileReferenceStore references, IObjectStore objects, StagingArea staging)
{
    /// <summary>The files of the version that a draft makes.</summary>
    /// <exception cref="InvalidOperationException">It revises a dataset that there is not: the metadata is damaged.</exception>
    public async Task<NextFileSet> OpenAsync(Draft draft, CancellationToken ct) =>
        new(draft.Id, uploads, staging, await FindBaseAsync(draft, ct), references, objects);

    /// <summary>The version that a draft revises; null when it makes a first version.</summary>
    /// <exception cref="InvalidOperationException">As above.</exception>
    public async Task<RevisionBase?> FindBaseAsync(Draft draft, CancellationToken ct) => !draft.IsRevision
        ? null
        : new(
            await datasets.FindAsync(draft.Accession!.Value, ct) ?? throw new InvalidOperationException($"Draft {draft.Id} revises {draft.Accession}, which is gone."),
            draft.Version - 1);

    /// <summary>What gave the files of the version before their attributes; null where that was not recorded, so that all of them are to be compared.</summary>
    internal async Task<AttributeSources?> FindSourcesAsync(RevisionBase from, CancellationToken ct) =>
        from.Head.Versions.FirstOrDefault(v => v.Number == from.Version) is { } version ? (await submissions.FindAsync(version.Submission, ct))?.Sources : null;
}
