using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;

namespace Archive.Storage.Metadata;

/// <summary>Keeps datasets: heads, which change, and version documents, which are written once but for the date that they tell.</summary>
public interface IDatasetStore
{
    /// <summary>
    /// Adds the document of a version before the head refers to it; does nothing when the same pass already wrote it. A document
    /// that no head refers to is never shown.
    /// </summary>
    /// <param name="pageTab">The page tab with the accession and the release date that hold.</param>
    /// <param name="releaseDate">The date that it tells (UTC); null when it tells none.</param>
    /// <param name="asSent">The page tab as the depositor sent it, which never changes.</param>
    Task AddDocumentAsync(DatasetDocument document, PageTabText pageTab, DateTimeOffset? releaseDate, PageTabText asSent, CancellationToken ct);

    /// <summary>The page tab of a committed version as it is given back, found by the pass that the head names; null when there is none.</summary>
    Task<StoredPageTab?> OpenPageTabAsync(DatasetDocument document, CancellationToken ct);

    /// <summary>The page tab as it was sent; null as above.</summary>
    Task<StoredPageTab?> OpenSentPageTabAsync(DatasetDocument document, CancellationToken ct);

    /// <summary>
    /// Puts another page tab in the place of the one that is given back, as after a move of the release date; false when that has changed
    /// since it was opened.
    /// </summary>
    /// <param name="replaced">What was opened.</param>
    /// <param name="releaseDate">The date that the new one tells (UTC).</param>
    Task<bool> TryReplacePageTabAsync(DatasetDocument document, StoredPageTab replaced, PageTabText pageTab, DateTimeOffset releaseDate, CancellationToken ct);

    /// <summary>The head, or null.</summary>
    Task<Dataset?> FindAsync(Accession accession, CancellationToken ct);

    /// <summary>The datasets of some accessions, in no order; one that there is none of is left out.</summary>
    /// <param name="accessions">At most 10,000.</param>
    Task<IReadOnlyList<Dataset>> FindAllAsync(IReadOnlyCollection<Accession> accessions, CancellationToken ct);

    /// <summary>
    /// The commit: writes the head when the stored revision is still <see cref="Dataset.Revision"/> (0: none is stored), and
    /// returns it as stored; null when another write came first. A write that changes what the public sees takes the next
    /// change number inside the same write, under one lock, so that the order of numbers is the order of commits. A write of a released
    /// dataset makes its newest version public for good (<see cref="CommittedVersion.IsPublic"/>).
    /// </summary>
    Task<Dataset?> TryWriteAsync(Dataset dataset, CancellationToken ct);

    /// <summary>
    /// Datasets whose change number is above <paramref name="since"/>, in its order, each once at its newest change, whatever
    /// their state: released ones, and those taken out of the public (Private again, or Withdrawn). At most <paramref name="size"/>.
    /// </summary>
    Task<IReadOnlyList<Dataset>> ListChangesAsync(long since, int size, CancellationToken ct);

    /// <summary>An owner's datasets (null: everybody's, whatever their state), newest accession first, after the one given.</summary>
    Task<IReadOnlyList<Dataset>> ListAsync(AccountId? owner, Accession? after, int size, CancellationToken ct);

    /// <summary>What is public now: datasets, their files and bytes, and the newest change number.</summary>
    Task<ArchiveTotals> CountAsync(CancellationToken ct);
}

/// <summary>What is public now.</summary>
public sealed record ArchiveTotals(long Datasets, long Files, long Bytes, long NewestChange);
