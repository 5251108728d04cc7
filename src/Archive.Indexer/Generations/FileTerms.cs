using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Generations;

/// <summary>Which tables of files of a generation have a word.</summary>
internal sealed class FileTerms
{
    private readonly Block index;
    private readonly Block lists;

    public FileTerms(IndexFile file)
    {
        Words = new FrontCodedList(file.Section(Sections.FileTerms));
        index = file.Section(Sections.FileTermIndex);
        lists = file.Section(Sections.FileTermUnits);
    }

    /// <summary>All words of the files, in UTF-8.</summary>
    public FrontCodedList Words { get; }

    /// <summary>Marks the tables (<see cref="FileUnits"/>) that have a word, or one that begins with it.</summary>
    public void Mark(ReadOnlySpan<byte> word, bool isPrefix, Span<ulong> units)
    {
        if (!isPrefix)
        {
            var term = Words.Find<ByteOrder>(word);
            if (term >= 0) Mark(term, units);
            return;
        }
        var walk = Words.Walk(Words.LowerBound<ByteOrder>(word));
        while (walk.MoveNext() && walk.Current.StartsWith(word)) Mark(walk.Index, units);
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
