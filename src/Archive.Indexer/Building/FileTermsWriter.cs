using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>Writes which tables have each word, so that a search over all datasets opens only those that can match.</summary>
internal static class FileTermsWriter
{
    public static void Write(IndexFileWriter file, List<Table> units)
    {
        var merge = new ListMerge<ByteOrder>(units.ConvertAll(s => s.Terms));
        var terms = new FrontCodedListWriter(shift: 4);
        var index = new List<long> { 0 };
        var list = new ByteBuffer();
        file.Begin(Sections.FileTermUnits);
        while (merge.MoveNext())
        {
            terms.Add(merge.Current);
            list.Clear();
            var before = -1;
            foreach (var (unit, _) in merge.Places)
            {
                list.AddVarInt((uint)(unit - before - 1));
                before = unit;
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
