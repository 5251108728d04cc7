using Archive.Indexer.Format;
using Archive.Model.Files;

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
        owners = file.Section(Sections.FieldColumns);
        columns = file.Section(Sections.UnitColumns);
        maps = file.Section(Sections.UnitMaps);
        _ = fields.Part(0, (long)Names.Count * FieldRecord.Size);
    }

    /// <summary>Their names, sorted by bytes.</summary>
    public FrontCodedList Names { get; }

    /// <summary>The number of an attribute; -1 when no file has it.</summary>
    public int Find(string name) => Names.Find<ByteOrder>(FrontCodedListWriter.Encode(name));

    /// <summary>All values of an attribute, in value order.</summary>
    public FrontCodedList Values(int field) => new(values.From(Record(field).ValuesOffset));

    /// <summary>What the values of an attribute are held for: numbers or dates only where all of them are.</summary>
    public AttributeKind Kind(int field) => Record(field).Kind switch { 1 => AttributeKind.Number, 2 => AttributeKind.Date, _ => AttributeKind.Text };

    /// <summary>The tables that have an attribute, ascending, and its column in each.</summary>
    public ReadOnlySpan<FieldColumn> Columns(int field)
    {
        var record = Record(field);
        return owners.Array<FieldColumn>(record.FirstColumn * (long)FieldColumn.Size, checked((int)record.ColumnCount));
    }

    /// <summary>For each value of a table's column, its place among <see cref="Values"/>, from 1.</summary>
    /// <param name="firstColumn">Where the columns of the table begin (<see cref="FileUnits.FirstColumn"/>).</param>
    public ReadOnlySpan<uint> Map(uint firstColumn, int column, int cardinality)
    {
        var start = columns.Read<uint>((firstColumn + (long)column) * sizeof(uint));
        return maps.Array<uint>(start * 4L, cardinality);
    }

    private FieldRecord Record(int field) => fields.Read<FieldRecord>(field * (long)FieldRecord.Size);
}
