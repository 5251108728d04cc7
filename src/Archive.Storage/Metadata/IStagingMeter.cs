using Archive.Model.Accounts;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// Tells how much is staged. Counts change in the write that changes what is staged, so they are those of the rows whatever was killed; reading
/// them costs the same however many files there are.
/// </summary>
public interface IStagingMeter
{
    /// <summary>Counts of drafts and of their owners, in one look; drafts that are not there are left out.</summary>
    Task<IReadOnlyDictionary<DraftId, StagingCount>> ReadAsync(IReadOnlyCollection<DraftId> drafts, CancellationToken ct);

    /// <summary>The counts of an account, those of a draft being 0.</summary>
    Task<StagingCount> ReadAsync(AccountId account, CancellationToken ct);

    /// <summary>What is staged of everybody, with what is promised to running transfers, in bytes.</summary>
    Task<long> CountAllBytesAsync(CancellationToken ct);

    /// <summary>Counts everything anew, draft by draft while others go on, and corrects what differs.</summary>
    /// <returns>What differed; none unless somebody changed the store by hand, or a draft changed hands in the moment of its first upload.</returns>
    Task<IReadOnlyList<StagingDrift>> RecountAsync(CancellationToken ct);
}

/// <summary>What is staged, with what is promised to running transfers.</summary>
/// <param name="DraftBytes">Bytes of the draft.</param>
/// <param name="DraftFiles">Files of the draft.</param>
/// <param name="AccountBytes">Bytes of all drafts of its owner.</param>
/// <param name="AccountFiles">Files of all drafts of its owner.</param>
/// <param name="OwnQuota">The owner's own quota; null for the archive's.</param>
public sealed record StagingCount(long DraftBytes, long DraftFiles, long AccountBytes, long AccountFiles, StagingQuota? OwnQuota);

/// <summary>A count that was wrong.</summary>
/// <param name="What">What it counts: <c>draft</c> or <c>account</c> with its identifier, or <c>all</c>.</param>
/// <param name="BytesBefore">Bytes as counted before.</param>
/// <param name="FilesBefore">Files as counted before.</param>
/// <param name="Bytes">Bytes that there are.</param>
/// <param name="Files">Files that there are.</param>
public sealed record StagingDrift(string What, long BytesBefore, long FilesBefore, long Bytes, long Files);
