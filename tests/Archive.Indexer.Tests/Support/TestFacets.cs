using System.Text;
using Archive.Indexer.Facets;

namespace Archive.Indexer.Tests.Support;

/// <summary>A list of facets with one of each kind.</summary>
internal static class TestFacets
{
    public static FacetCatalogue Catalogue { get; } = FacetCatalogue.Read(new MemoryStream(Encoding.UTF8.GetBytes("""
        { "facets": [
            { "name": "organism", "title": "Organism", "from": ["@organism"] },
            { "name": "method", "title": "Imaging method", "from": ["@method"] },
            { "name": "collection", "title": "Collection", "from": ["@collection"] },
            { "name": "licence", "title": "Licence", "from": ["@licence"], "aliases": ["license"] },
            { "name": "year", "title": "Release year", "from": ["@year"], "type": "number" },
            { "name": "format", "title": "File format", "from": ["@format"] },
            { "name": "entity", "title": "Biological entity", "from": ["Biosample/Biological entity", "*/Tissue"] },
            { "name": "imaged", "title": "Imaged on", "from": ["Study/Imaged on"], "type": "date" },
            { "name": "channels", "title": "Channels", "from": ["@distinct:Channel"], "type": "number" },
            { "name": "dose", "title": "Dose", "from": ["@values:Dose"], "type": "number" },
            { "name": "compound", "title": "Compound", "from": ["@values:Compound"] },
            { "name": "released", "title": "Release date", "from": ["@released"], "type": "date" },
            { "name": "files", "title": "Number of files", "from": ["@files"], "type": "number" },
            { "name": "size", "title": "Total size", "from": ["@size"], "type": "number" },
        ] }
        """)));
}
