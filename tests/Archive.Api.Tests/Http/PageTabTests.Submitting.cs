using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>Page tabs that are submitted, and what is read of them afterwards.</summary>
public sealed partial class PageTabTests
{
    [TestMethod]
    public async Task OfADataset_WhenLongerThanAPage_IsGivenWholeAndShownInPart()
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(31, 1, 100);
        var more = "\"more\": [ " + string.Join(", ", Enumerable.Range(0, 50_000).Select(i => $"\"{i:d8}\"")) + " ]";
        var pageTab = JsonNode.Parse(deposit.PageTabJson)!;
        for (var i = 0; i < 5_000; i++)
            pageTab["section"]!["subsections"]!.AsArray().Add(JsonNode.Parse($$"""{"type":"Publication","attributes":[{"name":"Title","value":"Paper {{i:d4}}"}]}"""));
        var (accession, _) = await DepositAsync(client, deposit with { PageTabJson = pageTab.ToJsonString()[..^1] + "," + more + "}" });

        using var answer = await Http.GetAsync($"/api/datasets/{accession}/pagetab", Ct);
        using var head = await client.SendAsync(HttpMethod.Head, $"/api/datasets/{accession}/pagetab.json", null, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var html = await Http.GetStringAsync($"/datasets/{accession}", Ct);

        Assert.Contains(more, text, "what the archive does not know is kept");
        Assert.AreEqual(accession, (string?)JsonNode.Parse(text)!["accno"]);
        Assert.AreEqual(Encoding.UTF8.GetByteCount(text), answer.Content.Headers.ContentLength);
        Assert.AreEqual(answer.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.AreEqual(answer.Headers.ETag, head.Headers.ETag);
        Assert.Contains("longer than a page", html);
        Assert.Contains("Paper 0000", html);
        Assert.DoesNotContain("Paper 4999", html);
    }

    [TestMethod]
    public async Task Submissions_WhenOneHasFindings_ListTheirNumberOnly()
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(1, 3, 100);
        var depositing = new Depositing(client, deposit with { Files = [.. deposit.Files.Skip(1)] });
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        await depositing.SubmitAsync(Ct);
        await client.WaitForEventAsync(depositing.Submission!, "Rejected", Ct);

        var single = await client.GetJsonAsync($"/api/submissions/{depositing.Submission}", Ct);
        var item = (await client.ListAsync("/api/submissions", Ct)).Single();

        Assert.AreEqual(depositing.Submission, item.GetProperty("id").GetString());
        Assert.AreEqual("Rejected", item.GetProperty("state").GetString());
        Assert.IsFalse(item.TryGetProperty("findings", out _));
        Assert.IsGreaterThan(0, item.GetProperty("findingCount").GetInt64());
        Assert.AreEqual(single.GetProperty("findings").GetArrayLength(), item.GetProperty("findingCount").GetInt64());
    }

    [TestMethod]
    public async Task Submit_WhenThereIsNoReleaseDate_IsRefusedAndTheDraftStaysOpen()
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        var pageTab = JsonNode.Parse(SampleDeposit.Generate(1, 1, 1).PageTabJson)!;
        var attributes = pageTab["attributes"]!.AsArray();
        attributes.Remove(attributes.Single(a => (string?)a!["name"] == "ReleaseDate"));
        await client.PutPageTabAsync(draft, pageTab.ToJsonString(), Ct);

        using var answer = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/submission", null, Ct);
        using var validation = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/validation", null, Ct);

        var body = await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "release-date-missing");
        Assert.Contains("release-date-missing", Findings(body));
        Assert.AreEqual(HttpStatusCode.OK, validation.StatusCode);
        await client.PutPageTabAsync(draft, Sound, Ct);
    }

    [TestMethod]
    public async Task Submit_WhenTheFileListNamesAMissingFile_IsRejectedAndTheAccessionStaysWithTheDraft()
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(1, 3, 100);
        var depositing = new Depositing(client, deposit with { Files = [.. deposit.Files.Skip(1)] });
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        using var validation = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{depositing.Draft}/validation", null, Ct);
        var report = await validation.Content.ReadAsStringAsync(Ct);
        await depositing.SubmitAsync(Ct);
        var ended = await client.WaitForEndAsync(depositing.Submission!, TimeSpan.FromMinutes(1), Ct);

        // The missing file arrives and the draft, open again, is submitted once more.
        using (var content = new StreamContent(deposit.Files[0].Open())) await client.PutFileAsync(depositing.Draft!, deposit.Files[0].Path, content, Ct);
        var second = await client.SubmitAsync(depositing.Draft!, Ct);
        var released = await client.WaitForEndAsync(second.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), Ct);

        Assert.Contains(deposit.Files[0].Path, report);
        Assert.AreEqual("Rejected", ended.GetProperty("state").GetString());
        Assert.IsTrue(ended.GetProperty("findings").EnumerateArray().Any(f => f.GetProperty("severity").GetString() == "Error" && f.GetRawText().Contains(deposit.Files[0].Path, StringComparison.Ordinal)));
        Assert.AreEqual(depositing.Accession, second.GetProperty("accession").GetString());
        Assert.AreEqual("Released", released.GetProperty("state").GetString());
    }
}
