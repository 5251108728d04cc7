using Archive.Api.Datasets;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Rembi;
using Archive.Storage.Metadata;

namespace Archive.Api.Pages;

/// <summary>Reads datasets for pages; <see cref="DatasetAccess"/> decides who may.</summary>
internal sealed class DatasetReading(IDatasetStore datasets, DatasetDocuments documents, BlindDocuments blind)
{
    /// <summary>A dataset that the visitor may read.</summary>
    /// <exception cref="ArchiveException">There is none, it is not the visitor's to see, or it was withdrawn.</exception>
    public Task<Dataset> RequireAsync(HttpContext visitor, string accession, CancellationToken ct) =>
        DatasetAccess.RequireAsync(accession, visitor, datasets, ct);

    /// <summary>A dataset and one version of its metadata, the newest where none is asked for.</summary>
    /// <exception cref="ArchiveException">As above, or there is no such version.</exception>
    public async Task<DatasetRead> ReadAsync(HttpContext visitor, string accession, int? version, CancellationToken ct)
    {
        var dataset = await RequireAsync(visitor, accession, ct);
        var committed = dataset.Version(version, visitor);
        if (ReviewAccess.Review(visitor) is { } review)
        {
            var seen = await blind.ReadAsync(dataset.DocumentOf(committed), review.Facts.Redaction, ct);
            return new(dataset, committed, RembiReader.Read(seen.Document), seen.IsShortened);
        }
        return await documents.ReadStudyAsync(dataset.DocumentOf(committed), ct) is { } read
            ? new(dataset, committed, read.Study, read.IsShortened)
            : throw new ArchiveException(Problems.Unavailable, "The dataset's record cannot be read now.");
    }

    /// <summary>Whether a text is the accession of a dataset that the visitor may read.</summary>
    public async Task<bool> IsReadableAsync(HttpContext visitor, string text, CancellationToken ct)
    {
        if (!Accession.TryParse(text, null, out _)) return false;
        try
        {
            await RequireAsync(visitor, text, ct);
            return true;
        }
        catch (ArchiveException)
        {
            return false;
        }
    }
}

/// <summary>A dataset that the visitor may read.</summary>
/// <param name="Dataset">Its head.</param>
/// <param name="Version">The version asked for.</param>
/// <param name="Study">The version's metadata.</param>
/// <param name="IsShortened">Whether there is more of it than a page shows.</param>
internal sealed record DatasetRead(Dataset Dataset, CommittedVersion Version, RembiStudy Study, bool IsShortened);
