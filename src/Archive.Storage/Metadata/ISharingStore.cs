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

    /// <summary>Removes records of drafts that are gone, unless effects of them are still to follow; returns their number.</summary>
    Task<int> RemoveOfGoneDraftsAsync(CancellationToken ct);

    /// <summary>Records with effects that are still to follow, at most <paramref name="size"/>, after the one given.</summary>
    Task<IReadOnlyList<SharingRecord>> ListWithEffectsAsync(SharedThing? after, int size, CancellationToken ct);

    /// <summary>Takes the effects out, since they were done, without another revision; false when the record was written since it was read.</summary>
    Task<bool> TryClearEffectsAsync(SharingRecord record, CancellationToken ct);
}
