using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>Writes which shelves have each word, so that a search over all datasets opens only those that can match.</summary>
internal static class FileTermsWriter
{
    public static void Write(IndexFileWriter file, List<Table> shelves)
    {
        var merge = new ListMerge<ByteOrder>(shelves.ConvertAll(s => s.Terms));
        var terms = new FrontCodedListWriter(shift: 4);
        var index = new List<long> { 0 };
        var list = new ByteBuffer();
        file.Begin(Sections.FileTermShelves);
        while (merge.MoveNext())
        {
            terms.Add(merge.Current);
            list.Clear();
            var before = -1;
            foreach (var (shelf, _) in merge.Places)
            {
                list.AddVarInt((uint)(shelf - before - 1));
                before = shelf;
            }
            file.Write(list.Written);
            index.Add(file.SectionPosition);
        }
        file.WriteSection(Sections.FileTermIndex, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(index)));
        var buffer = new ByteBuffer();
        terms.WriteTo(buffer);
        file.WriteSection(Sections.FileTerms, buffer.Written);
    }
}
