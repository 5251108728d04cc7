using System.Text.Json.Nodes;
using Archive.Model.Rembi;

namespace Archive.Api.Pages;

/// <summary>Describes a dataset in the words of schema.org, for search engines and harvesters.</summary>
internal static class DatasetJsonLd
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/ld+json";

    /// <summary>
    /// The description as JSON. Every character that could end the element it stands in is escaped: the serializer writes
    /// <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> as <c>\u003C</c> and so on.
    /// </summary>
    public static string Write(DatasetView view) => Build(view).ToJsonString();

    private static JsonObject Build(DatasetView view)
    {
        var study = view.Study;
        var description = new JsonObject
        {
            ["@context"] = "https://schema.org/",
            ["@type"] = "Dataset",
            ["@id"] = view.PermanentAddress,
            ["url"] = view.PermanentAddress,
            ["identifier"] = view.Dataset.Accession.ToString(),
            ["name"] = view.Title,
            ["version"] = view.Version.Number,
            ["isAccessibleForFree"] = true,
            ["includedInDataCatalog"] = new JsonObject { ["@type"] = "DataCatalog", ["name"] = Site.FullName, ["url"] = view.BaseAddress + "/" },
        };
        Add(description, "description", study.Description);
        Add(description, "license", study.Licence?.Url ?? study.Licence?.Text);
        if (view.Dataset.ReleaseDate is { } released) description["datePublished"] = Format.MachineDay(released);
        description["dateModified"] = Format.MachineDay(view.Version.CommittedAt);
        AddAll(description, "keywords", study.Keywords.Select(k => JsonValue.Create(k)));
        AddAll(description, "creator", study.Authors.Where(a => a.Name is not null).Select(Person));
        AddAll(description, "measurementTechnique", study.ImagingMethods.Select(m => JsonValue.Create(m.Value)));
        AddAll(description, "about", study.Organisms.Select(Taxon));
        AddAll(description, "citation", study.Publications.Select(p => p.Doi).OfType<string>().Select(d => JsonValue.Create(Address.Doi(d))));
        return description;
    }

    private static JsonObject Person(RembiAuthor author)
    {
        var person = new JsonObject { ["@type"] = "Person", ["name"] = author.Name };
        if (author.Orcid is { } orcid) person["@id"] = "https://orcid.org/" + orcid;
        AddAll(person, "affiliation", author.Affiliations.Select(a => new JsonObject { ["@type"] = "Organization", ["name"] = a }));
        return person;
    }

    private static JsonObject Taxon(RembiOrganism organism)
    {
        var taxon = new JsonObject { ["@type"] = "Taxon", ["name"] = organism.ScientificName ?? organism.CommonName ?? organism.Text };
        Add(taxon, "alternateName", organism.ScientificName is null ? null : organism.CommonName);
        if (organism.TaxonId is { } id) taxon["sameAs"] = "http://purl.obolibrary.org/obo/NCBITaxon_" + id;
        return taxon;
    }

    private static void Add(JsonObject target, string name, string? value)
    {
        if (value is not null) target[name] = value;
    }

    private static void AddAll(JsonObject target, string name, IEnumerable<JsonNode?> values)
    {
        var list = new JsonArray([.. values]);
        if (list.Count > 0) target[name] = list;
    }
}
