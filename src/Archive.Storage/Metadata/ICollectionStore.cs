using Archive.Model.Datasets;

namespace Archive.Storage.Metadata;

/// <summary>Keeps collections and the one sequence of numbers of each accession prefix.</summary>
public interface ICollectionStore
{
    /// <summary>Adds a collection or replaces the one of its name, whatever stands.</summary>
    Task PutAsync(Collection collection, CancellationToken ct);

    /// <summary>The collection, or null. Names are compared without regard to case.</summary>
    Task<Collection?> FindAsync(string id, CancellationToken ct);

    /// <summary>All collections by name.</summary>
    Task<IReadOnlyList<Collection>> ListAsync(CancellationToken ct);

    /// <summary>All collections and rule sets, each by name. What stands may be newer than the revision that is told, never older.</summary>
    Task<CollectionCatalogue> ReadAsync(CancellationToken ct);

    /// <summary>
    /// Changes the catalogue when it is still at <paramref name="revision"/>, which the change raises: so one that was judged by all
    /// collections, such as a parent that must not be below its child, is judged by what stands.
    /// </summary>
    Task<CollectionChangeOutcome> TryChangeAsync(CollectionChange change, long revision, CancellationToken ct);

    /// <summary>
    /// The next number of a prefix, never given before and durable when this returns. A number whose caller then fails is a gap.
    /// </summary>
    Task<long> MintAsync(string prefix, CancellationToken ct);

    /// <summary>Makes sure that the next number of a prefix is above <paramref name="number"/>: after a restore.</summary>
    Task RaiseAsync(string prefix, long number, CancellationToken ct);

    /// <summary>Makes sure that the next attempt number is above <paramref name="attempt"/>: after a restore.</summary>
    Task RaiseAttemptsAsync(long attempt, CancellationToken ct);
}
