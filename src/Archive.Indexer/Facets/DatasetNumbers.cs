using Archive.Indexer.Text;

namespace Archive.Indexer.Facets;

/// <summary>The numbers and the sorting column that the table of datasets has besides its facets.</summary>
internal static class DatasetNumbers
{
    /// <summary>Day of release as a day number; 0 for none.</summary>
    public const int Released = 0;

    /// <summary>Number of files.</summary>
    public const int Files = 1;

    /// <summary>Sum of their lengths.</summary>
    public const int Size = 2;

    /// <summary>The column that titles are sorted by.</summary>
    public const string TitleColumn = "~title";

    private const int TitleKeyLength = 100;

    public static readonly string[] Names = ["released", "files", "size"];

    /// <summary>What a title is sorted by: its beginning without case and accents.</summary>
    public static string TitleKey(string title) => Folding.Fold(title.Length <= TitleKeyLength ? title : title[..TitleKeyLength]);
}
