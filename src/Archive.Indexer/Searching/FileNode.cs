using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>A query for files: which tables can match at all, and which rows of one do.</summary>
internal abstract class FileNode
{
    /// <summary>Marks the tables of a generation whose files can match (<see cref="FileUnits"/>); none is left out that could.</summary>
    public abstract void MarkUnits(Generation generation, Span<ulong> units);

    /// <summary>Marks the rows of a table that match, in an empty bitmap.</summary>
    public abstract void MarkRows(in Table table, RowPool pool, Span<ulong> rows);
}

/// <summary>A word of paths and values, or the beginning of one.</summary>
internal sealed class WordOfFiles(string word, bool isPrefix) : FileNode
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(word);

    public override void MarkUnits(Generation generation, Span<ulong> units) => generation.FileTerms.Mark(key, isPrefix, units);

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows)
    {
        var terms = table.Terms;
        if (!isPrefix)
        {
            var term = terms.Find<ByteOrder>(key);
            if (term >= 0) RunPostings.Or(table.Runs(term), rows);
            return;
        }
        var walk = terms.Walk(terms.LowerBound<ByteOrder>(key));
        while (walk.MoveNext() && walk.Current.StartsWith(key)) RunPostings.Or(table.Runs(walk.Index), rows);
    }
}

/// <summary>All of the parts.</summary>
internal sealed class AllOfFiles(IReadOnlyList<FileNode> parts) : FileNode
{
    public override void MarkUnits(Generation generation, Span<ulong> units)
    {
        parts[0].MarkUnits(generation, units);
        var other = new ulong[units.Length];
        for (var i = 1; i < parts.Count; i++)
        {
            Array.Clear(other);
            parts[i].MarkUnits(generation, other);
            Bits.And(units, other);
        }
    }

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows)
    {
        parts[0].MarkRows(table, pool, rows);
        var other = pool.Empty(table.Rows).AsSpan();
        for (var i = 1; i < parts.Count; i++)
        {
            other.Clear();
            parts[i].MarkRows(table, pool, other);
            Bits.And(rows, other);
        }
    }
}

/// <summary>Any of the parts.</summary>
internal sealed class AnyOfFiles(IReadOnlyList<FileNode> parts) : FileNode
{
    public override void MarkUnits(Generation generation, Span<ulong> units)
    {
        var other = new ulong[units.Length];
        foreach (var part in parts)
        {
            Array.Clear(other);
            part.MarkUnits(generation, other);
            Bits.Or(units, other);
        }
    }

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows)
    {
        var other = pool.Empty(table.Rows).AsSpan();
        foreach (var part in parts)
        {
            other.Clear();
            part.MarkRows(table, pool, other);
            Bits.Or(rows, other);
        }
    }
}

/// <summary>Everything but the part.</summary>
internal sealed class NoneOfFiles(FileNode part) : FileNode
{
    public override void MarkUnits(Generation generation, Span<ulong> units) => Bits.Fill(units, generation.Units.Count);

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows)
    {
        var other = pool.Empty(table.Rows).AsSpan();
        part.MarkRows(table, pool, other);
        Bits.Fill(rows, table.Rows);
        Bits.AndNot(rows, other);
    }
}

/// <summary>Any of some words.</summary>
/// <param name="words">In the order of their bytes.</param>
internal sealed class WordsOfFiles(IReadOnlyList<byte[]> words) : FileNode
{
    public override void MarkUnits(Generation generation, Span<ulong> units)
    {
        foreach (var word in words) generation.FileTerms.Mark(word, isPrefix: false, units);
    }

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows)
    {
        var terms = table.Terms;
        foreach (var word in words)
            if (terms.Find<ByteOrder>(word) is >= 0 and var term)
                RunPostings.Or(table.Runs(term), rows);
    }
}

/// <summary>Every file.</summary>
internal sealed class EverythingOfFiles : FileNode
{
    public override void MarkUnits(Generation generation, Span<ulong> units) => Bits.Fill(units, generation.Units.Count);

    public override void MarkRows(in Table table, RowPool pool, Span<ulong> rows) => Bits.Fill(rows, table.Rows);
}
