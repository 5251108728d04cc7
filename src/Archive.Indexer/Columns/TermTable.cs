using System.Text;
using Archive.Indexer.Format;
using Archive.Indexer.Text;

namespace Archive.Indexer.Columns;

/// <summary>Collects the words of a table's paths and values, each with the rows that have it.</summary>
internal sealed class TermTable
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private RunListBuilder[] rows = new RunListBuilder[64];

    public TermTable() => lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Gives a row the words of a text.</summary>
    public void AddText(int row, ReadOnlySpan<char> text)
    {
        var words = new WordSplitter(text, stackalloc char[WordSplitter.BufferLength]);
        while (words.MoveNext())
        {
            // A new word may move the array: ask for its id first.
            var id = Intern(words.Current);
            rows[id].Add(row);
        }
    }

    /// <summary>The words of a text as ids, each once, for values that many rows share.</summary>
    public int[] Intern(string text)
    {
        var found = new List<int>();
        var words = new WordSplitter(text, stackalloc char[WordSplitter.BufferLength]);
        while (words.MoveNext())
        {
            var id = Intern(words.Current);
            if (!found.Contains(id)) found.Add(id);
        }
        return [.. found];
    }

    /// <summary>Gives a row words; rows come in ascending order.</summary>
    public void Add(int row, int[] terms)
    {
        foreach (var term in terms) rows[term].Add(row);
    }

    /// <summary>Gives rows from <paramref name="firstRow"/> on the words that the rows of another table have.</summary>
    public void AddTable(in Table table, int firstRow)
    {
        Span<char> text = stackalloc char[FrontCodedList.MaxEntryBytes];
        for (var walk = table.Terms.Walk(0); walk.MoveNext();)
        {
            var id = Intern(text[..Encoding.UTF8.GetChars(walk.Current, text)]);
            var runs = table.Runs(walk.Index);
            var at = 0;
            for (long end = 0; RunPostings.Next(runs, ref at, ref end, out var from);)
            {
                if (end > table.Rows) throw new InvalidDataException("A run leads beyond its table.");
                rows[id].AddRange(firstRow + (int)from, firstRow + (int)end);
            }
        }
    }

    /// <summary>Writes the sorted words, an offset for each (u32, one more at the end), and their runs.</summary>
    public (uint Terms, uint Index, uint Runs, uint RunsLength) WriteTo(ByteBuffer target)
    {
        var sorted = new (byte[] Word, int Id)[ids.Count];
        var at = 0;
        foreach (var (word, id) in ids) sorted[at++] = (Encoding.UTF8.GetBytes(word), id);
        Array.Sort(sorted, (a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        var list = new FrontCodedListWriter(shift: 4);
        var runs = new ByteBuffer();
        var index = new uint[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++)
        {
            list.Add(sorted[i].Word);
            runs.Add(rows[sorted[i].Id].Finish());
            index[i + 1] = (uint)runs.Length;
        }
        target.Align(4);
        var terms = (uint)target.Length;
        list.WriteTo(target);
        target.Align(4);
        var indexOffset = (uint)target.Length;
        target.AddArray<uint>(index);
        var runsOffset = (uint)target.Length;
        target.Add(runs.Written);
        return (terms, indexOffset, runsOffset, (uint)runs.Length);
    }

    private int Intern(ReadOnlySpan<char> word)
    {
        if (lookup.TryGetValue(word, out var id)) return id;
        id = ids.Count;
        ids[word.ToString()] = id;
        if (id == rows.Length) Array.Resize(ref rows, id * 2);
        return id;
    }
}
