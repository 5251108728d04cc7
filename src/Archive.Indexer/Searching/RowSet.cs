using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>Rows of one table, counted; the bitmap of all rows is made only when somebody reads it.</summary>
internal sealed class RowSet
{
    // Where fewer than one row in so many is a hit, listing them once beats looking for them in the bitmap for each column.
    private const int ListedShare = 64;

    private readonly RowPool pool;
    private readonly int rows;
    private ArraySegment<ulong>? bits;
    private ArraySegment<int>? ranks;
    private ArraySegment<int>? list;

    /// <summary>All rows of a table.</summary>
    public RowSet(RowPool pool, int rows)
    {
        this.pool = pool;
        this.rows = rows;
        Count = rows;
    }

    /// <summary>Some rows.</summary>
    public RowSet(RowPool pool, int rows, ArraySegment<ulong> bits, int count)
        : this(pool, rows)
    {
        this.bits = bits;
        Count = count;
    }

    /// <summary>Number of rows in the set.</summary>
    public int Count { get; }

    /// <summary>The rows as a bitmap.</summary>
    public ReadOnlySpan<ulong> Bitmap
    {
        get
        {
            if (bits is null)
            {
                bits = pool.Rent(rows);
                Bits.Fill(bits.Value.AsSpan(), rows);
            }
            return bits.Value.AsSpan();
        }
    }

    /// <summary>The counts of <see cref="Bits.Rank"/>.</summary>
    public ReadOnlySpan<int> Ranks
    {
        get
        {
            if (ranks is null)
            {
                ranks = pool.Numbers(Bits.Words(rows));
                Bits.Rank(Bitmap, ranks.Value.AsSpan());
            }
            return ranks.Value.AsSpan();
        }
    }

    private ReadOnlySpan<int> List
    {
        get
        {
            if (list is null)
            {
                list = pool.Numbers(Count);
                Bits.List(Bitmap, list.Value.AsSpan());
            }
            return list.Value.AsSpan();
        }
    }

    /// <summary>Rows of the set from one up to, not with, another.</summary>
    public int CountRange(int from, int to)
    {
        if (from >= to) return 0;
        if (Count == rows) return to - from;
        if (from == 0 && to == rows) return Count;
        return ranks is null ? Bits.CountRange(Bitmap, from, to) : CountBelow(to, Ranks) - CountBelow(from, Ranks);
    }

    /// <summary>Adds to <paramref name="counts"/>, which has room for every ordinal, the rows by their ordinals in a column.</summary>
    public void Add(in Column column, Span<int> counts)
    {
        if (Count == 0) return;
        if (Count < rows / ListedShare) ColumnCount.Add(column, List, counts);
        else ColumnCount.Add(column, Count == rows ? [] : Bitmap, Count, ColumnCount.IsRanked(column, Count) ? Ranks : [], counts);
    }

    /// <summary>Rows of the set below one, by <see cref="Ranks"/>.</summary>
    public int CountBelow(int row, ReadOnlySpan<int> before) => row == rows ? Count : Bits.CountBelow(Bitmap, before, row);
}
