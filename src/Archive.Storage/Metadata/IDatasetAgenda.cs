using Archive.Model.Datasets;

namespace Archive.Storage.Metadata;

/// <summary>What is to be done to datasets, by the database's clock.</summary>
public interface IDatasetAgenda
{
    /// <summary>
    /// Private datasets whose release date has come and which no curator holds back (<see cref="Dataset.IsHeld"/>), oldest date first, at most
    /// <paramref name="size"/>.
    /// </summary>
    Task<IReadOnlyList<Dataset>> ListDueAsync(int size, CancellationToken ct);

    /// <summary>Private datasets whose next warning (<see cref="Dataset.WarnAt"/>) has come and whose release has not, those that are held back left out, oldest first, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Dataset>> ListToWarnAsync(int size, CancellationToken ct);

    /// <summary>Datasets whose last writes have effects that are still to follow, by accession after the one given, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Dataset>> ListWithEffectsAsync(Accession? after, int size, CancellationToken ct);

    /// <summary>
    /// Takes the effects out of a head, since they were done; false when it was written since it was read, and so still has them, or when another took them out. Neither its
    /// revision nor its change number moves: nothing that anybody reads has changed.
    /// </summary>
    Task<bool> TryClearEffectsAsync(Dataset dataset, CancellationToken ct);

    /// <summary>
    /// Datasets whose newest version came while they were private and whose shelf nobody has told to be there, by accession after the one given,
    /// at most <paramref name="size"/>.
    /// </summary>
    Task<IReadOnlyList<Dataset>> ListWithoutShelfAsync(Accession? after, int size, CancellationToken ct);

    /// <summary>Notes that the shelf of the newest version is there, or is no longer wanted. Does nothing when the head was written since it was read.</summary>
    Task NoteShelfAsync(Dataset dataset, CancellationToken ct);
}
