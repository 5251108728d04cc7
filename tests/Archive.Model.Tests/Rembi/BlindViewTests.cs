using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Model.Tests.Rembi;

/// <summary>What reviewers see has none of the people, organisations, addresses and grants of the page tab.</summary>
[TestClass]
public sealed class BlindViewTests
{
    // Who must not be seen, in the spellings that the fixture has.
    private static readonly string[] Secrets =
    [
        "Zoë", "Zoe ", "Quillfeather", "quillfeather", "Łukasz", "Brzęczyszczykiewicz", "Brzeczyszczykiewicz", "zoe.q@", "ZQ@", "0000-0002-1825-0097", "0000000218250097",
        "Institut für Zellkunde", "Institut fur Zellkunde", "Zellkunde", "WT-987654", "Wellcome", "10.1234/secret", "Thanks to", "lab-of-zoe", "Hidden Person", "Nested Boss",
    ];

    private const string Fixture = """
        { "accno": "S-QUILLFEATHER1",
          "attributes": [ { "name": "Title", "value": "Actin as seen by the Quillfeather lab" }, { "name": "ReleaseDate", "value": "2030-01-01" },
                          { "name": "AttachTo", "value": "Zellkunde" }, { "name": "Contact E-Mail", "value": "zoe.q@zellkunde.example" } ],
          "section": { "accno": "quillfeather-study", "type": "Study",
            "attributes": [
              { "name": "TITLE", "value": "Actin as seen by the Quillfeather lab" },
              { "name": "Description", "value": "Images by ZOË QUILLFEATHER, Quillfeather Z. and Quillfeather, Zoë? No: Zoe  Quillfeather (zoe.q@zellkunde.example, orcid 0000-0002-1825-0097 or 0000000218250097) at the institut fur zellkunde under grant WT 987654, see 10.1234/secret. Actin stays.",
                "valqual": [ { "name": "Source", "value": "Zoë Quillfeather" }, { "name": "Ontology", "value": "EFO of Quillfeather" } ], "nmqual": [ { "name": "by", "value": "Quillfeather" } ] },
              { "name": "aCKNOWLEDGEMENTS", "value": "Thanks to everybody" }, { "name": "Funding statement", "value": "Thanks to Wellcome" },
              { "name": "Principal  Investigator", "value": "Hidden Person" }, { "name": "Data availability", "value": "at lab-of-zoe" }, { "name": "Keywords", "value": "actin, Quillfeather" } ],
            "links": [ { "url": "https://lab-of-zoe.example", "attributes": [ { "name": "Description", "value": "Quillfeather" } ] } ],
            "files": [ { "path": "a.tif", "type": "file", "attributes": [ { "name": "Imaged by", "value": "Hidden Person" } ] } ],
            "subsections": [
              { "type": "author", "attributes": [ { "name": "Name", "value": "Zoë Quillfeather" }, { "name": "E-mail", "value": "ZQ@home.example" }, { "name": "ORCID", "value": "0000-0002-1825-0097" }, { "name": "affiliation", "value": "o1", "reference": true } ] },
              [ { "type": "CONTACT", "attributes": [ { "name": "name", "value": "Brzęczyszczykiewicz, Łukasz" } ] } ],
              { "accno": "o1", "type": "Organisation", "attributes": [ { "name": "Name", "value": "Institut für Zellkunde" } ] },
              { "type": "funding", "attributes": [ { "name": "Agency", "value": "Wellcome" }, { "name": "grant_id", "value": "WT-987654" } ] },
              { "type": "Publication", "attributes": [ { "name": "Title", "value": "Secret paper" }, { "name": "Authors", "value": "Quillfeather Z, Brzęczyszczykiewicz Ł" }, { "name": "DOI", "value": "10.1234/secret" } ] },
              { "type": "Wrapper", "attributes": [ { "name": "Title", "value": "Nested Boss" } ], "subsections": [ { "type": "Specimen", "attributes": [ { "name": "Title", "value": "of Nested Boss" } ] } ] },
              { "accno": "Bio-Quillfeather", "type": "BioSample", "attributes": [ { "name": "title", "value": "Cells of L. Brzeczyszczykiewicz" }, { "name": "Organism", "value": "Homo sapiens (human)", "valqual": [ { "name": "TermId", "value": "9606" }, { "name": "Curator", "value": "Quillfeather" } ] } ],
                "subsections": [ { "type": "organisation", "attributes": [ { "name": "Name", "value": "Zellkunde" } ] }, { "type": "Organism", "attributes": [ { "name": "Scientific name", "value": "Homo sapiens" }, { "name": "E-Mail", "value": "ZQ@home.example" } ] } ] },
              { "type": "Study  component", "attributes": [ { "name": "Name", "value": "Plates" }, { "name": "File List", "value": "list.tsv" }, { "name": "Operator", "value": "Hidden Person" } ],
                "subsections": [ { "type": "Associations", "attributes": [ { "name": "Biosample", "value": "Cells of L. Brzeczyszczykiewicz" } ] }, { "type": "Author", "attributes": [ { "name": "Name", "value": "Nested Boss" } ] } ] },
              { "type": "Image Acquisition", "attributes": [ { "name": "Title", "value": "Confocal" }, { "name": "Imaging instrument", "value": "Scope of quillfeather's" } ] } ] } }
        """;

    [TestMethod]
    public void Of_WhenPeopleStandEverywhere_HasNoneOfThem()
    {
        var document = Parse(Fixture);
        var redaction = Redaction.Of(RedactionTerms.Of(document));

        var seen = Write(BlindView.Of(document, redaction));

        foreach (var secret in Secrets) Assert.DoesNotContain(secret, seen, StringComparison.OrdinalIgnoreCase, seen);
        foreach (var kept in new[] { "Actin as seen by the [removed] lab", "Actin stays.", "Homo sapiens (human)", "9606", "2030-01-01", "Plates", "list.tsv", "Confocal", "actin, [removed]" }) Assert.Contains(kept, seen);
    }

    [TestMethod]
    public void Of_WhenASectionOrAttributeIsUnknown_ShowsNothingOfItOrBelowIt()
    {
        var seen = BlindView.Of(Parse(Fixture), Redaction.Of([]));

        var types = new HashSet<string>(StringComparer.Ordinal);
        Collect(seen.Section!);
        CollectionAssert.AreEquivalent(new[] { "Study", "Biosample", "Organism", "Study Component", "Associations", "Image acquisition" }, types.ToArray());
        Assert.IsNull(seen.Accession);
        Assert.IsNull(seen.Section!.Accession);

        void Collect(PageTabSection section)
        {
            types.Add(section.Type);
            Assert.IsEmpty(section.Links);
            Assert.IsEmpty(section.Files);
            foreach (var child in section.Subsections.SelectMany(s => s.Items)) Collect(child);
        }
    }

    [TestMethod]
    public void OfFile_WhenAttributesName_LeavesThePathAndTheRest()
    {
        var redaction = Redaction.Of(RedactionTerms.Of(Parse(Fixture)));
        var file = new FileReference
        {
            Accession = Accession.Parse("S-BIAR1", null), Path = ArchivePath.Parse("Quillfeather/a.tif", null), Version = 1, Submission = SubmissionId.New(), ObjectKey = "k",
            LengthBytes = 1, Digests = null, Format = "TIFF",
            Attributes = [new("Channel", "GFP"), new("Imaged by", "anybody"), new("e_mail", "x"), new("Seen by Quillfeather", "as Brzeczyszczykiewicz_Lukasz said"), new("Note", "LukaszBrzeczyszczykiewicz")],
        };

        var seen = BlindView.Of(file, redaction);

        Assert.AreEqual("Quillfeather/a.tif", seen.Path.Value);
        CollectionAssert.AreEqual(new FileAttribute[] { new("Channel", "GFP"), new("Seen by [removed]", "as [removed] said"), new("Note", "[removed]") }, seen.Attributes.ToArray());
        Assert.IsTrue(redaction.IsIn(seen.Path.Value), "the depositor is told of such paths");
    }

    [TestMethod]
    [DataRow("Ada King Lovelace", "by Ada King Lovelace.", "by [removed].")]
    [DataRow("Ada King Lovelace", "LOVELACE, Ada K", "[removed] K")]
    [DataRow("Ada King Lovelace", "A. K. Lovelace; A.Lovelace; Lovelace AK; Lovelace A.K.", "[removed]; [removed]; [removed]; [removed].")]
    [DataRow("Lovelace AK", "the Lovelace data", "the [removed] data")]
    [DataRow("Müller, Jörg", "muller-jorg_1.tif", "[removed]_1.tif")]
    [DataRow("Jo Li", "Live lithium in Lisbon; Jo Li", "Live lithium in Lisbon; [removed]")]
    [DataRow("李 小龍", "拍攝: 李 小龍。", "拍攝: [removed]。")]
    [DataRow("Ada Lovelace PhD", "by Ada Lovelace; a PhD student; A. Lovelace; the Lovelace data", "by [removed]; a PhD student; [removed]; the [removed] data")]
    [DataRow("Dr. Ada Lovelace, PhD", "Lovelace, Ada and lovelace_a; Dr Who", "[removed] and [removed]; Dr Who")]
    [DataRow("Prof. Dr. rer. nat. Ada King Lovelace", "A. K. Lovelace, the nat. prof.", "[removed], the nat. prof.")]
    [DataRow("Ada Lovelace, M.D., Ph.D.", "Lovelace A", "[removed]")]
    [DataRow("Lovelace, Ada, MD", "Ada Lovelace MD", "[removed] MD")]
    [DataRow("Ada Lovelace Jr.", "Lovelace's, or Lovelace Jr.", "[removed]'s, or [removed] Jr.")]
    [DataRow("Ada Lovelace III", "stage III of Lovelace", "stage III of [removed]")]
    [DataRow("Ada Lovelace (Babbage Lab)", "Lovelace of the Babbage lab, a lab", "[removed] of the [removed], a lab")]
    [DataRow("Ada Dame", "A. Dame and Dame", "[removed] and [removed]")]
    [DataRow("PhD", "a PhD thesis", "a PhD thesis")]
    [DataRow("李小龍", "拍攝者李小龍說", "拍攝者[removed]說")]
    [DataRow("李明", "由李明拍攝", "由[removed]拍攝")]
    [DataRow("𠮷田 太郎", "撮影は𠮷田太郎", "撮影は[removed]")]
    [DataRow("𠮷田, 太郎", "撮影は太郎𠮷田", "撮影は[removed]")]
    [DataRow("李 小龍", "由李小龍拍攝", "由[removed]拍攝")]
    [DataRow("山田 太郎", "撮影は太郎山田と山田による、山と田", "撮影は[removed]と[removed]による、山と田")]
    [DataRow("アダ・ラブレス", "顕微鏡はアダラブレスが使用", "顕微鏡は[removed]が使用")]
    [DataRow("สมชาย ใจดี", "ถ่ายโดยสมชายใจดีที่ห้อง", "ถ่ายโดย[removed]ที่ห้อง")]
    [DataRow("김철수", "촬영자는 김철수입니다, 김", "촬영자는 [removed]입니다, 김")]
    [DataRow("김철수", "\u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e의", "[removed]의")]
    [DataRow("Bruce Lee 李小龍", "Lee與李小龍", "[removed]與[removed]")]
    [DataRow("A", "A plain text of a kind", "A plain text of a kind")]
    [DataRow("Nobody Here", "nothing to see", "nothing to see")]
    [DataRow("Nobody Here", "mail a.b+c@x-y.org, ORCID 0000 0001 5109 3700; size 1234-5678-9012-34567", "mail [removed], ORCID [removed]; size 1234-5678-9012-34567")]
    [DataRow("Anna Müller-Lüdenscheidt", "Müller-Lüdenscheidt; A. Müller-Lüdenscheidt, Mueller, MUELLER-LUEDENSCHEIDT", "[removed]; [removed], [removed], [removed]")]
    [DataRow("Anna Mueller", "Müllers muller2020_plate", "[removed] [removed]2020_plate")]
    [DataRow("María García Lozano", "García et al., Garcia-Lozano", "[removed] et al., [removed]-[removed]")]
    [DataRow("Pat O'Brien", "O’Brien and OBrien", "[removed] and [removed]")]
    [DataRow("Jan van der Bergh", "J. van der Bergh, vanderbergh", "[removed], [removed]")]
    [DataRow("Dr. Horst Gimpel, PhD", "Prof. Gimpel, gimpel", "Prof. [removed], [removed]")]
    [DataRow("Wang Xiaoming", "Wang et al., X. Wang", "[removed] et al., X. [removed]")]
    [DataRow("Rose Lovelace", "a rose of Rose; Rose Lovelace", "a rose of [removed]; [removed]")]
    [DataRow("Кузнецов Иван", "Ивана Кузнецова, Кузнецовым", "[removed] [removed], [removed]")]
    [DataRow("李明", "由李明拍摄的图像", "由[removed]拍摄的图像")]
    [DataRow("山田 太郎", "山田太郎が撮影; 山田太郎abc", "[removed]が撮影; [removed]abc")]
    [DataRow("김철수", "김철수가 찍음; \u1100\u1175\u11b7\u110e\u1165\u11af\u1109\u116e", "[removed]가 찍음; [removed]")]
    [DataRow("Ｆｕｌｌ Ｗｉｄｔｈｓｏｎ", "Full Widthson", "[removed]")]
    [DataRow("Nobody Here", "ada [at] lovelace.example, ada(at)lovelace (dot) example: look (at 5 K)", "[removed], [removed]: look (at 5 K)")]
    [DataRow("Ada Lovelace", "Adà\u0301 Lovelace\u0308", "[removed]")]
    public void Apply_WhenANameIsWrittenSomehow_TakesItOutAndNothingElse(string name, string text, string expected) =>
        Assert.AreEqual(expected, Redaction.Of([new(name, true)]).Apply(text));

    [TestMethod]
    [DataRow("Corresponding Author")]
    [DataRow("Co-author")]
    [DataRow("Principal Investigator")]
    [DataRow("Data provider")]
    public void Of_WhenASectionOfPeopleHasAnotherType_TakesTheirNamesOutOfTexts(string type)
    {
        var document = Parse($$"""
            { "section": { "type": "Study", "attributes": [ { "name": "Title", "value": "Cells of the Quillfeather lab" } ],
              "subsections": [ { "type": "{{type}}", "attributes": [ { "name": "Name", "value": "Zoë Quillfeather" } ] },
                { "type": "Organisation", "attributes": [ { "name": "Name", "value": "Institute of Blurred Things, Nowhere" } ] },
                { "type": "Specimen", "attributes": [ { "name": "Title", "value": "from the institute of blurred things" } ] } ] } }
            """);

        var seen = Write(BlindView.Of(document, Redaction.Of(RedactionTerms.Of(document))));

        Assert.Contains("Cells of the [removed] lab", seen);
        Assert.Contains("from the [removed]", seen);
    }

    [TestMethod]
    public void Of_WhenAPersonsNameStandsInTheAccession_TakesItOutOfTexts()
    {
        var document = Parse("""
            { "section": { "type": "Study", "attributes": [ { "name": "Title", "value": "Cells of the Quillfeather lab, author 1" } ],
              "subsections": [ { "type": "Author", "accno": "Zoë Quillfeather" }, { "type": "Author", "accno": "author 1" } ] } }
            """);

        Assert.Contains("Cells of the [removed] lab, author 1", Write(BlindView.Of(document, Redaction.Of(RedactionTerms.Of(document)))));
    }

    [TestMethod]
    public void Apply_WhenThereAreThousandsOfPeople_TakesTheLastOutToo()
    {
        var redaction = Redaction.Of(Enumerable.Range(0, 3000).Select(i => new IdentifyingText($"Ada{(char)('a' + (i % 26))} Love{Letters(i)}", true)));

        Assert.AreEqual("by [removed]", redaction.Apply($"by Love{Letters(2999)}"));

        static string Letters(int i) => string.Concat(i.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(c => (char)('k' + (c - '0'))));
    }

    [TestMethod]
    public void Apply_WhenTheTextIsHostile_EndsAndIsSafe()
    {
        var redaction = Redaction.Of([new("Ada Lovelace", true), new(new string('x', 5000), false), new("\ud800", true), new("@@@", false)]);

        Assert.AreEqual("\ud800\udfff\udfff x", redaction.Apply("\ud800\udfff\udfff x"));
        Assert.AreEqual(new string('@', 100_000), redaction.Apply(new string('@', 100_000)));
        Assert.IsNotNull(redaction.Apply(string.Concat(Enumerable.Repeat("ada ", 200_000))));
        Assert.IsNotNull(redaction.Apply(string.Concat(Enumerable.Repeat("a.", 100_000)) + "@"));
    }

    private static PageTabDocument Parse(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        using var text = PageTabText.ReceiveAsync(stream, long.MaxValue, CancellationToken.None).GetAwaiter().GetResult()!;
        return PageTabJson.Read(text, PageTabLimits.Default).Document!;
    }

    private static string Write(PageTabDocument document)
    {
        using var text = PageTabText.Of(document);
        return Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(text.Bytes)).Replace("\\u00EB", "ë", StringComparison.OrdinalIgnoreCase);
    }
}
