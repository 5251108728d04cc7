using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Support;

/// <summary>Makes small datasets from a seed, with everything in them that the index treats in a way of its own.</summary>
internal sealed class Corpus(int seed)
{
    public static readonly string[] Words =
    [
        "cell", "cells", "imaging", "imaged", "image", "nuclei", "nucleus", "mouse", "yeast", "GFP-tagged", "GFP", "tagged", "CDK1", "S-BIAD1043",
        "Müller", "muller", "β-tubulin", "10.1038/s41586-020-1", "patient's", "patients", "time", "lapse", "time-lapse", "organisms", "organized",
        "naïve", "H2B", "mCherry", "live", "fixed", "screening", "screen", "phase", "contrast", "the", "of",
    ];

    private static readonly string[] Organisms = ["Homo sapiens", "Mus musculus", "Danio rerio", "Saccharomyces cerevisiae"];
    private static readonly string[] Methods = ["confocal microscopy", "light-sheet microscopy", "electron microscopy"];
    private static readonly string[] Entities = ["HeLa cells", "embryo", "10", "tissue section"];
    private static readonly string[] Days = ["2019-02-28", "2019-03", "2020", "2020-02-29T23:30:00-02:00", "last spring"];
    private static readonly string[] Licences = ["CC0", "CC BY 4.0"];
    private static readonly string[] Formats = ["TIFF", "PNG", "OME-TIFF", "Zeiss CZI"];
    private static readonly string[] Channels = ["DAPI", "GFP", "mCherry", "Cy5"];

    public Random Random { get; } = new(seed);

    public static Accession AccessionOf(int number) => Accession.From(number % 7 == 3 ? "S-BIAX" : "S-BIAR", number);

    public SearchDocument Document(int number)
    {
        var title = Text(2, 6);
        var document = new SearchDocument
        {
            Accession = AccessionOf(number),
            Version = 1,
            Change = 0,
            Title = title,
            Description = Text(0, 30),
            ReleaseDate = Random.Next(8) == 0 ? null : new DateOnly(2018 + Random.Next(5), 1 + Random.Next(12), 1 + Random.Next(3)),
            Texts = [.. Texts(number, title)],
            Facets =
            [
                new SearchFacet("organism", Some(Organisms)), new SearchFacet("method", Some(Methods)),
                new SearchFacet("entity", Some(Entities)), new SearchFacet("imaged", Some(Days)), new SearchFacet("unknown", ["nothing"]),
                new SearchFacet("collection", ["BioImages"]), new SearchFacet("licence", Random.Next(5) == 0 ? [] : [Pick(Licences)]),
            ],
        };
        return document with { Organisms = document.Facets[0].Values, Methods = document.Facets[1].Values };
    }

    public List<SearchFile> Files()
    {
        var count = Random.Next(6) switch { 0 => 0, 1 => 1, 2 => 64, 3 => 150 + Random.Next(200), _ => Random.Next(60) };
        var hasMulti = Random.Next(2) == 0;
        var hasNote = Random.Next(3) == 0;
        var hasDates = Random.Next(2) == 0;
        var manyCompounds = Random.Next(3) == 0;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        while (paths.Count < count) paths.Add($"{Pick(["plate", "Plate 2", "raw"])}/{(char)('A' + Random.Next(4))}{Random.Next(6):00}/img_{Random.Next(600):000}.{Pick(["tiff", "png"])}");
        return [.. paths.Select(path => new SearchFile(ArchivePath.Parse(path, null), Random.Next(4) == 0 ? 1000 : Random.NextInt64(5_000_000_000), Pick(Formats),
            [.. Attributes(path, hasMulti, hasNote, manyCompounds, hasDates)]))];
    }

    public string Text(int min, int max) => string.Join(' ', Enumerable.Range(0, min + Random.Next(max - min + 1)).Select(_ => Pick(Words)));

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    private IEnumerable<SearchText> Texts(int number, string title)
    {
        yield return new("accession", AccessionOf(number).ToString());
        yield return new("title", title);
        yield return new("description", Text(0, 40));
        for (var i = Random.Next(3); i > 0; i--) yield return new("keyword", Text(1, 2));
        yield return new("organism", Pick(Organisms));
        yield return new("unknown field", Text(0, 10));
    }

    private IEnumerable<FileAttribute> Attributes(string path, bool hasMulti, bool hasNote, bool manyCompounds, bool hasDates)
    {
        yield return new("Well", path.Split('/')[1]);
        if (Random.Next(10) > 0) yield return new("Channel", Pick(Channels));
        yield return new("Z", Random.Next(12).ToString());
        yield return new("Compound", manyCompounds ? "cpd " + Random.Next(400) : Pick(["Taxol", "DMSO", "Müller's", "1,2-\"bis\""]));
        yield return new("Dose", Pick(["0.5", "1e1", "2", "-3", "10", "10.0", "high", "low uM", "1 uM"]));
        if (hasMulti)
            for (var i = Random.Next(4); i > 0; i--)
                yield return new("Phenotype", Pick(["round", "flat", "7", "bi nucleate", "dead"]));
        if (hasNote && Random.Next(5) == 0) yield return new("Note", Text(1, 3));
        if (Random.Next(20) == 0) yield return new("Channel", "  ");
        if (hasDates) yield return new("Acquired", Random.Next(9) > 0 ? Date() : Pick(["2020", "2020-01-02 or later", "unknown", "2019-12-31T"]));
        if (Random.Next(4) > 0) yield return new("Day", $"2020-0{1 + Random.Next(2)}-{1 + Random.Next(28):00}");
    }

    // Days, minutes, seconds and parts of them, so written that not all come in order of time.
    private string Date() =>
        $"20{18 + Random.Next(3)}-0{1 + Random.Next(2)}-0{1 + Random.Next(3)}{Pick(["", "T00:00", "T10:30", "T10:30Z", "T10:30:00Z", "T10:30:59", "T10:30:59.25Z", "T23:59:59.999"])}";

    private string[] Some(string[] from) => [.. from.Where(_ => Random.Next(from.Length) == 0)];
}
