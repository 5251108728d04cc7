using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>
/// Writes, for each attribute that any file has, one dictionary of all values, and for each column of each table the map from
/// its own ordinals to it: so facets over many datasets are counted by number and not by text.
/// </summary>
internal static class FileFieldsWriter
{
    /// <summary>Writes the sections, those of the units too, and sets where each unit's columns begin.</summary>
    public static void Write(IndexFileWriter file, Span<UnitRecord> units, List<Table> tables)
    {
        var fields = Collect(tables);
        var starts = Number(fields, units, tables, out var mapLength);
        var maps = new uint[mapLength];
        var entries = new List<FieldRecord>();
        var owners = new List<FieldColumn>();
        file.Begin(Sections.FieldValues);
        foreach (var (_, places) in fields)
        {
            file.Align(8);
            entries.Add(new FieldRecord
            {
                ValuesOffset = file.SectionPosition, FirstColumn = (uint)owners.Count, ColumnCount = (uint)places.Count,
                Kind = places.TrueForAll(p => Column(tables, p).IsNumeric) ? 1u : places.TrueForAll(p => Column(tables, p).IsDates) ? 2u : 0,
            });
            owners.AddRange(places);
            file.Write(Merge(places, units, tables, starts, maps).Written);
        }
        file.WriteSection(Sections.Fields, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(entries)));
        file.WriteSection(Sections.FieldColumns, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(owners)));
        file.WriteSection(Sections.Units, MemoryMarshal.AsBytes(units));
        file.WriteSection(Sections.UnitColumns, MemoryMarshal.AsBytes<uint>(starts));
        file.WriteSection(Sections.UnitMaps, MemoryMarshal.AsBytes<uint>(maps));
        var names = new FrontCodedListWriter(shift: 4);
        foreach (var (name, _) in fields) names.Add(name);
        var buffer = new ByteBuffer();
        names.WriteTo(buffer);
        file.WriteSection(Sections.FieldNames, buffer.Written);
    }

    // All attributes sorted by bytes, each with the tables and columns that have it.
    private static List<(byte[] Name, List<FieldColumn> Places)> Collect(List<Table> tables)
    {
        var found = new Dictionary<string, List<FieldColumn>>(StringComparer.Ordinal);
        for (var unit = 0; unit < tables.Count; unit++)
        {
            for (var column = 0; column < tables[unit].ColumnCount; column++)
            {
                ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(found, tables[unit].ColumnName(column), out _);
                (places ??= []).Add(new FieldColumn((uint)unit, (uint)column));
            }
        }
        var fields = found.Select(x => (Name: Encoding.UTF8.GetBytes(x.Key), Places: x.Value)).ToList();
        fields.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return fields;
    }

    // Where the map of each column of each table begins.
    private static uint[] Number(List<(byte[] Name, List<FieldColumn> Places)> fields, Span<UnitRecord> units, List<Table> tables, out int mapLength)
    {
        var count = 0;
        for (var unit = 0; unit < tables.Count; unit++)
        {
            units[unit].FirstColumn = (uint)count;
            count = checked(count + tables[unit].ColumnCount);
        }
        var starts = new uint[count];
        mapLength = 0;
        foreach (var (_, places) in fields)
        {
            foreach (var place in places)
            {
                starts[units[(int)place.Unit].FirstColumn + place.Column] = (uint)mapLength;
                mapLength = checked(mapLength + Column(tables, place).Cardinality);
            }
        }
        return starts;
    }

    private static ByteBuffer Merge(List<FieldColumn> places, Span<UnitRecord> units, List<Table> tables, uint[] starts, uint[] maps)
    {
        var mapStarts = new uint[places.Count];
        var lists = new FrontCodedList[places.Count];
        for (var i = 0; i < places.Count; i++)
        {
            mapStarts[i] = starts[units[(int)places[i].Unit].FirstColumn + places[i].Column];
            lists[i] = Column(tables, places[i]).Values;
        }
        var merge = new ListMerge<ValueOrder>(lists);
        var values = new FrontCodedListWriter(shift: 3);
        while (merge.MoveNext())
        {
            var number = values.Add(merge.Current) + 1;
            foreach (var (list, index) in merge.Places) maps[mapStarts[list] + index] = (uint)number;
        }
        var buffer = new ByteBuffer();
        values.WriteTo(buffer);
        return buffer;
    }

    private static Column Column(List<Table> tables, FieldColumn place) => tables[(int)place.Unit].Column((int)place.Column);
}
