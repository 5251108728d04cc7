using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Metadata;

namespace Archive.Api.Search;

/// <summary>A file of a dataset.</summary>
/// <param name="Accession">Its dataset.</param>
/// <param name="Path">Its path in the dataset.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Format">Its format, such as OME-TIFF.</param>
/// <param name="Md5">32 hexadecimal digits; null while a release that the index does not have yet replaces the file.</param>
/// <param name="Sha256">64 hexadecimal digits; null in the same case.</param>
/// <param name="Attributes">What the file lists say of it, in column order; a name repeats where a file has several values.</param>
internal sealed record FileItem(
    Accession Accession, ArchivePath Path, long LengthBytes, string Format, string? Md5, string? Sha256, IReadOnlyList<FileAttribute> Attributes)
{
    public static FileItem Of(FileReference file) => new(
        file.Accession, file.Path, file.LengthBytes, file.Format, file.Digests?.Md5, file.Digests?.Sha256, file.Attributes);
}

/// <summary>A page of files.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
/// <param name="Total">All files that were found, exact.</param>
/// <param name="Facets">Counts over all that were found, each without its own filter.</param>
/// <param name="Columns">The columns that the dataset's files have, <c>@format</c> first, so that a table can be drawn; null over all datasets and where the files were read from the catalogue itself.</param>
/// <param name="Index">Which index answered; null where a version's own table or the catalogue itself did.</param>
internal sealed record FilePage(IReadOnlyList<FileItem> Items, string? Next, long Total, IReadOnlyList<FacetResult> Facets,
    IReadOnlyList<FileColumn>? Columns, IndexStamp? Index)
{
    /// <summary>What could not be read in the query as it was written, in order; empty where all was.</summary>
    public IReadOnlyList<QueryNote> Notes { get; init; } = [];
}

/// <summary>Adds digests, which the index does not hold, to the files of one page, in one look-up.</summary>
internal sealed class FileDigestLookup(IDatasetStore datasets, IFileReferenceStore files)
{
    /// <summary>Files of one version of a dataset that was found readable.</summary>
    /// <param name="index">Which index answered; null where the version's own table did.</param>
    public Task<FilePage> CompleteAsync(SearchPage<FileHit> found, Dataset dataset, CommittedVersion version, IndexStamp? index, CancellationToken ct) =>
        CompleteAsync(found, [.. found.Items.Select(hit => new VersionFile(dataset, version.Number, hit.Path))], index, ct);

    /// <summary>
    /// Files of all datasets. Those of a dataset that is not public any more are left out, though the index that answered still counted them.
    /// </summary>
    public async Task<FilePage> CompleteAsync(SearchPage<FileHit> found, CancellationToken ct)
    {
        var accessions = found.Items.Select(hit => hit.Accession).Distinct().ToList();
        if (accessions.Count == 0) return await CompleteAsync(found, [], found.Index, ct);
        var known = (await datasets.FindAllAsync(accessions, ct)).Where(d => d.State == DatasetState.Released).ToDictionary(d => d.Accession);
        var open = found with { Items = [.. found.Items.Where(hit => known.ContainsKey(hit.Accession))] };
        return await CompleteAsync(open, [.. open.Items.Select(hit => new VersionFile(known[hit.Accession], known[hit.Accession].Latest.Number, hit.Path))], found.Index, ct);
    }

    private async Task<FilePage> CompleteAsync(SearchPage<FileHit> found, VersionFile[] asked, IndexStamp? index, CancellationToken ct)
    {
        var digests = asked.Length == 0 ? [] : await files.FindDigestsAsync(asked, ct);
        return new FilePage([.. found.Items.Select((hit, i) => Item(hit, digests[i]))], found.Next, found.Total, found.Facets, found.Columns, index) { Notes = found.Notes };
    }

    private static FileItem Item(FileHit hit, FileDigests? digests) =>
        new(hit.Accession, hit.Path, hit.LengthBytes, hit.Format, digests?.Md5, digests?.Sha256, hit.Attributes);
}
