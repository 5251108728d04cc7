using System.Buffers;
using Archive.Indexer.Columns;
using Archive.Indexer.Generations;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>How files are written out.</summary>
public enum FileExportForm
{
    /// <summary>A JSON document a file, each on its line; every value as it is.</summary>
    JsonLines,

    /// <summary>
    /// RFC 4180 with a header. Several values of a cell are joined by <c>"; "</c>, and what a spreadsheet would run as a formula has an
    /// apostrophe before it.
    /// </summary>
    Csv,
}

/// <summary>
/// All files that a search finds, written a stretch at a time. It holds one index state from beginning to end, so a swap in between
/// neither cuts nor mixes it; whoever has it disposes of it within bounded time, since till then the state stays mapped. Not for
/// several threads at once.
/// </summary>
public sealed class FileExport : IDisposable
{
    // Each page of an order other than by path looks at all hits, so there are few pages, however many hits there are; a place takes 32 bytes.
    private const int MostPages = 100;
    private const int LeastRows = 10_000;
    private const int MostRows = 1_000_000;

    private readonly IDisposable hold;
    private readonly FileSearch search;
    private readonly FileLineWriter lines;
    private readonly List<FileSlice> slices;
    private readonly FileOrder? order;
    private List<FilePlace> page = [];
    private int slice;
    private int next;
    private long written;

    /// <param name="hold">What keeps the files there; let go of at the end, or here when it cannot be begun.</param>
    /// <param name="begin">Makes the search.</param>
    /// <param name="index">Which index they are from; null for a version's own table.</param>
    internal FileExport(IDisposable hold, Func<FileSearch> begin, IndexStamp? index, FileExportForm form, CancellationToken ct)
    {
        this.hold = hold;
        Index = index;
        FileSearch? begun = null;
        try
        {
            search = begun = begin();
            (var hits, slices, var sorted) = search.Select(ct);
            Total = sorted.Total;
            // By path, rows are read where they lie; any other order is asked for pages.
            if (sorted is not PathOrder { IsDescending: false }) order = sorted;
            lines = form == FileExportForm.Csv ? new CsvLines(hits) : new JsonLines();
        }
        catch
        {
            begun?.Dispose();
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Files that will be written.</summary>
    public long Total { get; }

    /// <summary>Which index they are from; null where it is a version's own table.</summary>
    public IndexStamp? Index { get; }

    /// <summary>Cancelled when so many newer generations came that this one should be let go of; nothing is taken away from who writes on.</summary>
    public CancellationToken Ending { get; internal init; }

    /// <summary>What could not be read or looked up in the query as it was written.</summary>
    public IReadOnlyList<QueryNote> Notes => search.Notes;

    /// <summary>The query without its page and facets.</summary>
    internal static FileQuery Whole(FileQuery query) => query with { Facets = [], At = null, Cursor = null };

    /// <summary>Writes the header where there is one, then the next files, at most so many.</summary>
    /// <returns>Whether there is more.</returns>
    public bool Write(IBufferWriter<byte> target, int files, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (written == 0) lines.Begin(target);
        for (; files > 0 && written < Total; files--, written++)
        {
            var (hits, row) = order is null ? Next() : NextOf(order, ct);
            lines.Write(target, hits, row);
        }
        lines.Flush(target);
        return written < Total;
    }

    /// <summary>Lets go of the index.</summary>
    public void Dispose()
    {
        search.Dispose();
        hold.Dispose();
    }

    private (FileHits Hits, int Row) Next()
    {
        while (true)
        {
            var current = slices[slice];
            var row = next < current.ToRow ? Bits.Next(current.Hits.Rows.Bitmap, Math.Max(next, current.FromRow)) : -1;
            if (row >= 0 && row < current.ToRow)
            {
                next = row + 1;
                return (current.Hits, row);
            }
            slice++;
            next = 0;
        }
    }

    private (FileHits Hits, int Row) NextOf(FileOrder sorted, CancellationToken ct)
    {
        if (next == page.Count)
        {
            page = sorted.Page(written, (int)Math.Clamp(Total / MostPages, LeastRows, MostRows), ct);
            next = 0;
        }
        var place = page[next++];
        return (slices[place.Slice].Hits, place.Row);
    }
}
