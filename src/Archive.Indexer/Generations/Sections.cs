using System.Runtime.InteropServices;
using Archive.Model.Datasets;

namespace Archive.Indexer.Generations;

/// <summary>Names of the sections of a generation, apart from those of its texts.</summary>
internal static class Sections
{
    /// <summary><see cref="GenerationInfo"/> as JSON.</summary>
    public const string Info = "info";

    /// <summary>A <see cref="Columns.Table"/> with a row for each dataset in accession order: facets, title, numbers.</summary>
    public const string Datasets = "datasets";

    /// <summary>A <see cref="DatasetRecord"/> for each dataset.</summary>
    public const string Records = "records";

    /// <summary>What hits show: <see cref="StoredDataset"/> by <see cref="StoredDatasetCodec"/>, one after the other.</summary>
    public const string Stored = "stored";

    /// <summary>Where each stored dataset begins (i64), and the end.</summary>
    public const string StoredIndex = "stored.index";

    /// <summary>The shelves, each at a multiple of 64.</summary>
    public const string Shelves = "shelves";

    /// <summary>The packs, each a table at a multiple of 64.</summary>
    public const string Packs = "packs";

    /// <summary>A <see cref="UnitRecord"/> for each table in which files of all datasets are searched, in accession order.</summary>
    public const string Units = "units";

    /// <summary>For each dataset, the first of its files in the table in which they are searched (u32).</summary>
    public const string UnitRows = "units.rows";

    /// <summary>For each column of each such table, where its map begins (u32).</summary>
    public const string UnitColumns = "units.columns";

    /// <summary>For each value of each column, its place in the field's dictionary, from 1 (u32).</summary>
    public const string UnitMaps = "units.maps";

    /// <summary>Names of all attributes of files, sorted by bytes.</summary>
    public const string FieldNames = "fields.names";

    /// <summary>A <see cref="FieldRecord"/> for each.</summary>
    public const string Fields = "fields";

    /// <summary>The dictionary of each field: values of all shelves in value order.</summary>
    public const string FieldValues = "fields.values";

    /// <summary>For each field the tables that have it, ascending (<see cref="FieldColumn"/>).</summary>
    public const string FieldColumns = "fields.columns";

    /// <summary>Words of all files, sorted by bytes.</summary>
    public const string FileTerms = "fileterms";

    /// <summary>Where the list of each word begins (i64), and the end.</summary>
    public const string FileTermIndex = "fileterms.index";

    /// <summary>For each word the tables that have it, as gaps.</summary>
    public const string FileTermUnits = "fileterms.units";
}

/// <summary>What a generation is.</summary>
/// <param name="Name">Its name, unique in a data folder.</param>
/// <param name="BuiltAt">When its build began (UTC).</param>
/// <param name="NewestChange">Every public change up to this number is in it.</param>
/// <param name="Datasets">Number of datasets.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Facets">Which list of facets it was built by (<see cref="Facets.FacetCatalogue.Stamp"/>).</param>
internal sealed record GenerationInfo(string Name, DateTimeOffset BuiltAt, long NewestChange, int Datasets, long Files, string Facets)
{
    /// <summary>Public datasets that could not be read when it was built, a hundred at most.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>A dataset in a generation.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct DatasetRecord
{
    public const int Size = 32;

    public long Change;
    public long ShelfOffset;
    public uint ShelfLength;
    public uint Version;
    public uint Spare0;
    public uint Spare1;
}

/// <summary>A table in which files of all datasets are searched: the shelf of one, or a pack of several that follow each other.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct UnitRecord
{
    public const int Size = 24;

    /// <summary>Among the shelves where there is one dataset, else among the packs.</summary>
    public long Offset;

    public uint Length;
    public uint FirstDataset;
    public uint DatasetCount;
    public uint FirstColumn;
}

/// <summary>A table that has an attribute, and the place of its column there.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal readonly record struct FieldColumn(uint Unit, uint Column)
{
    public const int Size = 8;
}

/// <summary>An attribute of files in a generation.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct FieldRecord
{
    public const int Size = 24;

    public long ValuesOffset;
    public uint FirstColumn;
    public uint ColumnCount;

    /// <summary>1 where all values are numbers, 2 where all are dates, else 0.</summary>
    public uint Kind;

    public uint Spare;
}

/// <summary>What a hit shows of a dataset.</summary>
internal sealed record StoredDataset(
    Accession Accession,
    int Version,
    string Title,
    string Description,
    IReadOnlyList<string> People,
    IReadOnlyList<string> Organisms,
    IReadOnlyList<string> Methods,
    string Collection,
    string Licence,
    DateOnly? ReleaseDate);
