using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.TextMetadata;

/// <summary>What a value found in a text file is to the dataset.</summary>
public enum ProposalKind
{
    /// <summary>Text that says what the dataset is about.</summary>
    Description,

    /// <summary>A keyword.</summary>
    Tag,

    /// <summary>A name with its value.</summary>
    KeyValue,

    /// <summary>Rows under common columns.</summary>
    Table,
}

/// <summary>The line of a text file that a value stands on.</summary>
/// <param name="File">The file's path in the dataset.</param>
/// <param name="Line">Counted from 1.</param>
public readonly record struct SourceLine(ArchivePath File, long Line)
{
    /// <summary>As findings name a place.</summary>
    public override string ToString() => $"{File}, line {Line}";
}

/// <summary>Where a value goes in the page tab.</summary>
/// <param name="SectionType">The type of a child of the root section, such as <c>Image acquisition</c>; null for the root section itself.</param>
/// <param name="SectionTitle">Which one of that type; null for the root section. It is made where there is none.</param>
/// <param name="Attribute">The attribute's name; for a table the type of its rows.</param>
/// <param name="Otherwise">The attribute that is taken instead where the depositor has given the first a value, which stays; null: both stand side by side.</param>
public sealed record MetadataPlace(string? SectionType, string? SectionTitle, string Attribute, string? Otherwise = null)
{
    /// <summary>The attribute that tells sections of one type apart.</summary>
    public string TitleAttribute => SectionType is Author or Component ? "Name" : "Title";

    internal const string Author = "Author";
    internal const string Component = "Study Component";

    internal static MetadataPlace Root(string attribute, string? otherwise = null) => new(null, null, attribute, otherwise);
}

/// <summary>One thing found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Place">Where it goes.</param>
/// <param name="Source">Where it stands; of a table the line that begins it.</param>
/// <param name="Value">The text, trimmed and without control characters but line feeds; null of a table.</param>
/// <param name="Unit">The unit of the value, where the format fixes one.</param>
/// <param name="Table">The rows of a table; else null.</param>
public sealed record FoundValue(ProposalKind Kind, MetadataPlace Place, SourceLine Source, string? Value, string? Unit, FoundTable? Table);

/// <summary>A table that was found.</summary>
/// <param name="IsOfFiles">Whether each row describes one file of the dataset, and goes among the files of its section.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">The rows in order, at least one.</param>
public sealed record FoundTable(bool IsOfFiles, IReadOnlyList<string> Columns, IReadOnlyList<FoundRow> Rows);

/// <summary>A row of a table.</summary>
/// <param name="Source">Where it stands; it holds for all its cells.</param>
/// <param name="Cells">As many as there are columns; null where there is no value. The first is never null.</param>
/// <param name="File">The file that it describes; null in other tables.</param>
public sealed record FoundRow(SourceLine Source, IReadOnlyList<string?> Cells, ArchivePath? File = null);

/// <summary>What one reading of text files gave.</summary>
/// <param name="Values">In the order of the files and lines.</param>
/// <param name="Notes">What could not be made sense of, is missing or was left out; warnings all, since the files are deposited as they are.</param>
public sealed record MetadataReading(IReadOnlyList<FoundValue> Values, ValidationReport Notes);

/// <summary>How much is read and found; every bound is inclusive.</summary>
/// <param name="MaxFiles">Text files of one draft; those after it, in path order, are not read.</param>
/// <param name="MaxBytesInAll">Bytes of all of them together.</param>
/// <param name="MaxLineBytes">A longer line is passed over.</param>
/// <param name="MaxValueChars">A longer value is passed over.</param>
/// <param name="MaxValues">Values of one reading, and proposals of one draft.</param>
/// <param name="MaxRows">Rows of one table.</param>
/// <param name="MaxColumns">Columns of one table.</param>
/// <param name="MaxCells">Cells of all tables of one reading.</param>
public sealed record TextMetadataLimits(
    int MaxFiles = 5_000, long MaxBytesInAll = 64L << 20, int MaxLineBytes = 16 * 1024, int MaxValueChars = 16 * 1024,
    int MaxValues = 5_000, int MaxRows = 10_000, int MaxColumns = 100, int MaxCells = 100_000)
{
    /// <summary>The usual bounds: a reading takes a second or two and some 100 MB at the very most.</summary>
    public static TextMetadataLimits Default { get; } = new();
}
