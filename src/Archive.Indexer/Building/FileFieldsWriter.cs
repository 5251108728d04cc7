using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>
/// Writes, for each attribute that any shelf has, one dictionary of all values, and for each column of each shelf the map from
/// its own ordinals to it: so facets over many datasets are counted by number and not by text.
/// </summary>
internal static class FileFieldsWriter
{
    /// <summary>Writes the sections, and sets where each dataset's columns begin.</summary>
    public static void Write(IndexFileWriter file, Span<DatasetRecord> records, List<Table> shelves)
    {
        var fields = Collect(shelves);
        var columns = Number(fields, records, shelves, out var mapLength);
        var maps = new uint[mapLength];
        var entries = new List<FieldRecord>();
        var owners = new List<uint>();
        file.Begin(Sections.FieldValues);
        foreach (var (_, places) in fields)
        {
            file.Align(8);
            entries.Add(new FieldRecord { ValuesOffset = file.SectionPosition, FirstShelf = (uint)owners.Count, ShelfCount = (uint)places.Count });
            foreach (var (shelf, _) in places) owners.Add((uint)shelf);
            file.Write(Merge(places, records, shelves, columns, maps).Written);
        }
        file.WriteSection(Sections.Fields, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(entries)));
        file.WriteSection(Sections.FieldShelves, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(owners)));
        file.WriteSection(Sections.ShelfColumns, MemoryMarshal.AsBytes<ShelfColumn>(columns));
        file.WriteSection(Sections.ShelfMaps, MemoryMarshal.AsBytes<uint>(maps));
        var names = new FrontCodedListWriter(shift: 4);
        foreach (var (name, _) in fields) names.Add(name);
        var buffer = new ByteBuffer();
        names.WriteTo(buffer);
        file.WriteSection(Sections.FieldNames, buffer.Written);
    }

    // All attributes sorted by bytes, each with the shelves and columns that have it.
    private static List<(byte[] Name, List<(int Shelf, int Column)> Places)> Collect(List<Table> shelves)
    {
        var found = new Dictionary<string, List<(int Shelf, int Column)>>(StringComparer.Ordinal);
        for (var shelf = 0; shelf < shelves.Count; shelf++)
        {
            for (var column = 0; column < shelves[shelf].ColumnCount; column++)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(found, shelves[shelf].ColumnName(column), out _);
                (places ??= []).Add((shelf, column));
            }
        }
        var fields = found.Select(x => (Name: Encoding.UTF8.GetBytes(x.Key), Places: x.Value)).ToList();
        fields.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return fields;
    }

    private static ShelfColumn[] Number(
        List<(byte[] Name, List<(int Shelf, int Column)> Places)> fields, Span<DatasetRecord> records, List<Table> shelves, out int mapLength)
    {
        var count = 0;
        for (var shelf = 0; shelf < shelves.Count; shelf++)
        {
            records[shelf].FirstColumn = (uint)count;
            count = checked(count + shelves[shelf].ColumnCount);
        }
        var columns = new ShelfColumn[count];
        mapLength = 0;
        for (var field = 0; field < fields.Count; field++)
        {
            foreach (var (shelf, column) in fields[field].Places)
            {
                columns[records[shelf].FirstColumn + column] = new ShelfColumn((uint)field, (uint)mapLength);
                mapLength = checked(mapLength + shelves[shelf].Column(column).Cardinality);
            }
        }
        return columns;
    }

    private static ByteBuffer Merge(
        List<(int Shelf, int Column)> places, Span<DatasetRecord> records, List<Table> shelves, ShelfColumn[] columns, uint[] maps)
    {
        var starts = new uint[places.Count];
        var lists = new FrontCodedList[places.Count];
        for (var i = 0; i < places.Count; i++)
        {
            var (shelf, column) = places[i];
            starts[i] = columns[records[shelf].FirstColumn + column].MapStart;
            lists[i] = shelves[shelf].Column(column).Values;
        }
        var merge = new ListMerge<ValueOrder>(lists);
        var values = new FrontCodedListWriter(shift: 3);
        while (merge.MoveNext())
        {
            var number = values.Add(merge.Current) + 1;
            foreach (var (list, index) in merge.Places) maps[starts[list] + index] = (uint)number;
        }
        var buffer = new ByteBuffer();
        values.WriteTo(buffer);
        return buffer;
    }
}
