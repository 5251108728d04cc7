using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.TestKit;

namespace Archive.Model.Tests.Rembi;

// Expected values are read off the published study records by eye.
[TestClass]
public sealed class RembiReaderTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Read_S_BIAD661_GivesWhatTheRecordSays()
    {
        var study = await ReadAsync("S-BIAD661/S-BIAD661_original.json");

        Assert.AreEqual("FAM3C/ILEI protein is elevated in psoriatic lesions and triggers psoriasiform hyperproliferation in mice", study.Title);
        CollectionAssert.AreEqual(new[] { "data source file", "FAM3C/ILEI", "psoriasis" }, study.Keywords.ToArray());
        Assert.AreEqual("CC0-1.0", study.Licence?.SpdxId);
        Assert.AreEqual("2023-03-17", study.ReleaseDateText);
        Assert.AreEqual("$.attributes[1]", study.ReleaseDatePlace);
        var author = study.Authors.Single();
        Assert.AreEqual("0000-0001-7911-3427", author.Orcid);
        CollectionAssert.AreEqual(new[] { "Medical University of Vienna" }, author.Affiliations.ToArray());
        Assert.IsNull(study.Publications.Single().PubmedId);
        Assert.AreEqual("pending", study.Publications.Single().PubmedIdText);
        Assert.AreEqual("Mus musculus", study.Organisms.Single().ScientificName);
        Assert.AreEqual("mouse", study.Organisms.Single().CommonName);
        Assert.AreEqual("FLIP", study.ImagingMethods.Single().Value);
        Assert.AreEqual("study composition EMM-2022-16758.json", study.FileLists.Single().Name);
        Assert.AreEqual("data source file", study.Components.Single().Associations.Single().ImageAcquisition);
        Assert.AreEqual("diverse, part of the materials methods of the publication", study.ImageAnalyses.Single().Overview);
    }

    [TestMethod]
    public async Task Read_S_BIAD1043_GivesAllSectionsEvenUnderOneAccession()
    {
        var study = await ReadAsync("S-BIAD1043/S-BIAD1043_original.json");

        Assert.HasCount(9, study.Authors);
        Assert.IsTrue(study.Authors.All(a => a.Affiliations.Single() == "National Cancer Institute"));
        Assert.HasCount(6, study.Biosamples);
        Assert.AreEqual("HCT116 RAD21-mAID-mClover (RAD21-mAC) cells", study.Biosamples[3].BiologicalEntity);
        Assert.HasCount(3, study.Specimens);
        Assert.HasCount(3, study.ImageAcquisitions);
        Assert.AreEqual("CellVoyager CV7000/CV8000", study.ImageAcquisitions[0].Instrument);
        Assert.AreEqual("CC-BY-4.0", study.Licence?.SpdxId);
        Assert.HasCount(3, study.Funding);
        Assert.AreEqual("1-ZIA-BC010309-24", study.Funding[0].GrantId);
        CollectionAssert.AreEqual(
            new[] { "HiTIPS_paper_data/fig_3/file_list_fig3.json", "HiTIPS_paper_data/fig_5/file_list_fig5.json", "HiTIPS_paper_data/fig_4/file_list_fig4.json" },
            study.FileLists.Select(f => f.Name).ToArray());
        Assert.AreEqual("DNA FISH AUXIN", study.Components[0].Associations[1].Biosample);
        Assert.AreEqual("Homo sapiens", study.Organisms.Single().ScientificName);
        Assert.IsNull(study.Publications.Single().Doi);
    }

    [TestMethod]
    public async Task Read_S_BIAD15_GivesTheOldLayout()
    {
        var study = await ReadAsync("S-BIAD15/S-BIAD15_original.json");

        Assert.AreEqual("2020-02-14", study.ReleaseDateText);
        Assert.HasCount(5, study.Keywords);
        Assert.AreEqual("CC-BY-4.0", study.Licence?.SpdxId);
        Assert.AreEqual("10.7554/eLife.47156", study.Publications.Single().Doi);
        Assert.AreEqual("4932", study.Organisms.Single().TaxonId);
        Assert.AreEqual("FBbi_00000246", study.ImagingMethods[0].TermId);
        Assert.HasCount(3, study.ImagingMethods);
        CollectionAssert.AreEqual(new[] { "file_list.json", "file_list_other.json" }, study.Components.SelectMany(c => c.FileLists).ToArray());
        CollectionAssert.AreEqual(new[] { "o1" }, study.Authors.Single().UnresolvedAffiliations.ToArray());
    }

    [TestMethod]
    public async Task Read_SectionsInsideSections_GivesOrganismsAndMethods()
    {
        var study = await ReadAsync("S-BIADTEST_COMPLEX_BIOSAMPLE/S-BIADTEST_COMPLEX_BIOSAMPLE_override.json");

        CollectionAssert.AreEqual(
            new[] { "Drosophila melanogaster|fruit fly|7227", "Homo sapiens|Human|", "Danio rerio|zebra fish|" },
            study.Organisms.Select(o => $"{o.ScientificName}|{o.CommonName}|{o.TaxonId}").ToArray());
        Assert.AreEqual("Confocal microscopy", study.ImageAcquisitions.Single().Methods.Single().Value);
        Assert.AreEqual("http://purl.obolibrary.org/obo/FBbi_00000251", study.ImagingMethods.Single().TermId);
        Assert.AreEqual("BIADTEST AUTHOR AFFILIATION TEST", study.Title);
        Assert.HasCount(4, study.Components);
        Assert.HasCount(2, study.Links);
        Assert.AreEqual("https://www.ebi.ac.uk/bioimage-archive/", study.Links[0].Href);
    }

    [TestMethod]
    public async Task Read_S_BSMS4_GivesInlineFiles()
    {
        var study = await ReadAsync("S-BSMS4/S-BSMS4_original.json");

        Assert.HasCount(60, study.InlineFiles);
        Assert.IsNotEmpty(study.InlineFiles[0].Attributes);
        Assert.AreEqual("Mus musculus", study.Organisms.Single().ScientificName);
        Assert.AreEqual("10090", study.Organisms.Single().TaxonId);
        Assert.AreEqual("brightfield microscopy", study.ImagingMethods.Single().Value);
    }

    [TestMethod]
    [DataRow("CC BY 4.0", "CC-BY-4.0")]
    [DataRow("CC-BY 4.0", "CC-BY-4.0")]
    [DataRow("cc0", "CC0-1.0")]
    [DataRow("https://creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0")]
    [DataRow("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0")]
    [DataRow("CC bye 4.0", null)]
    public void Read_Licence_IsRecognisedOrLeftAsText(string text, string? spdx)
    {
        var study = RembiReader.Read(Of(new PageTabAttribute("Licence", text, false, [], [])));

        Assert.AreEqual(text, study.Licence?.Text);
        Assert.AreEqual(spdx, study.Licence?.SpdxId);
    }

    [TestMethod]
    [DataRow("Homo sapiens (human)", "Homo sapiens", "human")]
    [DataRow("Human (Homo sapiens)", "Homo sapiens", "Human")]
    [DataRow("mus  musculus", "Mus musculus", null)]
    [DataRow("mouse", null, "mouse")]
    [DataRow("Escherichia coli K-12", "Escherichia coli K-12", null)]
    public void Read_Organism_IsTakenApart(string text, string? scientific, string? common)
    {
        var organism = RembiReader.Read(Of(new PageTabAttribute("Organism", text, false, [], []))).Organisms.Single();

        Assert.AreEqual(scientific, organism.ScientificName);
        Assert.AreEqual(common, organism.CommonName);
    }

    [TestMethod]
    [DataRow("javascript:alert(1)", null)]
    [DataRow("10.6084/m9.figshare.7033631.v1", "https://doi.org/10.6084/m9.figshare.7033631.v1")]
    [DataRow("https://example.org/a b", "https://example.org/a%20b")]
    [DataRow("file:///etc/passwd", null)]
    public void Read_Link_IsSafeOrHasNoAddress(string url, string? href)
    {
        var document = new PageTabDocument(null, [], new(null, "Study", [], [], [new([new(url, [])], false)], []));

        Assert.AreEqual(href, RembiReader.Read(document).Links.Single().Href);
    }

    private static PageTabDocument Of(params PageTabAttribute[] attributes) => new(null, [], new(null, "Study", attributes, [], [], []));

    private async Task<RembiStudy> ReadAsync(string file)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        await using var content = File.OpenRead(Path.Combine(Repository.RealData!, "pagetab", file));
        var reading = await PageTabJson.ReadAsync(content, PageTabLimits.Default, TestContext.CancellationToken);
        return RembiReader.Read(reading.Document!);
    }
}
