using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>
/// The rows of one table of files that a query finds, with each constraint kept apart, since a facet is counted without its own.
/// </summary>
internal sealed class FileSelection
{
    private readonly Table table;
    private readonly RowPool pool;
    private readonly ArraySegment<ulong>? found;
    private readonly List<(string Name, ArraySegment<ulong> Bits)> constraints = [];
    private RowSet? all;

    /// <param name="table">The table.</param>
    /// <param name="pool">Of the search.</param>
    /// <param name="found">Rows that the text of the query finds, less those of datasets that cannot be found; null for all.</param>
    public FileSelection(in Table table, RowPool pool, ArraySegment<ulong>? found)
    {
        this.table = table;
        this.pool = pool;
        this.found = found;
    }

    /// <summary>Rows that everything finds. No constraint can be added afterwards.</summary>
    public RowSet All => all ??= And(except: null);

    /// <summary>Rows that only the constraint lets through; several of one name belong together.</summary>
    public void Constrain(string name, ArraySegment<ulong> bits) => constraints.Add((name, bits));

    /// <summary>Rows that everything but the constraints of one name finds.</summary>
    public RowSet Without(string name)
    {
        foreach (var constraint in constraints)
            if (constraint.Name == name)
                return And(name);
        return All;
    }

    private RowSet And(string? except)
    {
        var bits = found;
        var isOwn = false;
        var count = -1;
        foreach (var (name, other) in constraints)
        {
            if (name == except) continue;
            if (bits is not { } before)
            {
                bits = other;
                continue;
            }
            if (!isOwn) bits = pool.Rent(table.Rows);
            isOwn = true;
            count = Bits.AndInto(before, other, bits.Value);
        }
        if (bits is not { } rows) return new RowSet(pool, table.Rows);
        return new RowSet(pool, table.Rows, rows, count >= 0 ? count : Bits.Count(rows));
    }
}
