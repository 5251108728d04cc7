using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Generations;

/// <summary>The attributes of files over all datasets of a generation.</summary>
internal sealed class FileFields
{
    private readonly Block fields;
    private readonly Block values;
    private readonly Block owners;
    private readonly Block columns;
    private readonly Block maps;

    public FileFields(IndexFile file)
    {
        Names = new FrontCodedList(file.Section(Sections.FieldNames));
        fields = file.Section(Sections.Fields);
        values = file.Section(Sections.FieldValues);
        owners = file.Section(Sections.FieldShelves);
        columns = file.Section(Sections.ShelfColumns);
        maps = file.Section(Sections.ShelfMaps);
        _ = fields.Part(0, (long)Names.Count * FieldRecord.Size);
    }

    /// <summary>Their names, sorted by bytes.</summary>
    public FrontCodedList Names { get; }

    /// <summary>The number of an attribute; -1 when no file has it.</summary>
    public int Find(string name) => Names.Find<ByteOrder>(Encoding.UTF8.GetBytes(name));

    /// <summary>All values of an attribute, in value order.</summary>
    public FrontCodedList Values(int field) => new(values.From(Record(field).ValuesOffset));

    /// <summary>The datasets whose files have an attribute, ascending.</summary>
    public ReadOnlySpan<uint> Datasets(int field)
    {
        var record = Record(field);
        return owners.Array<uint>(record.FirstShelf * 4L, checked((int)record.ShelfCount));
    }

    /// <summary>For each value of a shelf's column, its place among <see cref="Values"/>, from 1.</summary>
    public ReadOnlySpan<uint> Map(DatasetRecord dataset, int column, int cardinality)
    {
        var entry = columns.Read<ShelfColumn>((dataset.FirstColumn + (long)column) * ShelfColumn.Size);
        return maps.Array<uint>(entry.MapStart * 4L, cardinality);
    }

    private FieldRecord Record(int field) => fields.Read<FieldRecord>(field * (long)FieldRecord.Size);
}
