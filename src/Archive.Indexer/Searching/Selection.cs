using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>
/// The rows of one table that a query finds, with each constraint kept apart, since a facet is counted without its own.
/// </summary>
internal sealed class Selection
{
    private readonly ulong[] words;
    private readonly List<(string Name, ulong[] Bits)> constraints = [];
    private ulong[]? all;

    /// <param name="table">The table.</param>
    /// <param name="words">Rows that the text of the query finds.</param>
    public Selection(in Table table, ulong[] words)
    {
        Table = table;
        this.words = words;
    }

    public Table Table { get; }

    /// <summary>Rows that everything finds. No constraint can be added afterwards.</summary>
    public ReadOnlySpan<ulong> All
    {
        get
        {
            if (all is null)
            {
                all = And(except: null);
                Hits = Bits.Count(all);
            }
            return all;
        }
    }

    /// <summary>Number of rows that everything finds; asked for after <see cref="All"/>.</summary>
    public int Hits { get; private set; }

    /// <summary>Rows that only the constraint lets through; several of one name belong together.</summary>
    public void Constrain(string name, ulong[] bits) => constraints.Add((name, bits));

    /// <summary>Rows that everything but the constraints of one name finds.</summary>
    public ReadOnlySpan<ulong> Without(string name, out int hits)
    {
        if (!constraints.Exists(c => c.Name == name))
        {
            var same = All;
            hits = Hits;
            return same;
        }
        var bits = And(name);
        hits = Bits.Count(bits);
        return bits;
    }

    private ulong[] And(string? except)
    {
        var bits = words;
        foreach (var (name, other) in constraints)
        {
            if (name == except) continue;
            if (ReferenceEquals(bits, words)) bits = [.. words];
            Bits.And(bits, other);
        }
        return bits;
    }
}
