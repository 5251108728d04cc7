using System.Text.Json.Nodes;
using Archive.Model.Datasets;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Validation;

/// <summary>Each rule by a document that follows all of them, and that document spoilt in one place.</summary>
[TestClass]
public sealed class RuleTests
{
    // Rule, what it finds, what spoils the document, and the fix that is proposed where there is one.
    private static readonly (string Rule, string Code, Action<RuleDocument> Spoil, string? Fix)[] Cases =
    [
        ("root-section", "section-missing", d => d.Root.Remove("section"), null),
        ("title-present", "title-missing", d => d.Set(d.Section, "Title", null), null),
        ("title-maximum", "title-long", d => d.Set(d.Section, "Title", new string('t', 5001)), null),
        ("release-date", "release-date-missing", d => d.Set(d.Root, "ReleaseDate", null), "2026-03-10"),
        ("release-date", "release-date-invalid", d => d.Set(d.Root, "ReleaseDate", "10.03.2026"), "2026-03-10"),
        ("embargo", "release-date-far", d => d.Set(d.Root, "ReleaseDate", "2028-03-11"), "2028-03-10"),
        ("release-date-past", "release-date-past", d => d.Set(d.Root, "ReleaseDate", "2026-03-09"), "2026-03-10"),
        ("release-date-kept", "release-date-kept", d => { d.Set(d.Root, "ReleaseDate", "2026-05-01"); d.Revise(DatasetState.Released, new(2025, 3, 10, 0, 0, 0, TimeSpan.Zero)); }, "2025-03-10"),
        ("revision", "dataset-withdrawn", d => d.Revise(DatasetState.Withdrawn, null), null),
        ("revision", "base-moved", d => d.Revise(DatasetState.Private, null, newest: 2), null),
        ("embargo", "release-date-far", d => { d.Set(d.Root, "ReleaseDate", "2027-03-11"); d.Revise(DatasetState.Private, null); }, "2027-03-10"),
        ("accession-own", "accession-ignored", d => d.Root["accno"] = "S-BIAD9", ""),
        ("attach-to", "collection-unknown", d => d.Set(d.Root, "AttachTo", "EuropePMC"), null),
        ("section-accessions", "section-accession-repeated", d => d["Specimen"]["accno"] = "b1", null),
        ("section-types", "section-type-misspelt", d => { d.Copy("Specimen", d.Section)["type"] = "Speciman"; d.Section["subsections"]!.AsArray()[^1]!.AsObject().Remove("accno"); }, "Specimen"),
        ("title-length", "title-short", d => d.Set(d.Section, "Title", "Yeast"), null),
        ("description", "description-missing", d => d.Set(d.Section, "Description", null), null),
        ("keywords", "keywords-missing", d => d.Set(d.Section, "Keywords", null), null),
        ("licence", "licence-missing", d => d.Set(d.Section, "License", null), "CC0"),
        ("licence-known", "licence-unknown", d => d.Set(d.Section, "License", "CC-BY 4.O"), "CC BY 4.0"),
        ("licence-known", "licence-unknown", d => d.Set(d.Section, "License", "Whatever the journal says"), null),
        ("placeholders", "placeholder", d => d.Set(d["Specimen"], "Growth protocol", "pending"), ""),
        ("authors", "authors-missing", d => d.Remove("author"), null),
        ("author-name", "author-name-missing", d => d.Set(d["author"], "Name", null), null),
        ("contact-email", "contact-email-missing", d => d.Set(d["author"], "E-mail", null), null),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "Ada Example <ada@example.org>"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ada@example.orgada@example.org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ada@example.org; bob@example.org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ada@@example.org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ada @example,org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ada (at) example.org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "mailto:ada@example.org"), "ada@example.org"),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "ask me"), null),
        ("author-email", "email-malformed", d => d.Set(d["author"], "E-mail", "TBD"), ""),
        ("orcid", "orcid-malformed", d => d.Set(d["author"], "ORCID", "0000 0002 1825 0097"), "0000-0002-1825-0097"),
        ("author-organisation", "author-organisation-missing", d => d.Set(d["author"], "affiliation", null), null),
        ("affiliation", "affiliation-unresolved", d => d.Set(d["author"], "affiliation", "Univercity of Examples"), "o1"),
        ("affiliation", "affiliation-unresolved", d => d["organisation"].Remove("accno"), null),
        ("organisation-name", "organisation-name-missing", d => { var copy = d.Copy("organisation", d.Section); copy["accno"] = "o2"; d.Set(copy, "Name", null); }, null),
        ("publication-doi", "doi-malformed", d => d.Set(d["Publication"], "DOI", "https://doi.org/DOI: 10.7554/eLife.47156"), "10.7554/eLife.47156"),
        ("publication-doi", "doi-malformed", d => d.Set(d["Publication"], "DOI", "TBD"), ""),
        ("publication-doi", "doi-malformed", d => d.Set(d["Publication"], "DOI", "2024.09.23.614351"), "10.1101/2024.09.23.614351"),
        ("publication-doi", "doi-malformed", d => d.Set(d["Publication"], "DOI", "https://www.nature.com/articles/s41598-024-66600-1#Abs1"), "10.1038/s41598-024-66600-1"),
        ("publication-doi", "doi-malformed", d => d.Set(d["Publication"], "DOI", "eLife 47156"), null),
        ("publication-pubmed-id", "pubmed-id-malformed", d => d.Set(d["Publication"], "Pubmed ID", "pending"), ""),
        ("publication-pubmed-id", "pubmed-id-malformed", d => d.Set(d["Publication"], "Pubmed ID", "PMID: 31397671"), "31397671"),
        ("link-type", "link-without-type", d => d.Section["links"]![0]!["url"] = "www.example.org/yeast", "https://www.example.org/yeast"),
        ("link-type", "link-without-type", d => d.Section["links"]![0]!["url"] = "rs2236624", null),
        ("biosample", "biosample-missing", d => { d.Remove("Biosample"); d.Set(d["Study Component/Associations"], "Biosample", null); }, null),
        ("biosample-title", "biosample-title-missing", d => d.Set(d["Biosample"], "Title", null), null),
        ("biosample-organism", "organism-missing", d => d.Remove("Biosample/Organism"), null),
        ("organism-taxon", "organism-taxon-missing", d => d.Set(d["Biosample/Organism"], "NCBI taxon ID", null), "NCBI:txid4932"),
        ("organism-taxon", "organism-taxon-missing", d => { d.Remove("Biosample/Organism"); d.Set(d["Biosample"], "Organism", "Beads"); }, null),
        ("biological-entity", "biological-entity-missing", d => d.Set(d["Biosample"], "Biological entity", null), null),
        ("specimen", "specimen-missing", d => { d.Remove("Specimen"); d.Set(d["Study Component/Associations"], "Specimen", null); }, null),
        ("specimen-title", "specimen-title-missing", d => d.Set(d["Specimen"], "Title", null), null),
        ("preparation-protocol", "preparation-protocol-missing", d => d.Set(d["Specimen"], "Sample preparation protocol", null), null),
        ("image-acquisition", "image-acquisition-missing", d => { d.Remove("Image acquisition"); d.Set(d["Study Component/Associations"], "Image acquisition", null); }, null),
        ("acquisition-title", "acquisition-title-missing", d => d.Set(d["Image acquisition"], "Title", null), null),
        ("imaging-instrument", "instrument-missing", d => d.Set(d["Image acquisition"], "Imaging instrument", null), null),
        ("acquisition-parameters", "acquisition-parameters-missing", d => d.Set(d["Image acquisition"], "Image acquisition parameters", null), null),
        ("imaging-method", "imaging-method-missing", d => d.Remove("Image acquisition/Imaging method"), null),
        ("imaging-method-term", "imaging-method-no-term", d => d.Set(d["Image acquisition/Imaging method"], "Ontology Term ID", null), "FBbi:00000251"),
        ("correlation-title", "correlation-title-missing", d => { d.Set(d["Image correlation"], "Title", null); d.Set(d["Study Component/Associations"], "Image correlation", null); }, null),
        ("analysis-title", "analysis-title-missing", d => { d.Set(d["Image analysis"], "Title", null); d.Set(d["Study Component/Associations"], "Image analysis", null); }, null),
        ("component", "component-missing", d => { d.Remove("Study Component"); d.Set(d["Annotations"], "File List", null); }, null),
        ("component-name", "component-name-missing", d => d.Set(d["Study Component"], "Name", null), null),
        ("component-description", "component-description-missing", d => d.Set(d["Study Component"], "Description", null), null),
        ("component-file-list", "file-list-unnamed", d => d.Set(d["Study Component"], "File List", null), null),
        ("component-associations", "associations-missing", d => d.Remove("Study Component/Associations"), null),
        ("sections-placed", "section-misplaced", d => { d.Copy("Biosample", d["Study Component"])["accno"] = "b2"; d.Remove("Biosample"); }, "$.section"),
        ("titles-distinct", "title-repeated", d => d.Copy("Specimen", d.Section)["accno"] = "s2", null),
        ("association-parts", "association-specimen-missing", d => d.Set(d["Study Component/Associations"], "Specimen", null), null),
        ("associations", "association-unresolved", d => d.Set(d["Study Component/Associations"], "Biosample", "Yeast cels"), "Yeast cells"),
        ("annotations", "annotations-missing", d => d.Remove("Annotations"), null),
        ("annotation-title", "annotation-title-missing", d => d.Set(d["Annotations"], "Title", null), null),
        ("annotation-overview", "annotation-overview-missing", d => d.Set(d["Annotations"], "Annotation Overview", null), null),
        ("annotation-type", "annotation-type-missing", d => d.Set(d["Annotations"], "Annotation Type", null), null),
        ("annotation-type-known", "annotation-type-unknown", d => d.Set(d["Annotations"], "Annotation Type", "segmentation mask, bounding box"), "bounding_boxes"),
        ("annotation-method", "annotation-method-missing", d => d.Set(d["Annotations"], "Annotation Method", null), null),
        ("annotation-file-list", "annotation-file-list-missing", d => d.Set(d["Annotations"], "File List", null), null),
    ];

    // What one fault brings along: without a title a section cannot be named.
    private static readonly Dictionary<string, string[]> Along = new(StringComparer.Ordinal)
    {
        ["biosample"] = ["association-parts"], ["specimen"] = ["association-parts"], ["image-acquisition"] = ["association-parts"],
        ["component"] = ["annotation-file-list"],
        ["biosample-title"] = ["associations"], ["specimen-title"] = ["associations"], ["acquisition-title"] = ["associations"],
    };

    public required TestContext TestContext { get; init; }

    private static IEnumerable<object[]> Spoilt => Enumerable.Range(0, Cases.Length).Select(i => new object[] { i, Cases[i].Rule });

    [TestMethod]
    public async Task Check_WhenTheTemplateIsFollowed_FindsNothing()
    {
        var report = await new RuleDocument().CheckAsync(RuleDocument.Everything, TestContext.CancellationToken);

        Assert.IsEmpty(report.Findings, string.Join('\n', report.Findings));
    }

    [TestMethod]
    [DynamicData(nameof(Spoilt))]
    public async Task Check_WhenOneThingIsSpoilt_OneRuleFindsItWithItsFix(int at, string rule)
    {
        var document = new RuleDocument();
        Cases[at].Spoil(document);

        var found = (await document.CheckAsync(RuleDocument.Everything, TestContext.CancellationToken)).Findings;

        var text = string.Join('\n', found);
        var own = found.Where(f => f.Rule == rule).ToList();
        Assert.HasCount(1, own, text);
        Assert.AreEqual(Cases[at].Code, own[0].Code);
        Assert.AreEqual(Cases[at].Fix, own[0].Fix, text);
        Assert.AreEqual(RuleCatalogue.ByName[rule].IsProtective ? Severity.Error : Severity.Warning, own[0].Severity);
        if (rule != "root-section")
            Assert.IsEmpty(found.Where(f => f.Rule != rule && !Along.GetValueOrDefault(rule, []).Contains(f.Rule, StringComparer.Ordinal)), text);
    }

    [TestMethod]
    public void Catalogue_HasACaseForEachRuleThatLooksAtMetadata()
    {
        var without = RuleCatalogue.All.Where(r => r.Check is not null).Select(r => r.Name).Except(Cases.Select(c => c.Rule)).ToList();

        Assert.IsEmpty(without, string.Join(", ", without));
    }

    [TestMethod]
    [DataRow("BIOSAMPLE")]
    [DataRow("Biosamples")]
    [DataRow("bio sample")]
    public async Task Check_WhenTypesDriftInCaseAndNumber_UnderstandsThem(string type)
    {
        var document = new RuleDocument();
        document["Biosample"]["type"] = type;
        document["organisation"]["type"] = "Organization";
        document["Annotations"]["type"] = "annotation";

        Assert.IsEmpty((await document.CheckAsync(RuleDocument.Everything, TestContext.CancellationToken)).Findings);
    }

    [TestMethod]
    public async Task Check_WhenASetTurnsRules_ObeysButForThoseThatProtect()
    {
        var document = new RuleDocument();
        document.Set(document.Section, "Title", null);
        document.Set(document.Section, "Description", null);
        document.Set(document.Section, "Keywords", null);
        var set = new RuleSet("own", "Own", "", new Dictionary<string, RuleEntry>
        {
            ["title-present"] = new(RuleLevel.Off), ["description"] = new(RuleLevel.Error), ["keywords"] = new(RuleLevel.Off),
        });

        var found = (await document.CheckAsync(set, TestContext.CancellationToken)).Findings;

        CollectionAssert.AreEquivalent(new[] { "Error title-present", "Error description" }, found.Select(f => $"{f.Severity} {f.Rule}").ToArray());
    }

    [TestMethod]
    public async Task Check_WhenASetGivesParameters_TheyHold()
    {
        var document = new RuleDocument();
        document.Set(document.Root, "ReleaseDate", "2027-03-11");
        var set = new RuleSet("own", "Own", "", new Dictionary<string, RuleEntry>
        {
            ["embargo"] = new(null, new Dictionary<string, int> { ["years"] = 1 }), ["title-length"] = new(null, new Dictionary<string, int> { ["min"] = 100 }),
        });

        var found = (await document.CheckAsync(set, TestContext.CancellationToken)).Findings;

        CollectionAssert.AreEquivalent(new[] { "release-date-far", "title-short" }, found.Select(f => f.Code).ToArray());
    }
}
