using System.Globalization;
using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Archive.Model.Errors;

namespace Archive.Indexer.Searching;

/// <summary>A hit and what it is sorted by: the lower key first, equal keys by accession, of the newest releases the newest number first.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RankedDataset(long Key, long Tie, int Segment, int Dataset, int Score) : IComparable<RankedDataset>
{
    public int CompareTo(RankedDataset other) => Key != other.Key ? Key.CompareTo(other.Key) : Tie.CompareTo(other.Tie);
}

/// <summary>
/// Turns what datasets are sorted by into numbers over all segments. Places in a sorted list are doubled, so that a cursor whose
/// value is gone lies between two places.
/// </summary>
internal sealed class DatasetOrder
{
    public const string Relevance = "relevance";
    public const string Released = "released";
    public const string Title = "title";
    public const string Accession = "accession";
    public const string Files = "files";
    public const string Size = "size";

    private const long Last = long.MaxValue;

    private readonly IndexSnapshot snapshot;
    private readonly SortRequest sort;

    // Of each segment, the column that is sorted by.
    private readonly NumberColumn[] numbers = [];
    private readonly Column[] titles = [];

    /// <exception cref="ArchiveException">There is no such sort.</exception>
    public DatasetOrder(IndexSnapshot snapshot, SortRequest sort)
    {
        if (sort.Name is not (Relevance or Released or Title or Accession or Files or Size))
            throw SortRequest.Refuse("sort", "is one of relevance, released, title, accession, files and size, with a leading - for descending.");
        this.snapshot = snapshot;
        // Relevance means the best first, whichever way it is written.
        this.sort = sort.Name == Relevance ? sort with { IsDescending = true } : sort;
        var tables = snapshot.Segments.Select(s => s.Generation.Datasets).ToList();
        if (sort.Name == Title) titles = [.. tables.Select(t => t.Column(t.FindColumn(FrontCodedListWriter.Encode(DatasetNumbers.TitleColumn))))];
        else if (Array.IndexOf(DatasetNumbers.Names, sort.Name) is >= 0 and var number) numbers = [.. tables.Select(t => t.Number(number))];
    }

    /// <summary>Whether cursors hold scores, which are of one generation.</summary>
    public bool IsByScore => sort.Name == Relevance;

    /// <summary>What a hit is sorted by before its accession; the lower the earlier.</summary>
    public long Key(int segment, int dataset, int score) => sort.Name switch
    {
        Relevance => Directed(score),
        Accession => Directed(2L * snapshot.AccessionRank(segment, dataset)),
        Title => titles[segment].Ordinal(dataset) is > 0 and var ordinal
            ? Directed(2L * snapshot.DatasetValues(DatasetNumbers.TitleColumn).Rank(segment, ordinal))
            : Last,
        // Day 0 stands for no date.
        Released => numbers[segment][dataset] is not 0 and var day ? Directed(day) : Last,
        _ => Directed(numbers[segment][dataset]),
    };

    /// <summary>A hit with what <see cref="Key"/> gave for it.</summary>
    public RankedDataset Rank(int segment, int dataset, int score, long key) =>
        new(key, Tied(2L * snapshot.AccessionRank(segment, dataset)), segment, dataset, score);

    /// <summary>The place after a hit.</summary>
    public SearchCursor CursorAfter(RankedDataset hit)
    {
        var generation = snapshot.Segments[hit.Segment].Generation;
        var key = hit.Key == Last ? null : (long?)Directed(hit.Key);
        var title = sort.Name == Title && key is { } place ? snapshot.DatasetValues(DatasetNumbers.TitleColumn)[(int)(place / 2)] : null;
        return new SearchCursor(IsByScore ? snapshot.Stamp.Generation : null, key, title, generation.Accession(hit.Dataset).ToString(), null) { State = IsByScore ? State : null };
    }

    /// <summary>Whether scores have moved since a cursor was given out, so that hits may come twice or not at all.</summary>
    public bool HasMoved(SearchCursor cursor) => IsByScore && cursor.State != State;

    private string State => string.Create(CultureInfo.InvariantCulture, $"{snapshot.Stamp.NewestChange} {snapshot.LiveCount}");

    /// <summary>The key of a place, so that exactly the hits above it are still to come.</summary>
    /// <exception cref="ArchiveException">It is of another generation.</exception>
    public RankedDataset Place(SearchCursor cursor)
    {
        if (IsByScore && cursor.Generation != snapshot.Stamp.Generation)
            throw new ArchiveException(Problems.CursorExpired, $"The cursor is of generation {cursor.Generation}; {snapshot.Stamp.Generation} answers now.");
        var (rank, isExact) = snapshot.AccessionRank(Model.Datasets.Accession.Parse(cursor.Accession, null));
        var accession = isExact ? 2L * rank : (2L * rank) - 1;
        var key = sort.Name switch
        {
            Accession => Directed(accession),
            Title when cursor.Text is not null => Directed(TitlePlace(cursor.Text)),
            _ => cursor.Number is { } number ? Directed(number) : Last,
        };
        return new RankedDataset(key, Tied(accession), 0, 0, 0);
    }

    private long TitlePlace(string title)
    {
        var (rank, isExact) = snapshot.DatasetValues(DatasetNumbers.TitleColumn).Find(FrontCodedListWriter.Encode(title));
        return isExact ? 2L * rank : (2L * rank) - 1;
    }

    private long Directed(long key) => sort.IsDescending ? -key : key;

    // Numbers are given in time: among the releases of one day the highest is the newest.
    private long Tied(long accession) => sort is { Name: Released, IsDescending: true } ? -accession : accession;
}
