using System.Text;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Submissions.Collections;
using Archive.Submissions.Drafts;
using Archive.Submissions.Validation;
using Archive.TestKit;

namespace Archive.Submission.Tests.PageTabs;

/// <summary>
/// What every published page tab is told, by the checked-in table <c>PageTabFindings.tsv</c>: each line of it was judged by reading the
/// file. ARCHIVE_TEST_WRITE_TABLES=1 writes it anew; look at each line that moved before it is kept.
/// </summary>
[TestClass]
public sealed class PageTabTableTests
{
    // All are older, so that release dates are past.
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    private static readonly string TableFile = Path.Combine(Repository.Root, "tests", "Archive.Submission.Tests", "PageTabs", "PageTabFindings.tsv");

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Check_WhenFilesArePublished_FindsWhatTheTableSays()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var table = new StringBuilder("file\tverdict or severity\tcode\tplace\n");
        var folder = Path.Combine(Repository.RealData!, "pagetab");
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var report = await CheckAsync(file);
            table.Append(name).Append('\t').Append(report.IsAcceptable ? "accepted" : "refused").Append("\t\t\n");
            foreach (var finding in report.Findings) table.Append(name).Append('\t').Append(finding.Severity).Append('\t').Append(finding.Code).Append('\t').Append(finding.Place).Append('\n');
            Assert.AreEqual(0, report.Omitted);
        }
        if (Environment.GetEnvironmentVariable("ARCHIVE_TEST_WRITE_TABLES") == "1") await File.WriteAllTextAsync(TableFile, table.ToString(), TestContext.CancellationToken);

        var expected = await File.ReadAllLinesAsync(TableFile, TestContext.CancellationToken);
        var actual = table.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var moved = expected.Except(actual).Select(l => "- " + l).Concat(actual.Except(expected).Select(l => "+ " + l)).ToList();
        Assert.IsEmpty(moved, string.Join('\n', moved));
        CollectionAssert.AreEqual(expected, actual);
    }

    private async Task<ValidationReport> CheckAsync(string file)
    {
        var form = Path.GetExtension(file) switch { ".tsv" => PageTabForm.Tsv, ".xml" => PageTabForm.Xml, ".xlsx" => PageTabForm.Xlsx, _ => PageTabForm.Json };
        await using var content = File.OpenRead(file);
        using var text = await PageTabText.ReceiveAsync(content, PageTabLimits.Default.MaxBytes, TestContext.CancellationToken);
        var reading = await PageTabIntake.ReadAsync(form, text!, PageTabLimits.Default, TestContext.CancellationToken);
        var findings = new FindingList();
        findings.Add(reading.Report);
        // What breaks the format is refused before any rule looks at it.
        if (reading.Document is null || !reading.Report.IsAcceptable) return findings.ToReport();
        var study = RembiReader.Read(reading.Document);
        var subject = new MetadataSubject(reading.Document, study, Now, null, [.. study.AttachTo.Select(
            a => new Attachment(a, a == "BioImages" ? AttachOutcome.Obeyed : AttachOutcome.Unknown, null))]);
        RuleCatalogue.Check(subject, BuiltInRuleSets.All[RuleSet.Standard], findings);
        return findings.ToReport();
    }
}
