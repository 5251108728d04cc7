using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submissions.Validation;
using Archive.TestKit;

namespace Archive.Submission.Tests.Validation;

[TestClass]
public sealed class MetadataRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 15, 0, 0, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("2026-03-10", null)]
    [DataRow("2026-03-11", null)]
    [DataRow("2026-03-09", "Warning release-date-past")]
    [DataRow("2023-03-17", "Warning release-date-past")]
    [DataRow("2026-03-10T09:00:00Z", null)]
    [DataRow("2026-03-10T09:00:00", "Error release-date-invalid")]
    [DataRow("2028-03-10", null)]
    [DataRow("2028-03-11", "Error release-date-far")]
    [DataRow("2026-02-30", "Error release-date-invalid")]
    [DataRow("10.03.2026", "Error release-date-invalid")]
    [DataRow("tomorrow", "Error release-date-invalid")]
    [DataRow(null, "Error release-date-missing")]
    public void ReleaseDate_IsJudged(string? text, string? expected)
    {
        var document = new PageTabDocument(null, text is null ? [] : [new("ReleaseDate", text, false, [], [])], Study());

        var found = Check(document).Findings.Where(f => f.Code.StartsWith("release-date", StringComparison.Ordinal));

        Assert.AreEqual(expected, found.Select(f => $"{f.Severity} {f.Code}").SingleOrDefault());
    }

    [TestMethod]
    public void Check_WhenDocumentIsEmpty_FindsEveryErrorAtOnce()
    {
        var report = Check(new PageTabDocument(null, [], null));

        CollectionAssert.AreEquivalent(
            new[] { "section-missing", "title-missing", "release-date-missing" },
            report.Findings.Where(f => f.Severity == Severity.Error).Select(f => f.Code).ToArray());
        Assert.AreEqual(Severity.Error, report.Findings[0].Severity);
    }

    // What a curator would say of the published records, read by eye.
    [TestMethod]
    [DataRow("S-BIAD661/S-BIAD661_original.json", "release-date-past accession-ignored pubmed-id-malformed organism-taxon-missing imaging-method-no-term")]
    [DataRow("S-BIAD1043/S-BIAD1043_original.json", "release-date-past accession-ignored section-accession-repeated pubmed-id-malformed doi-malformed organism-taxon-missing imaging-method-no-term")]
    [DataRow("S-BIAD15/S-BIAD15_original.json", "release-date-past accession-ignored affiliation-unresolved biosample-missing specimen-missing image-acquisition-missing imaging-method-no-term")]
    public async Task Check_WhenRecordIsReal_AcceptsItWithWhatCuratorsWouldSay(string file, string expected)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        await using var content = File.OpenRead(Path.Combine(Repository.RealData!, "pagetab", file));
        var reading = await PageTabJson.ReadAsync(content, PageTabLimits.Default, TestContext.CancellationToken);

        var report = Check(reading.Document!);

        Assert.IsTrue(report.IsAcceptable, string.Join('\n', report.Findings));
        CollectionAssert.AreEquivalent(expected.Split(' '), report.Findings.Select(f => f.Code).Distinct().ToArray(), string.Join('\n', report.Findings));
    }

    [TestMethod]
    [DataRow("Image correlation")]
    [DataRow("Image analysis")]
    public async Task Associations_WhenTheTitleIsOfNoSection_SaySo(string kind)
    {
        var json = $$$"""
            {"section":{"type":"Study","subsections":[{"type":"{{{kind}}}","attributes":[{"name":"Title","value":"Known"}]},
              {"type":"Study Component","subsections":[
                {"type":"Associations","attributes":[{"name":"{{{kind}}}","value":"known"}]},
                {"type":"Associations","attributes":[{"name":"{{{kind}}}","value":"Unknown"}]}]}]}}
            """;
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var reading = await PageTabJson.ReadAsync(content, PageTabLimits.Default, TestContext.CancellationToken);

        var found = Check(reading.Document!).Findings.Where(f => f.Code == "association-unresolved").Single();

        Assert.AreEqual("$.section.subsections[1].subsections[1]", found.Place);
    }

    // Two seconds are the promise; the bound here only leaves room for a busy machine. A rule that compares all with all takes minutes.
    [TestMethod]
    public async Task Check_WhenDocumentIsAsLargeAsIsTaken_EndsSoon()
    {
        var sections = string.Join(',', Enumerable.Range(0, 95_000).Select(i =>
            $$"""{"accno":"o{{i}}","type":"organisation"},{"type":"author","attributes":[{"name":"affiliation","value":"o{{i}}","reference":true}]} """));
        using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            """{"attributes":[{"name":"ReleaseDate","value":"2026-04-01"}],"section":{"type":"Study","subsections":[""" + sections + "]}}"));
        var reading = await PageTabJson.ReadAsync(content, PageTabLimits.Default, TestContext.CancellationToken);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var report = Check(reading.Document!);

        TestContext.WriteLine($"{content.Length} bytes in {clock.Elapsed}");
        Assert.IsLessThan(TimeSpan.FromSeconds(10), clock.Elapsed);
        Assert.IsGreaterThan(80_000, report.Omitted);
    }

    [TestMethod]
    [DataRow("2026-03-09", "2026-03-10")]
    [DataRow("2026-03-10", "2026-03-10")]
    [DataRow("2026-04-01", "2026-04-01")]
    [DataRow("2026-04-01T12:30:00+02:00", "2026-04-01T10:30:00Z")]
    public void EffectivePageTab_CarriesAccessionAndDate(string wished, string recorded)
    {
        Assert.IsTrue(ReleaseDates.TryParse(wished, out var date));
        var sent = new PageTabDocument("S-BIAD9", [new("ReleaseDate", wished, false, [], [])], Study());

        using var text = PageTabText.Of(sent);
        using var given = EffectivePageTab.Of(text, Accession.From("S-BIAR", 7), ReleaseDates.Effective(date, Now));

        var effective = PageTabJson.Read(given, PageTabLimits.Default).Document!;
        Assert.AreEqual("S-BIAR7", effective.Accession);
        Assert.AreEqual(recorded, effective.Attributes.Single().Value);
    }

    private static PageTabSection Study() => new(null, "Study", [], [], [], []);

    private static ValidationReport Check(PageTabDocument document) => RuleDocument.Check(document);
}
