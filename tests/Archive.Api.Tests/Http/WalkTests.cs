using System.Net;
using System.Security.Cryptography;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>The main job over the public API, on generated data: deposit, cite, find, download.</summary>
[TestClass]
public sealed class WalkTests : HttpTest
{
    [TestMethod]
    public async Task Deposit_WhenSubmitted_IsReleasedFoundAndDownloadedByteForByte()
    {
        var client = await DepositorAsync();
        var word = "walk" + Guid.NewGuid().ToString("N")[..12];
        var deposit = SampleDeposit.Generate(seed: 4711, count: 6, lengthBytes: 100_000, keyword: word);

        var (accession, submission) = await DepositAsync(client, deposit);

        Assert.AreEqual("Released", (await client.GetSubmissionAsync(submission, Ct)).GetProperty("state").GetString());
        await Poll.Until(async () => (await client.ListAsync($"/api/search?q={word}", Ct)).Count == 1, "the dataset is found", Ct);
        var hit = (await client.ListAsync($"/api/search?q={word}&facet.collection=BioImages", Ct))[0];
        Assert.AreEqual(accession, hit.GetProperty("accession").GetString());
        var taxol = await client.ListAsync($"/api/datasets/{accession}/files?filter.Compound=Taxol", Ct);
        Assert.HasCount(3, taxol);
        var page = await client.GetJsonAsync($"/api/files?q={word}&filter.Compound=Taxol&facets=Compound&size=1", Ct);
        Assert.IsGreaterThanOrEqualTo(0, page.GetProperty("total").GetInt64());
        Assert.IsFalse(string.IsNullOrEmpty(page.GetProperty("index").GetProperty("generation").GetString()));
        Assert.AreEqual("", string.Join('\n', await client.CompareAsync(accession, deposit, Ct)));
        foreach (var file in deposit.Files)
        {
            var listed = (await client.ListFilesAsync(accession, Ct))[file.Path];
            Assert.AreEqual(await file.HashAsync(Ct), listed.GetProperty("sha256").GetString());
            Assert.AreEqual(file.LengthBytes, listed.GetProperty("lengthBytes").GetInt64());
            await using var content = file.Open();
            Assert.AreEqual(Convert.ToHexStringLower(await MD5.HashDataAsync(content, Ct)), listed.GetProperty("md5").GetString());
        }
    }

    [TestMethod]
    public async Task Submit_WhenRepeated_GivesTheSameSubmissionAndAccession()
    {
        var client = await DepositorAsync();
        var depositing = new Depositing(client, SampleDeposit.Generate(1, 1, 1000));
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.SubmitAsync(depositing.Draft!, Ct)));
        await client.WaitForEndAsync(answers[0].GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), Ct);
        var late = await client.SubmitAsync(depositing.Draft!, Ct);

        Assert.HasCount(1, answers.Append(late).Select(a => a.ToString()).Distinct(StringComparer.Ordinal).ToList());
    }

    [TestMethod]
    public async Task Enumeration_WhenDatasetsAreReleased_GivesEachOnceInOrderOfChange()
    {
        var client = await DepositorAsync();
        var before = (await client.GetJsonAsync("/api/datasets?size=1000", Ct)).GetProperty("change").GetInt64();
        var (first, _) = await DepositAsync(client, SampleDeposit.Generate(2, 1, 100));
        var (second, _) = await DepositAsync(client, SampleDeposit.Generate(3, 1, 100));

        var items = await client.ListAsync($"/api/datasets?since={before}&size=1", Ct);

        var accessions = items.Select(i => i.GetProperty("accession").GetString()).Where(a => a == first || a == second).ToList();
        CollectionAssert.AreEqual(new[] { first, second }, accessions);
        var changes = items.Select(i => i.GetProperty("change").GetInt64()).ToList();
        CollectionAssert.AreEqual(changes.Order().Distinct().ToList(), changes);
    }

    [TestMethod]
    public async Task Dataset_WhenReleased_GivesHeadVersionsAndPageTabWithItsAccession()
    {
        var client = await DepositorAsync();
        var (accession, _) = await DepositAsync(client, SampleDeposit.Generate(5, 2, 100));

        var head = await client.GetJsonAsync($"/api/datasets/{accession}", Ct);
        var versions = await client.ListAsync($"/api/datasets/{accession}/versions", Ct);
        var pageTab = await client.GetJsonAsync($"/api/datasets/{accession}/pagetab.json", Ct);

        Assert.AreEqual(3, head.GetProperty("fileCount").GetInt64());
        Assert.AreEqual("Released", head.GetProperty("state").GetString());
        Assert.HasCount(1, versions);
        Assert.AreEqual(accession, pageTab.GetProperty("accno").GetString());
        // A past date means release now, and today is recorded; the sample asks for 2024-01-01.
        Assert.DoesNotContain("2024-01-01", pageTab.GetRawText());
        using var unchanged = new HttpRequestMessage(HttpMethod.Get, $"/api/datasets/{accession}");
        using var answer = await Http.GetAsync($"/api/datasets/{accession}", Ct);
        unchanged.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var again = await Http.SendAsync(unchanged, Ct);
        Assert.AreEqual(HttpStatusCode.NotModified, again.StatusCode);
    }

    [TestMethod]
    public async Task Events_WhenTheSubmissionEnds_TellItsWholeStateAndEnd()
    {
        var client = await DepositorAsync();
        var depositing = new Depositing(client, SampleDeposit.Generate(6, 3, 10_000));
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        await depositing.SubmitAsync(Ct);

        await client.WaitForEventAsync(depositing.Submission!, "Released", Ct);
        using var answer = await client.SendAsync(HttpMethod.Get, $"/api/submissions/{depositing.Submission}/events", null, Ct);

        Assert.AreEqual("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains("\"filesDone\":4", text);
        Assert.Contains("\"history\":[{\"state\":\"Submitted\"", text);
    }

    [TestMethod]
    public async Task Cancel_WhenPublished_IsRefused()
    {
        var client = await DepositorAsync();
        var (_, submission) = await DepositAsync(client, SampleDeposit.Generate(7, 1, 100));

        using var answer = await client.SendAsync(HttpMethod.Delete, $"/api/submissions/{submission}", null, Ct);

        await ExpectAsync(answer, HttpStatusCode.Conflict, "submission-ended");
    }

    [TestMethod]
    public async Task Cursor_WhenPagedThroughAVersionsFiles_GivesEveryFileOnce()
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(8, 7, 10);
        var (accession, _) = await DepositAsync(client, deposit);

        var listed = await client.ListAsync($"/api/datasets/{accession}/files?size=2", Ct);
        var ofVersion = await client.ListAsync($"/api/datasets/{accession}/files?size=3&version=1", Ct);

        var expected = deposit.Uploads.Select(f => f.Path).Order(StringComparer.Ordinal).ToList();
        CollectionAssert.AreEqual(expected, listed.Select(f => f.GetProperty("path").GetString()).ToList());
        CollectionAssert.AreEqual(expected, ofVersion.Select(f => f.GetProperty("path").GetString()).ToList());
    }
}
