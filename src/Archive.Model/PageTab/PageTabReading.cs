using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>How much of a page tab is read; every bound is inclusive.</summary>
/// <param name="MaxBytes">Length of the document in bytes; reading stops at the first byte above.</param>
/// <param name="MaxItems">Sections, files, links, attributes and qualifiers together, which bounds the memory of the tree; in TSV also rows.</param>
public sealed record PageTabLimits(long MaxBytes = 20L << 20, int MaxItems = 300_000)
{
    /// <summary>Nesting of objects and arrays in JSON; other forms may nest as deep as their JSON.</summary>
    public const int MaxDepth = 64;

    /// <summary>Cells of a row in TSV and in a sheet.</summary>
    public const int MaxCells = 4096;

    /// <summary>20 MiB and 300,000 items: at most some 100 MB while the tree is built, and the text alone while it is only checked.</summary>
    public static PageTabLimits Default { get; } = new();
}

/// <summary>Why a text could not be read as a page tab at all.</summary>
public enum PageTabFault
{
    /// <summary>It was read; findings say what is wrong inside.</summary>
    None,

    /// <summary>It is not JSON, or no JSON object.</summary>
    NotJson,

    /// <summary>It is no text that can be TSV.</summary>
    NotTsv,

    /// <summary>It is not XML, or no page tab in XML.</summary>
    NotXml,

    /// <summary>It is no workbook that can be read.</summary>
    NotXlsx,

    /// <summary>It is above <see cref="PageTabLimits.MaxBytes"/> or <see cref="PageTabLimits.MaxItems"/>.</summary>
    TooLarge,

    /// <summary>It is nested deeper than <see cref="PageTabLimits.MaxDepth"/>.</summary>
    TooDeep,
}

/// <summary>What came of reading a page tab.</summary>
/// <param name="Document">The tree; parts with an error are left out. Null when <paramref name="Fault"/> says that there is none, or when none was asked for.</param>
/// <param name="Fault">Why there is no tree.</param>
/// <param name="Report">Everything found, with JSON paths (<c>$.section.subsections[2].type</c>), line and column, lines (<c>lines 12-14</c>) or rows.</param>
public sealed record PageTabReading(PageTabDocument? Document, PageTabFault Fault, ValidationReport Report);
