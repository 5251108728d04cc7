using Archive.Api.Pages;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Archive.Api.Tests.Pages;

[TestClass]
public sealed class AddressTests
{
    private static readonly Accession Dataset = Accession.Parse("S-BIAR12", null);

    [TestMethod]
    [DataRow("https://example.org/a?b=c", "https://example.org/a?b=c")]
    [DataRow("ftp://example.org/a", "ftp://example.org/a")]
    [DataRow("mailto:ada@example.org", "mailto:ada@example.org")]
    [DataRow("10.1038/s41598-024-1", "https://doi.org/10.1038/s41598-024-1")]
    [DataRow("doi:10.1038/s41598-024-1", "https://doi.org/10.1038/s41598-024-1")]
    public void Link_WhenTheSchemeIsAllowed_IsAnAddress(string text, string expected) => Assert.AreEqual(expected, Address.Link(text));

    [TestMethod]
    [DataRow("javascript:alert(1)")]
    [DataRow(" JaVaScRiPt:alert(1)")]
    [DataRow("java\nscript:alert(1)")]
    [DataRow("data:text/html,<script>alert(1)</script>")]
    [DataRow("file:///etc/passwd")]
    [DataRow("vbscript:x")]
    [DataRow("//evil.example")]
    [DataRow("/local")]
    [DataRow("GSE12345")]
    [DataRow("")]
    public void Link_WhenAnythingElse_IsText(string text) => Assert.IsNull(Address.Link(text));

    [TestMethod]
    public void File_WhenThePathHasReservedCharacters_EncodesEverySegment() => Assert.AreEqual(
        "/datasets/S-BIAR12/file/plate%201/%3Fa%23b%25%26%22.tif?version=2",
        Address.File(Dataset, ArchivePath.Parse("plate 1/?a#b%&\".tif", null), 2));

    [TestMethod]
    public void ShellQuote_WhenTheTextHasAQuote_ClosesAndReopens() => Assert.AreEqual("'it'\\''s $(x)'", Address.ShellQuote("it's $(x)"));

    [TestMethod]
    public void Search_WhenReadAndWritten_IsTheSame()
    {
        var address = SearchAddress.Read(Query("?q=a%20%26%20b&facet.organism=Homo%20sapiens&facet.organism=Mus%20musculus&facet.year=2024&sort=-size&cursor=x"));

        Assert.AreEqual("/search?q=a%20%26%20b&facet.organism=Homo%20sapiens&facet.organism=Mus%20musculus&facet.year=2024&sort=-size&cursor=x", address.ToString());
    }

    [TestMethod]
    public void Toggle_WhenAValueIsChosenTwice_LeavesNothing()
    {
        var chosen = SearchAddress.Empty.At("page2").Toggle("organism", "Homo sapiens");

        Assert.AreEqual("/search?facet.organism=Homo%20sapiens", chosen.ToString());
        Assert.AreEqual("/search", chosen.Toggle("organism", "Homo sapiens").ToString());
    }

    [TestMethod]
    public void Files_WhenReadAndWritten_IsTheSame()
    {
        var address = FilesAddress.Read(Dataset, Query("?q=field&filter.Well%20%26%20row=A01&min.Dose=0.5&max.%40size=1000&sort=-%40size&at=100"));

        Assert.AreEqual("/datasets/S-BIAR12/files?q=field&filter.Well%20%26%20row=A01&max.%40size=1000&min.Dose=0.5&sort=-%40size&at=100", address.ToString());
    }

    [TestMethod]
    [DataRow("?at=-5", 0)]
    [DataRow("?row=1", 0)]
    [DataRow("?row=0", 0)]
    [DataRow("?row=101&at=7", 100)]
    [DataRow("?row=x&at=7", 7)]
    [DataRow("?at=99999999999999999999", 0)]
    public void Files_WhenARowIsAskedFor_CountsFromOne(string query, long expected) =>
        Assert.AreEqual(expected, FilesAddress.Read(Dataset, Query(query)).At);

    [TestMethod]
    public void Files_WhenABoundIsNoNumber_ForgetsIt() => Assert.IsTrue(FilesAddress.Read(Dataset, Query("?min.Dose=NaN&max.Dose=much")).IsWhole);

    [TestMethod]
    public void By_WhenSortedByItAlready_TurnsRound()
    {
        var byPath = FilesAddress.Of(Dataset);

        Assert.AreEqual("-@path", byPath.By("@path").Sort);
        Assert.AreEqual("Well", byPath.By("Well").Sort);
        Assert.AreEqual("-Well", byPath.By("Well").By("Well").Sort);
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
