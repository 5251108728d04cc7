using Archive.Model.Submissions;

namespace Archive.Submissions.Drafts;

/// <summary>What the pipeline needs of staging.</summary>
/// <param name="FilePath">Where the content of a staged file lies on this machine.</param>
/// <param name="MayLink">Whether nobody can still write to it and its bytes are durable.</param>
/// <param name="RemoveAsync">Removes everything staged for a draft, content and entries. Does nothing when it is gone already.</param>
public sealed record StagedContent(Func<StagedFile, string> FilePath, bool MayLink, Func<DraftId, CancellationToken, Task> RemoveAsync)
{
    /// <summary>Opens the content for reading.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public Stream Open(StagedFile file) =>
        new FileStream(FilePath(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
