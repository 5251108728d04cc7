using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Api.Pages;

/// <summary>Addresses inside the site. Everything that comes from a depositor is percent-encoded here.</summary>
internal static class Address
{
    /// <summary>The page of a dataset, of an older version where one is given.</summary>
    public static string Dataset(Accession accession, int? version = null) => $"/datasets/{accession}{Query(version)}";

    /// <summary>The file table of a dataset.</summary>
    public static string Files(Accession accession, int? version = null) => $"/datasets/{accession}/files{Query(version)}";

    /// <summary>The files of a dataset that come after a path, in path order.</summary>
    public static string FilesAfter(Accession accession, int? version, ArchivePath after)
    {
        var query = new StringBuilder(Query(version));
        SearchAddress.Add(query, "after", after.Value);
        return $"/datasets/{accession}/files{query}";
    }

    /// <summary>The page of a file.</summary>
    public static string File(Accession accession, ArchivePath path, int? version = null) =>
        $"/datasets/{accession}/file/{Encode(path)}{Query(version)}";

    /// <summary>The bytes of a file.</summary>
    public static string Bytes(Accession accession, ArchivePath path, int? version = null) => $"/files/{accession}/{Encode(path)}{Query(version)}";

    /// <summary>The page of a collection.</summary>
    public static string Collection(string id) => $"/collections/{Uri.EscapeDataString(id)}";

    /// <summary>The page of an error.</summary>
    public static string Problem(string code) => $"/problems/{Uri.EscapeDataString(code)}";

    /// <summary>A search with one facet value chosen.</summary>
    public static string Facet(string name, string value) => SearchAddress.Empty.Toggle(name, value).ToString();

    /// <summary>A path for a URL: every segment percent-encoded, slashes kept.</summary>
    public static string Encode(ArchivePath path)
    {
        var encoded = new StringBuilder();
        foreach (var segment in path.Value.Split('/'))
            encoded.Append(encoded.Length == 0 ? "" : "/").Append(Uri.EscapeDataString(segment));
        return encoded.ToString();
    }

    /// <summary>The address of a link given in metadata when it is one that a page may link to; null shows it as text.</summary>
    /// <remarks>Only http, https, ftp and mailto, and DOIs through their resolver; never a scheme that runs or reads something here.</remarks>
    public static string? Link(string text)
    {
        text = text.Trim();
        if (text.StartsWith("10.", StringComparison.Ordinal) && text.Contains('/', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace)) return Doi(text);
        if (text.StartsWith("doi:", StringComparison.OrdinalIgnoreCase)) return Doi(text[4..].Trim());
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "ftp" or "mailto"
            ? address.AbsoluteUri
            : null;
    }

    /// <summary>The address of a DOI at its resolver.</summary>
    public static string Doi(string doi) => "https://doi.org/" + Uri.EscapeDataString(doi).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>A word for a POSIX shell, in single quotes.</summary>
    public static string ShellQuote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Query(int? version) => version is { } number ? $"?version={number}" : "";
}
