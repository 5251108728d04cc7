using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Generations;

/// <summary>Which shelves of a generation have a word.</summary>
internal sealed class FileTerms
{
    private readonly FrontCodedList terms;
    private readonly Block index;
    private readonly Block lists;

    public FileTerms(IndexFile file)
    {
        terms = new FrontCodedList(file.Section(Sections.FileTerms));
        index = file.Section(Sections.FileTermIndex);
        lists = file.Section(Sections.FileTermShelves);
    }

    /// <summary>Marks the datasets whose files have a word, or one that begins with it.</summary>
    public void Mark(string word, bool isPrefix, Span<ulong> datasets)
    {
        var key = Encoding.UTF8.GetBytes(word);
        if (!isPrefix)
        {
            var term = terms.Find<ByteOrder>(key);
            if (term >= 0) Mark(term, datasets);
            return;
        }
        var walk = terms.Walk(terms.LowerBound<ByteOrder>(key));
        while (walk.MoveNext() && walk.Current.StartsWith(key)) Mark(walk.Index, datasets);
    }

    private void Mark(int term, Span<ulong> datasets)
    {
        var from = index.Read<long>(term * 8L);
        var list = lists.Bytes(from, checked((int)(index.Read<long>((term + 1) * 8L) - from)));
        var dataset = -1;
        for (var at = 0; at < list.Length;)
        {
            dataset = checked(dataset + (int)VarInt.Read(list, ref at) + 1);
            Bits.Set(datasets, dataset);
        }
    }
}
