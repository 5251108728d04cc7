using Archive.Model.Accounts;
using Archive.Model.Datasets;

namespace Archive.Storage.Metadata;

/// <summary>Reads what curators have to decide. What they decide is written with the head, through <see cref="IDatasetStore"/>.</summary>
public interface ICurationStore
{
    /// <summary>Datasets that wait for a curator, those that wait longest first, after the one given; at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Dataset>> ListWaitingAsync(QueuePlace? after, int size, CancellationToken ct);

    /// <summary>
    /// Whether an account needs no first look any more: a dataset of it is public, or one of it was approved and stands. Once true it stays
    /// so but for withdrawals, so that a publish which read false before can only be too careful.
    /// </summary>
    Task<bool> HasPassedAsync(AccountId owner, CancellationToken ct);
}

/// <summary>A place in the curators' queue.</summary>
/// <param name="Since">Since when the dataset waits (UTC, microseconds).</param>
/// <param name="Accession">The dataset.</param>
public readonly record struct QueuePlace(DateTimeOffset Since, Accession Accession);
