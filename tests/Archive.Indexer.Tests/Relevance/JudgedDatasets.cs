using System.Globalization;
using System.Text;
using Archive.Demo.Datasets;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Tests.Support;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Search;
using Archive.Model.Submissions;
using Archive.TestKit;

namespace Archive.Indexer.Tests.Relevance;

/// <summary>
/// The datasets that queries are judged on: real page tabs and the demonstration data, lying among many generated ones whose titles,
/// descriptions and keywords are drawn from the words of the judged ones, as often as they come there.
/// </summary>
internal sealed class JudgedDatasets
{
    private static readonly string[] RealFiles =
    [
        "S-BIAD15/S-BIAD15_original.json", "S-BIAD1043/S-BIAD1043_original.json", "S-BIAD1982/S-BIAD1982_original.json", "S-BIAD661/S-BIAD661_original.json",
        "S-BIAD677/S-BIAD677_override.json", "S-BSMS4/S-BSMS4_original.json", "S-EPMC/S-EPMC3372839.json", "S-EPMC/S-EPMC6160819.json",
        "rembi/rembi-metadata_rembi-to-pagetab.json", "S-BIADTEST_COMBINE_FILELIST/S-BIADTEST_COMBINE_FILELIST_override.json",
        "S-BIADTEST_COMPLEX_BIOSAMPLE/S-BIADTEST_COMPLEX_BIOSAMPLE_override.json",
    ];

    private static readonly string[] DemoNames = ["demo-yeast", "demo-screen", "demo-zebrafish", "demo-kidney", "demo-leaf"];

    private readonly Dictionary<string, Accession> named = new(StringComparer.Ordinal);
    private readonly List<SearchDocument> documents = [];

    /// <summary>All titles by accession, judged and generated.</summary>
    public Dictionary<Accession, string> Titles { get; } = [];

    /// <summary>The accession that a judged dataset has in the test.</summary>
    public Accession this[string name] => named[name];

    /// <summary>Reads the judged datasets and generates the others; null where the real page tabs are absent.</summary>
    public static async Task<JudgedDatasets?> CreateAsync(FakeFeed feed, int generated, CancellationToken ct)
    {
        if (Repository.RealData is not { } folder) return null;
        var judged = new JudgedDatasets();
        foreach (var file in RealFiles)
        {
            await using var content = File.OpenRead(Path.Combine(folder, "pagetab", file));
            await judged.AddAsync(null, content, ct);
        }
        foreach (var (name, dataset) in DemoNames.Zip(DemoDatasets.All(new DateOnly(2024, 1, 1))))
            await judged.AddAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(dataset.PageTabJson)), ct);
        judged.Generate(generated);
        foreach (var document in judged.documents)
        {
            feed.Release(document, []);
            judged.Titles[document.Accession] = document.Title;
        }
        return judged;
    }

    private async Task AddAsync(string? name, Stream content, CancellationToken ct)
    {
        var pageTab = (await PageTabJson.ReadAsync(content, PageTabLimits.Default, ct)).Document
            ?? throw new InvalidOperationException($"The page tab {name} cannot be read.");
        var number = documents.Count + 1;
        var study = Model.Rembi.RembiReader.Read(pageTab);
        var dataset = new Dataset
        {
            Accession = Accession.From("S-BIAX", number), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released,
            ReleaseDate = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), Title = study.Title ?? "", Change = number,
            Versions = [new CommittedVersion(1, SubmissionId.New(), DateTimeOffset.UnixEpoch, 0, 0)],
        };
        named[name ?? pageTab.Accession!] = dataset.Accession;
        documents.Add(SearchDocuments.From(dataset, pageTab, FacetCatalogue.Standard));
    }

    private void Generate(int count)
    {
        var random = new Random(4711);
        var words = documents.SelectMany(d => d.Texts).Where(t => t.Field is "title" or "description" or "keyword" or "content")
            .SelectMany(t => t.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var organisms = documents.SelectMany(d => d.Organisms).Distinct().ToArray();
        var methods = documents.SelectMany(d => d.Methods).Distinct().ToArray();
        string Text(int length) => string.Join(' ', Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)]));
        for (var i = 0; i < count; i++)
        {
            var (title, description, organism, method) = (Text(6 + random.Next(8)), Text(60 + random.Next(120)), organisms[random.Next(organisms.Length)], methods[random.Next(methods.Length)]);
            documents.Add(new SearchDocument
            {
                Accession = Accession.From("S-BIAR", i + 1), Version = 1, Change = documents.Count + 1, Title = title, Description = description,
                ReleaseDate = new DateOnly(2012 + random.Next(12), 1 + random.Next(12), 1), Organisms = [organism], Methods = [method],
                Texts =
                [
                    new("accession", $"S-BIAR{(i + 1).ToString(CultureInfo.InvariantCulture)}"), new("title", title), new("description", description),
                    new("keyword", Text(1)), new("keyword", Text(2)), new("organism", organism), new("method", method), new("content", Text(100)),
                ],
                Facets = [new("organism", [organism]), new("method", [method])],
            });
        }
    }
}
