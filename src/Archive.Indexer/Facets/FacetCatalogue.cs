using System.Security.Cryptography;
using System.Text.Json;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>
/// The facets of datasets, as data: <c>facets.json</c> in this folder is the archive's own list, and an operator may give another. What is
/// listed is counted under its name, in the order of the list.
/// </summary>
public sealed class FacetCatalogue
{
    /// <summary>The most facets that a list has.</summary>
    public const int MaxFacets = 50;

    private const int MaxLength = 1 << 20;

    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private FacetCatalogue(IReadOnlyList<FacetDefinition> all, string stamp) => (All, Stamp) = (all, stamp);

    /// <summary>The archive's own list.</summary>
    public static FacetCatalogue Standard { get; } = ReadStandard();

    /// <summary>All facets in the order shown.</summary>
    public IReadOnlyList<FacetDefinition> All { get; }

    /// <summary>The same for the same list: what was made of a dataset by another is not used again.</summary>
    public string Stamp { get; }

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">It cannot be used; the message has all reasons, one a line.</exception>
    public static FacetCatalogue Read(Stream json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        for (int read; (read = json.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxLength) throw new FormatException($"The list of facets is longer than {MaxLength} bytes.");
        }
        FacetList? list;
        try
        {
            list = JsonSerializer.Deserialize<FacetList>(bytes.ToArray(), Lenient);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"The list of facets is not of the form {{\"facets\": [{{\"name\", \"title\", \"from\", \"type\", \"aliases\"}}]}}: {fault.Message}", fault);
        }
        var checkedFacets = FacetListCheck.Check(list?.Facets ?? []);
        return new FacetCatalogue(checkedFacets, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..16]);
    }

    /// <summary>The facet of a name or alias, without regard to case; null when there is none.</summary>
    public FacetDefinition? Find(string name)
    {
        foreach (var facet in All)
            if (facet.IsNamed(name))
                return facet;
        return null;
    }

    private static FacetCatalogue ReadStandard()
    {
        using var json = typeof(FacetCatalogue).Assembly.GetManifestResourceStream("Archive.Indexer.Facets.facets.json")
            ?? throw new InvalidOperationException("The archive's own list of facets is missing from the program.");
        return Read(json);
    }
}

/// <summary>The list as it is written.</summary>
internal sealed record FacetList(IReadOnlyList<FacetEntry>? Facets);

/// <summary>A facet as it is written.</summary>
internal sealed record FacetEntry(string? Name, string? Title, IReadOnlyList<string?>? From, string? Type, IReadOnlyList<string?>? Aliases);
