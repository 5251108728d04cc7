using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What is not the caller's looks as if it were not there.</summary>
[TestClass]
public sealed partial class StrangerTests : HttpTest
{
    [TestMethod]
    [DataRow("GET", "/api/datasets/{0}")]
    [DataRow("GET", "/api/datasets/{0}/versions")]
    [DataRow("GET", "/api/datasets/{0}/versions/1")]
    [DataRow("GET", "/api/datasets/{0}/pagetab")]
    [DataRow("GET", "/api/datasets/{0}/pagetab.json")]
    [DataRow("GET", "/api/datasets/{0}/files")]
    [DataRow("GET", "/api/datasets/{0}/files?version=1&q=x")]
    [DataRow("GET", "/files/{0}/plate-0/image_0000.tif")]
    [DataRow("HEAD", "/files/{0}/plate-0/image_0000.tif")]
    [DataRow("GET", "/files/{0}/absent")]
    [DataRow("GET", "/datasets/{0}")]
    public async Task Read_WhenTheDatasetIsPrivate_IsTheSame404AsForNone(string method, string address)
    {
        var owner = await DepositorAsync();
        var accession = await PrivateAsync(owner);
        var stranger = await DepositorAsync();

        foreach (var caller in new[] { null, await TokenAsync(stranger) })
        {
            var hidden = await RawHttp.SendAsync(Archive.Port, RawHttp.Request(method, address.Replace("{0}", accession, StringComparison.Ordinal), caller), Ct);
            var absent = await RawHttp.SendAsync(Archive.Port, RawHttp.Request(method, address.Replace("{0}", "S-BIAR999999", StringComparison.Ordinal), caller), Ct);

            Assert.AreEqual(404, hidden.Status, hidden.Answer);
            Assert.AreEqual(Mask(absent.Answer), Mask(hidden.Answer));
        }
    }

    [TestMethod]
    public async Task Read_WhenTheDatasetIsPrivate_IgnoresConditions()
    {
        var owner = await DepositorAsync();
        var accession = await PrivateAsync(owner);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/files/{accession}/plate-0/image_0000.tif");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);

        using var answer = await Http.SendAsync(request, Ct);

        await ExpectAsync(answer, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task Read_WhenOwner_SeesThePrivateDatasetAndSearchDoesNot()
    {
        var owner = await DepositorAsync();
        var word = "private" + Guid.NewGuid().ToString("N")[..12];
        var accession = await PrivateAsync(owner, word);

        using var head = await owner.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}", null, Ct);
        using var file = await owner.SendAsync(HttpMethod.Get, $"/files/{accession}/plate-0/image_0000.tif", null, Ct);
        var files = await owner.ListAsync($"/api/datasets/{accession}/files?size=2", Ct);

        Assert.AreEqual(HttpStatusCode.OK, head.StatusCode);
        Assert.AreEqual("no-store", head.Headers.CacheControl!.ToString());
        Assert.AreEqual(HttpStatusCode.OK, file.StatusCode);
        Assert.AreEqual("no-store", file.Headers.CacheControl!.ToString());
        Assert.HasCount(3, files);
        Assert.IsEmpty(await owner.ListAsync($"/api/search?q={word}", Ct));
    }

    [TestMethod]
    public async Task ReleaseDate_WhenItsOwnerReleasesNow_BecomesPublicAndIsFound()
    {
        var owner = await DepositorAsync();
        var word = "released" + Guid.NewGuid().ToString("N")[..12];
        var accession = await PrivateAsync(owner, word);
        var stranger = await DepositorAsync();

        using var byStranger = await stranger.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2024-01-01" }), Ct);
        using var tooFar = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2999-01-01" }), Ct);
        using var released = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2024-01-01" }), Ct);
        using var again = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2999-01-01" }), Ct);

        await ExpectAsync(byStranger, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(tooFar, HttpStatusCode.UnprocessableEntity, "invalid-input");
        Assert.AreEqual(HttpStatusCode.OK, released.StatusCode);
        await ExpectAsync(again, HttpStatusCode.Conflict, "already-public");
        await Poll.Until(async () => (await stranger.ListAsync($"/api/search?q={word}", Ct)).Count == 1, "the dataset is found", Ct);
        var pageTab = await stranger.GetJsonAsync($"/api/datasets/{accession}/pagetab", Ct);
        // Nobody but a curator backdates: the day of the release is what the page tab tells.
        Assert.DoesNotContain("2024-01-01", pageTab.GetRawText());
        var day = (await stranger.GetJsonAsync($"/api/datasets/{accession}", Ct)).GetProperty("releaseDate").GetDateTimeOffset();
        Assert.Contains(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), pageTab.GetRawText());
    }

    [TestMethod]
    [DataRow("GET", "")]
    [DataRow("DELETE", "")]
    [DataRow("GET", "/metadata")]
    [DataRow("GET", "/files")]
    [DataRow("GET", "/proposals")]
    [DataRow("GET", "/proposals/AAAAAAAAAAAAAAAAAAAAAA")]
    [DataRow("HEAD", "/files/a.tif")]
    [DataRow("DELETE", "/files/a.tif")]
    [DataRow("DELETE", "/changes/a.tif")]
    [DataRow("POST", "/validation")]
    [DataRow("POST", "/submission")]
    public async Task Draft_WhenAnotherPersons_IsTheSame404AsForNone(string method, string suffix)
    {
        var owner = await DepositorAsync();
        var draft = await owner.BeginDraftAsync(Ct);
        var token = await TokenAsync(await DepositorAsync());

        var hidden = await RawHttp.SendAsync(Archive.Port, RawHttp.Request(method, $"/api/drafts/{draft}{suffix}", token), Ct);
        var absent = await RawHttp.SendAsync(Archive.Port, RawHttp.Request(method, $"/api/drafts/{new string('a', 32)}{suffix}", token), Ct);

        Assert.AreEqual(404, hidden.Status, hidden.Answer);
        Assert.AreEqual(Mask(absent.Answer), Mask(hidden.Answer));
        Assert.HasCount(1, await owner.ListAsync("/api/drafts", Ct));
    }

    [TestMethod]
    public async Task Draft_WhenAnotherPersons_TakesNoWrites()
    {
        var owner = await DepositorAsync();
        var draft = await owner.BeginDraftAsync(Ct);
        var stranger = await DepositorAsync();

        using var file = await stranger.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/a.tif", Bytes([1]), Ct);
        using var pageTab = await stranger.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", JsonText("{}"), Ct);
        using var decisions = await stranger.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/proposals/acceptance", Json(new { accept = new[] { "x" } }), Ct);

        await ExpectAsync(file, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(pageTab, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(decisions, HttpStatusCode.NotFound, "not-found");
        Assert.IsEmpty(await owner.ListAsync($"/api/drafts/{draft}/files", Ct));
    }

    [TestMethod]
    public async Task Submission_WhenAnotherPersons_Is404()
    {
        var owner = await DepositorAsync();
        var (_, submission) = await DepositAsync(owner, SampleDeposit.Generate(1, 1, 1));
        var stranger = await DepositorAsync();

        foreach (var (method, suffix) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/events") })
        {
            using var answer = await stranger.SendAsync(method, $"/api/submissions/{submission}{suffix}", null, Ct);
            await ExpectAsync(answer, HttpStatusCode.NotFound, "not-found");
        }
    }

    [TestMethod]
    [DataRow("/api/uploads")]
    [DataRow("/api/datasets/S-BIAR1/archive.zip")]
    [DataRow("/biostudies/api/v1/search")]
    [DataRow("/no/such/address")]
    public async Task Route_WhenItIsOfLaterWork_Is404(string address)
    {
        using var answer = await Http.GetAsync(address, Ct);

        Assert.AreEqual(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [TestMethod]
    public async Task Route_WhenTheMethodIsUnknownThere_Is405WithAllow()
    {
        using var answer = await Http.PostAsync("/api/search", null, Ct);

        await ExpectAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }

    private async Task<string> PrivateAsync(ArchiveClient owner, string keyword = "embargo")
    {
        var deposit = SampleDeposit.Generate(9, 2, 100, keyword);
        var pageTab = JsonNode.Parse(deposit.PageTabJson)!;
        var nextYear = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        pageTab["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "ReleaseDate")!["value"] = nextYear;
        var (accession, submission) = await DepositAsync(owner, deposit with { PageTabJson = pageTab.ToJsonString() });
        Assert.AreEqual("Private", (await owner.GetSubmissionAsync(submission, Ct)).GetProperty("state").GetString());
        return accession;
    }

    // Date and trace id are of the request, not of what was asked for.
    private static string Mask(string answer) => Volatile().Replace(answer, "*");

    [GeneratedRegex("(?<=\r\nDate: )[^\r]*|[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex Volatile();
}
