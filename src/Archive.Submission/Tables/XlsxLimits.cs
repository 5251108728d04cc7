namespace Archive.Submissions.Tables;

/// <summary>How much of a workbook is read; every bound is inclusive. A workbook above them is to be saved as TSV or CSV.</summary>
/// <param name="MaxFileBytes">Length of the file.</param>
/// <param name="MaxParts">Entries of the package.</param>
/// <param name="MaxPartBytes">Length of one part unpacked.</param>
/// <param name="MaxTotalBytes">Length of all parts that are read, unpacked.</param>
/// <param name="MaxRatio">How many times as long as packed a part may become, beyond its first megabyte.</param>
/// <param name="MaxSharedBytes">Shared texts, which are held in memory, as UTF-8.</param>
/// <param name="MaxSharedTexts">Number of shared texts.</param>
/// <param name="MaxRowChars">Characters of one row, and so of one cell.</param>
public sealed record XlsxLimits(
    long MaxFileBytes = 256L << 20, int MaxParts = 10_000, long MaxPartBytes = 2L << 30, long MaxTotalBytes = 3L << 30, int MaxRatio = 100,
    int MaxSharedBytes = 64 << 20, int MaxSharedTexts = 4_000_000, int MaxRowChars = 1 << 20)
{
    /// <summary>Rows and columns of a sheet (ECMA-376 leaves them open; every spreadsheet program has these).</summary>
    internal const int MaxRows = 1_048_576, MaxColumns = 16_384;

    /// <summary>The usual bounds: a sheet of a million rows passes, a zip bomb does not.</summary>
    public static XlsxLimits Default { get; } = new();
}
