using System.Text;
using System.Text.Json;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Submissions;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class SearchDocumentsTests
{
    public required TestContext TestContext { get; init; }

    private const string PageTab = """
        {
          "attributes": [{ "name": "Title", "value": "Dividing cells" }],
          "section": {
            "type": "Study",
            "attributes": [
              { "name": "Description", "value": "Cells divide." }, { "name": "Keywords", "value": "mitosis" }, { "name": "License", "value": "cc0" },
              { "name": "Organism", "value": "Homo sapiens (human)" }, { "name": "Imaging method", "value": "confocal microscopy" }
            ],
            "subsections": [
              { "type": "author", "attributes": [{ "name": "Name", "value": "Ada Lovelace" }, { "name": "E-mail", "value": "ada@example.org" }] },
              { "type": "Biosample", "attributes": [{ "name": "Biological entity", "value": "HeLa cells " }] },
              { "type": "biosamples", "attributes": [{ "name": "biological  ENTITY", "value": "embryo" }, { "name": "Biological entity", "value": "hela cells" }] },
              { "type": "Specimen", "attributes": [{ "name": "Biological entity", "value": "elsewhere" }] },
              { "type": "Study Component", "subsections": [{ "type": "Annotations", "attributes": [{ "name": "Annotation type", "value": "segmentation mask" }] }] }
            ]
          }
        }
        """;

    [TestMethod]
    public async Task From_TakesFacetsAndTexts_ButNoMailAddress()
    {
        var dataset = new Dataset
        {
            Accession = Accession.From("S-BIAR", 7), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released,
            ReleaseDate = new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), Title = "Dividing cells", Change = 12,
            Versions = [new CommittedVersion(1, SubmissionId.New(), DateTimeOffset.UnixEpoch, 2, 3)],
        };
        var pageTab = (await PageTabJson.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(PageTab)), PageTabLimits.Default, TestContext.CancellationToken)).Document!;

        var document = SearchDocuments.From(dataset, pageTab, FacetCatalogue.Standard);

        Assert.AreEqual((12L, 1, new DateOnly(2024, 5, 1)), (document.Change, document.Version, document.ReleaseDate));
        CollectionAssert.AreEqual(new[] { "Homo sapiens" }, document.Facets.Single(f => f.Name == "organism").Values.ToArray());
        CollectionAssert.AreEqual(new[] { "CC0" }, document.Facets.Single(f => f.Name == "licence").Values.ToArray());
        CollectionAssert.AreEqual(new[] { "HeLa cells", "embryo" }, document.Facets.Single(f => f.Name == "entity").Values.ToArray());
        CollectionAssert.AreEqual(new[] { "segmentation mask" }, document.Facets.Single(f => f.Name == "annotation").Values.ToArray());
        foreach (var wanted in new[] { "S-BIAR7", "mitosis", "human", "Ada Lovelace", "confocal microscopy" })
            Assert.IsTrue(document.Texts.Any(t => t.Text == wanted), wanted);
        Assert.IsFalse(JsonSerializer.Serialize(document).Contains("example.org", StringComparison.Ordinal));
    }
}
