using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>What every page says of the archive.</summary>
internal static class Site
{
    public const string Name = "BIAR";
    public const string Line = "Bioimage archive";
    public const string FullName = "BIAR, the bioimage archive";

    /// <summary>Which index answered and how fresh it is.</summary>
    public static string Freshness(IndexStamp index) => index.Generation == "none"
        ? "The search index is not built yet"
        : $"Search index {index.Generation}, built {Format.Instant(index.BuiltAt)}";
}
