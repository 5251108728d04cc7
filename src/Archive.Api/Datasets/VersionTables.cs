using Archive.Indexer.Format;
using Archive.Indexer.Shelves;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Search;

namespace Archive.Api.Datasets;

/// <summary>
/// The file tables of versions that the index of the public does not have: private and older ones. Opened only for a dataset that was found for
/// the caller (<see cref="DatasetAccess"/>), as he may see it.
/// </summary>
internal sealed class VersionTables(ShelfSearch shelves)
{
    /// <summary>How long a search waits for a table that is being made.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a plain list waits, which the catalogue can answer as well.</summary>
    public static readonly TimeSpan ListPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>The table of a version, to be disposed of; null when it is not there in time.</summary>
    /// <param name="http">Of the caller: by an access key he gets the table that reviewers see, with nothing else in it to be found.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Unavailable"/>: it can be neither read nor made now.</exception>
    public async Task<OpenShelf?> TryOpenAsync(HttpContext http, Dataset dataset, CommittedVersion version, TimeSpan patience, CancellationToken ct)
    {
        var view = ReviewAccess.Review(http) is { } review ? View(review.Facts.Redaction) : null;
        try
        {
            return await shelves.TryOpenAsync(new ShelfId(dataset.Accession, version.Number, version.Submission.ToString(), view?.Name), view, patience, ct);
        }
        catch (Exception fault) when (fault is IOException or DamagedIndexException)
        {
            throw new ArchiveException(Problems.Unavailable, "The table of this version's files cannot be opened now.", inner: fault);
        }
    }

    /// <summary>Searches an open table.</summary>
    /// <exception cref="ArchiveException">A parameter cannot be used; <see cref="Problems.Unavailable"/>: its volume fails.</exception>
    public static SearchPage<FileHit> Search(OpenShelf table, FileQuery query, CancellationToken ct) => Read(() => table.Search(query, ct));

    /// <summary>Reads an open table.</summary>
    /// <exception cref="ArchiveException">As for <see cref="Search"/>.</exception>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DamagedIndexException fault)
        {
            throw new ArchiveException(Problems.Unavailable, "The table of this version's files is made again.", inner: fault);
        }
    }

    // Columns have few different values, and looking for names in one takes far longer than looking it up.
    private static FileView View(Redaction redaction)
    {
        const int mostKnown = 100_000;
        var known = new Dictionary<FileAttribute, FileAttribute?>();
        return new FileView("blind " + redaction.Fingerprint, attributes => [.. attributes.Select(Seen).OfType<FileAttribute>()]);

        FileAttribute? Seen(FileAttribute attribute)
        {
            if (known.TryGetValue(attribute, out var seen)) return seen;
            if (known.Count >= mostKnown) known.Clear();
            return known[attribute] = BlindView.Of(attribute, redaction);
        }
    }
}
