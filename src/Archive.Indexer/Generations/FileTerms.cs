using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Generations;

/// <summary>Which tables of files of a generation have a word.</summary>
internal sealed class FileTerms
{
    private readonly FrontCodedList terms;
    private readonly Block index;
    private readonly Block lists;

    public FileTerms(IndexFile file)
    {
        terms = new FrontCodedList(file.Section(Sections.FileTerms));
        index = file.Section(Sections.FileTermIndex);
        lists = file.Section(Sections.FileTermUnits);
    }

    /// <summary>Marks the tables (<see cref="FileUnits"/>) that have a word, or one that begins with it.</summary>
    public void Mark(string word, bool isPrefix, Span<ulong> units)
    {
        var key = Encoding.UTF8.GetBytes(word);
        if (!isPrefix)
        {
            var term = terms.Find<ByteOrder>(key);
            if (term >= 0) Mark(term, units);
            return;
        }
        var walk = terms.Walk(terms.LowerBound<ByteOrder>(key));
        while (walk.MoveNext() && walk.Current.StartsWith(key)) Mark(walk.Index, units);
    }

    private void Mark(int term, Span<ulong> units)
    {
        var from = index.Read<long>(term * 8L);
        var list = lists.Bytes(from, checked((int)(index.Read<long>((term + 1) * 8L) - from)));
        var unit = -1;
        for (var at = 0; at < list.Length;)
        {
            unit = checked(unit + (int)VarInt.Read(list, ref at) + 1);
            Bits.Set(units, unit);
        }
    }
}
