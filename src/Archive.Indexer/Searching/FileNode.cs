using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>A query for files: which shelves can match at all, and which rows of one do.</summary>
internal abstract class FileNode
{
    /// <summary>Marks the datasets of a generation whose files can match; none is left out that could.</summary>
    public abstract void MarkShelves(Generation generation, Span<ulong> datasets);

    /// <summary>Marks the rows of a shelf that match, in an empty bitmap.</summary>
    public abstract void MarkRows(in Table shelf, Span<ulong> rows);

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

    public override void MarkShelves(Generation generation, Span<ulong> datasets) => generation.FileTerms.Mark(word, isPrefix, datasets);

    public override void MarkRows(in Table shelf, Span<ulong> rows)
    {
        var terms = shelf.Terms;
        if (!isPrefix)
        {
            var term = terms.Find<ByteOrder>(key);
            if (term >= 0) RunPostings.Or(shelf.Runs(term), rows);
            return;
        }
        var walk = terms.Walk(terms.LowerBound<ByteOrder>(key));
        while (walk.MoveNext() && walk.Current.StartsWith(key)) RunPostings.Or(shelf.Runs(walk.Index), rows);
    }
}

/// <summary>All of the parts.</summary>
internal sealed class AllOfFiles(IReadOnlyList<FileNode> parts) : FileNode
{
    public override void MarkShelves(Generation generation, Span<ulong> datasets)
    {
        parts[0].MarkShelves(generation, datasets);
        var other = new ulong[datasets.Length];
        for (var i = 1; i < parts.Count; i++)
        {
            Array.Clear(other);
            parts[i].MarkShelves(generation, other);
            Bits.And(datasets, other);
        }
    }

    public override void MarkRows(in Table shelf, Span<ulong> rows)
    {
        parts[0].MarkRows(shelf, rows);
        var other = new ulong[rows.Length];
        for (var i = 1; i < parts.Count; i++)
        {
            Array.Clear(other);
            parts[i].MarkRows(shelf, other);
            Bits.And(rows, other);
        }
    }
}

/// <summary>Any of the parts.</summary>
internal sealed class AnyOfFiles(IReadOnlyList<FileNode> parts) : FileNode
{
    public override void MarkShelves(Generation generation, Span<ulong> datasets)
    {
        var other = new ulong[datasets.Length];
        foreach (var part in parts)
        {
            Array.Clear(other);
            part.MarkShelves(generation, other);
            Bits.Or(datasets, other);
        }
    }

    public override void MarkRows(in Table shelf, Span<ulong> rows)
    {
        var other = new ulong[rows.Length];
        foreach (var part in parts)
        {
            Array.Clear(other);
            part.MarkRows(shelf, other);
            Bits.Or(rows, other);
        }
    }
}

/// <summary>Everything but the part.</summary>
internal sealed class NoneOfFiles(FileNode part) : FileNode
{
    public override void MarkShelves(Generation generation, Span<ulong> datasets) => Bits.Fill(datasets, generation.Datasets.Rows);

    public override void MarkRows(in Table shelf, Span<ulong> rows)
    {
        var other = new ulong[rows.Length];
        part.MarkRows(shelf, other);
        Bits.Fill(rows, shelf.Rows);
        Bits.AndNot(rows, other);
    }
}
