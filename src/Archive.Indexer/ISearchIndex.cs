using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer;

/// <summary>
/// Searches what is public. Every answer is of one index state from beginning to end, counts are exact, and no call waits for
/// input or output beyond the mapped index. All calls may come from many threads at once, and while the index is renewed.
/// </summary>
public interface ISearchIndex
{
    /// <summary>Searches datasets.</summary>
    /// <exception cref="ArchiveException">A parameter cannot be used (<see cref="Problems.SearchParameter"/>,
    /// <see cref="Problems.CursorInvalid"/>, <see cref="Problems.CursorExpired"/>), or no index is open yet
    /// (<see cref="Problems.IndexNotReady"/>). The text of a query is never at fault.</exception>
    SearchPage<DatasetHit> SearchDatasets(DatasetQuery query, CancellationToken ct);

    /// <summary>Searches the files of one dataset or of all. A dataset that the index does not have has no files.</summary>
    /// <exception cref="ArchiveException">As for <see cref="SearchDatasets"/>, cursors never expiring.</exception>
    SearchPage<FileHit> SearchFiles(FileQuery query, CancellationToken ct);

    /// <summary>The values of an attribute among the files that a search finds, to look through and to choose from.</summary>
    /// <exception cref="ArchiveException">As for <see cref="SearchFiles"/>.</exception>
    FileValuesPage SearchFileValues(FileValuesQuery query, CancellationToken ct);

    /// <summary>All files that a search finds, in its order, to be written out as they are now: it pins what is searched until it is disposed of.</summary>
    /// <param name="query">Its page and facets do not matter.</param>
    /// <exception cref="ArchiveException">As for <see cref="SearchFiles"/>, or the columns are more than a table can have.</exception>
    FileExport ExportFiles(FileQuery query, FileExportForm form, CancellationToken ct);

    /// <summary>One file as the index has it; null when the index does not have the dataset or the path.</summary>
    /// <exception cref="ArchiveException">No index is open yet.</exception>
    FileHit? ReadFile(Accession accession, ArchivePath path, CancellationToken ct);

    /// <summary>The attributes that a dataset's files have, in the order of its file lists after <c>@format</c>; null when the index does not have the dataset.</summary>
    /// <exception cref="ArchiveException">No index is open yet.</exception>
    IReadOnlyList<FileColumn>? ReadColumns(Accession accession, CancellationToken ct);

    /// <summary>What answers now; null when no index is open yet.</summary>
    IndexDescription? Describe();
}

/// <summary>State of the index.</summary>
/// <param name="Stamp">What answers carry.</param>
/// <param name="Datasets">Datasets that can be found.</param>
/// <param name="Files">Files in the generations, those of cut datasets too.</param>
/// <param name="GenerationBytes">Size of the main generation.</param>
/// <param name="DeltaDatasets">Datasets that came since the main generation was built.</param>
/// <param name="CutDatasets">Datasets of the generations that are withdrawn, no longer public or replaced.</param>
public sealed record IndexDescription(IndexStamp Stamp, int Datasets, long Files, long GenerationBytes, int DeltaDatasets, int CutDatasets);
