using System.Text.Json;
using Archive.Indexer.Building;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Rembi;
using Archive.Model.Submissions;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class SearchDocumentsTests
{
    [TestMethod]
    public void From_TakesFacetsAndTexts_ButNoMailAddress()
    {
        var dataset = new Dataset
        {
            Accession = Accession.From("S-BIAR", 7), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released,
            ReleaseDate = new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), Title = "Dividing cells", Change = 12,
            Versions = [new CommittedVersion(1, SubmissionId.New(), DateTimeOffset.UnixEpoch, 2, 3)],
        };
        var study = new RembiStudy
        {
            Title = "Dividing cells",
            Description = "Cells divide.",
            Keywords = ["mitosis"],
            Licence = new RembiLicence("cc0", "CC0", "CC0-1.0", null, "$"),
            Authors = [new RembiAuthor("Ada Lovelace", "ada@example.org", null, null, null, [], [], "$")],
            Organisms = [new RembiOrganism("Homo sapiens", "human", "9606", "Homo sapiens (human)")],
            ImagingMethods = [new RembiTerm("confocal microscopy", null, null)],
        };
        var document = SearchDocuments.From(dataset, study);
        Assert.AreEqual((12L, 1, new DateOnly(2024, 5, 1)), (document.Change, document.Version, document.ReleaseDate));
        CollectionAssert.AreEqual(new[] { "Homo sapiens" }, document.Facets.Single(f => f.Name == "organism").Values.ToArray());
        CollectionAssert.AreEqual(new[] { "CC0" }, document.Facets.Single(f => f.Name == "licence").Values.ToArray());
        foreach (var wanted in new[] { "S-BIAR7", "mitosis", "human", "Ada Lovelace", "confocal microscopy" })
            Assert.IsTrue(document.Texts.Any(t => t.Text == wanted), wanted);
        Assert.IsFalse(JsonSerializer.Serialize(document).Contains("example.org", StringComparison.Ordinal));
    }
}
