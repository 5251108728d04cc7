using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.TestKit;

/// <summary>Transfers that no quota bounds.</summary>
public static class Transfers
{
    /// <summary>Takes the path; false when another transfer holds it.</summary>
    public static async Task<bool> TryBeginAsync(
        this IUploadStore uploads, DraftId draft, ArchivePath path, UploadId upload, long promisedBytes, TimeSpan lease, CancellationToken ct) =>
        (await uploads.BeginAsync(draft, path, upload, promisedBytes, StagingQuotas.None, lease, ct)).Outcome == TransferOutcome.Begun;
}
