using Archive.Model.Accounts;
using Archive.Model.Sharing;

namespace Archive.Storage.Metadata;

/// <summary>Keeps with whom drafts and datasets are shared. Addresses are compared without regard to case.</summary>
public interface ISharingStore
{
    /// <summary>The record; an empty one with revision 0 where nothing was shared yet.</summary>
    Task<SharingRecord> ReadAsync(SharedThing thing, CancellationToken ct);

    /// <summary>Writes the record when its revision is still the one given, and returns it as stored; null when another write came first.</summary>
    Task<SharingRecord?> TryWriteAsync(SharingRecord record, CancellationToken ct);

    /// <summary>Removes the record, unless effects of it are still to follow. Does nothing when there is none.</summary>
    Task RemoveAsync(SharedThing thing, CancellationToken ct);

    /// <summary>Things of a kind that are shared with an account, by identifier in descending order, before the one given, at most <paramref name="size"/>.</summary>
    /// <param name="kind">See <see cref="SharedThing.Kind"/>.</param>
    /// <param name="account">Entries that are bound to it.</param>
    /// <param name="email">An address that it has confirmed: entries by address that are bound to nobody; null for none.</param>
    /// <param name="before">An identifier; null from the start.</param>
    /// <param name="size">At least 1.</param>
    Task<IReadOnlyList<SharedThing>> ListSharedAsync(string kind, AccountId account, string? email, string? before, int size, CancellationToken ct);

    /// <summary>Records with effects that are still to follow, at most <paramref name="size"/>, after the one given.</summary>
    Task<IReadOnlyList<SharingRecord>> ListWithEffectsAsync(SharedThing? after, int size, CancellationToken ct);

    /// <summary>Takes the effects out, since they were done, without another revision; false when the record was written since it was read.</summary>
    Task<bool> TryClearEffectsAsync(SharingRecord record, CancellationToken ct);
}
