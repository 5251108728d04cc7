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

    /// <summary>Which values a facet has among the datasets that a search finds.</summary>
    /// <exception cref="ArchiveException">As <see cref="SearchDatasets"/>.</exception>
    FacetValuesPage SearchFacetValues(FacetValuesQuery query, CancellationToken ct);

    /// <summary>How what is being typed could go on.</summary>
    /// <param name="text">What is typed so far; blank gives nothing.</param>
    /// <param name="size">Completions at most, 0 to 50.</param>
    /// <exception cref="ArchiveException">The size is out of bounds, or no index is open yet.</exception>
    CompletionPage Complete(string text, int size, CancellationToken ct);

    /// <summary>The datasets that are most like another; none where the index does not have it.</summary>
    /// <param name="size">Datasets at most, 0 to 100.</param>
    /// <exception cref="ArchiveException">The size is out of bounds, or no index is open yet.</exception>
    SimilarDatasets FindSimilar(Accession accession, int size, CancellationToken ct);

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

    /// <summary>Whether a dataset is in the index that answers now.</summary>
    /// <exception cref="ArchiveException">No index is open (<see cref="Problems.IndexNotReady"/>).</exception>
    bool Has(Accession accession);

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
/// <param name="DeltaFiles">Files of those that came since.</param>
/// <param name="DeltaBytes">Size of what was added since; 0 for nothing.</param>
/// <param name="MaskedChange">What was withdrawn up to this change is hidden; may be ahead of what was released.</param>
/// <param name="Sections">Parts of the main generation, in the order of the file.</param>
public sealed record IndexDescription(
    IndexStamp Stamp, int Datasets, long Files, long GenerationBytes, int DeltaDatasets, int CutDatasets, long DeltaFiles, long DeltaBytes, long MaskedChange,
    IReadOnlyList<IndexSection> Sections)
{
    /// <summary>Public datasets that cannot be found since they could not be read; the log says why. A hundred at most.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>A part of a generation's file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LengthBytes">Its length.</param>
public sealed record IndexSection(string Name, long LengthBytes);
