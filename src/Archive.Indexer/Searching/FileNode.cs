using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>A query for files: which tables can match at all, and which rows of one do.</summary>
internal abstract class FileNode
{
    /// <summary>Marks the tables of a generation whose files can match (<see cref="FileUnits"/>); none is left out that could.</summary>
    public abstract void MarkUnits(Generation generation, Span<ulong> units);

    /// <summary>Marks the rows of a table that match, in an empty bitmap.</summary>
    public abstract void MarkRows(in Table table, RowPool pool, Span<ulong> rows);

    /// <summary>Looks a query up; null when it asks for nothing in particular. Words in quotes need not stand in a row.</summary>
    public static FileNode? Compile(QueryNode? query) => query switch
    {
        null => null,
        WordsNode words => All([.. Words(words)]),
        AndNode and => All([.. and.Parts.Select(Compile).OfType<FileNode>()]),
        OrNode or => Any([.. or.Parts.Select(Compile).OfType<FileNode>()]),
        NotNode not => Compile(not.Part) is { } part ? new NoneOfFiles(part) : null,
        BoostNode boost => Compile(boost.Part),
        WildcardNode wildcard => Compile(new WordsNode(null, wildcard.Text, IsPhrase: false, wildcard.Text.EndsWith('*'))),
        FuzzyNode fuzzy => Compile(new WordsNode(null, fuzzy.Text, IsPhrase: false, IsPrefix: false)),
        _ => null,
    };

    private static IEnumerable<FileNode> Words(WordsNode words)
    {
        var split = WordSplitter.Split(words.Text);
        for (var i = 0; i < split.Count; i++) yield return new WordOfFiles(split[i], words.IsPrefix && i == split.Count - 1);
    }

    private static FileNode? All(List<FileNode> parts) => parts.Count switch { 0 => null, 1 => parts[0], _ => new AllOfFiles(parts) };

    private static FileNode? Any(List<FileNode> parts) => parts.Count switch { 0 => null, 1 => parts[0], _ => new AnyOfFiles(parts) };
}

/// <summary>A word of paths and values, or the beginning of one.</summary>
internal sealed class WordOfFiles(string word, bool isPrefix) : FileNode
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(word);

    public override void MarkUnits(Generation generation, Span<ulong> units) => generation.FileTerms.Mark(word, isPrefix, units);

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
