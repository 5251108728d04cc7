using System.Net;
using System.Text.RegularExpressions;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>HEAD answers what GET answers, without its body (RFC 9110, section 9.3.2), at every address that is described.</summary>
[TestClass]
public sealed partial class HeadTests : HttpTest
{
    [TestMethod]
    public async Task Head_WhenAnyAddressIsAsked_AnswersAsGetWithoutItsBody()
    {
        var client = await DepositorAsync();
        var boss = await OperatorAsync();
        var account = (await boss.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString();
        var (accession, submission) = await DepositAsync(client, SampleDeposit.Generate(31, 1, 100));
        var draft = await client.BeginDraftAsync(Ct);
        await client.PutFileAsync(draft, "run_log.txt", new StringContent("Experiment details:\nAim: Compare markers\n------Time point_1------\n"), Ct);
        var proposal = (await client.GetJsonAsync($"/api/drafts/{draft}/proposals", Ct)).GetProperty("items")[0].GetProperty("id").GetString();
        // Visits to ORCID are not to be had where the archive is not registered there.
        var addresses = (await DescribedAsync()).Where(path => !path.StartsWith("/api/sessions/orcid", StringComparison.Ordinal)).Select(path => path
            .Replace("/api/accounts/{id}", "/api/accounts/" + account, StringComparison.Ordinal)
            .Replace("/api/drafts/{id}", "/api/drafts/" + draft, StringComparison.Ordinal)
            .Replace("/api/submissions/{id}", "/api/submissions/" + submission, StringComparison.Ordinal)
            .Replace("/api/rule-sets/{id}", "/api/rule-sets/rembi-5", StringComparison.Ordinal)
            .Replace("/api/collections/{id}", "/api/collections/BioImages", StringComparison.Ordinal)
            .Replace("{accession}", accession, StringComparison.Ordinal)
            .Replace("{number}", "1", StringComparison.Ordinal)
            .Replace("{proposal}", proposal, StringComparison.Ordinal)
            .Replace("/files/values", "/files/values?attribute=@format", StringComparison.Ordinal)
            .Replace("/search/values", "/search/values?facet=organism", StringComparison.Ordinal)
            .Replace("{path}", "file_list.tsv", StringComparison.Ordinal)).Where(path => path != "/api/curation").Append("/openapi.yaml").ToList();

        Assert.IsGreaterThan(20, addresses.Count);
        foreach (var address in addresses)
        {
            Assert.DoesNotContain("{", address, "Give the new parameter a value above.");
            var caller = address is "/api/accounts" or "/api/audit" || address.EndsWith(account!, StringComparison.Ordinal) ? boss : client;
            using var get = await caller.SendAsync(HttpMethod.Get, address, null, Ct);
            using var head = await caller.SendAsync(HttpMethod.Head, address, null, Ct);

            Assert.IsTrue(get.IsSuccessStatusCode, $"{address} answered {get.StatusCode}");
            Assert.AreEqual(get.StatusCode, head.StatusCode, address);
            Assert.AreEqual(get.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString(), address);
            Assert.AreEqual(get.Headers.CacheControl?.ToString(), head.Headers.CacheControl?.ToString(), address);
            Assert.AreEqual(get.Headers.ETag?.Tag, head.Headers.ETag?.Tag, address);
            Assert.IsEmpty(await head.Content.ReadAsByteArrayAsync(Ct), address);
        }
    }

    [TestMethod]
    public async Task Head_WhenThereIsNothingOrNobodyMay_AnswersAsGet()
    {
        foreach (var (address, status) in new[]
        {
            ("/api/datasets/S-BIAR999999", HttpStatusCode.NotFound),
            ("/api/drafts", HttpStatusCode.Unauthorized),
            ("/api/search?size=abc", HttpStatusCode.BadRequest),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, address);
            using var head = await Http.SendAsync(request, Ct);
            Assert.AreEqual(status, head.StatusCode, address);
        }
    }

    [TestMethod]
    public async Task Head_WhenAskedOnABareConnection_SendsNoByteOfABody()
    {
        foreach (var address in new[] { "/api/problems", "/healthz", "/readyz", "/api/datasets" })
        {
            var (status, answer) = await RawHttp.SendAsync(Archive.Port, RawHttp.Request("HEAD", address), Ct);

            Assert.AreEqual(200, status, answer);
            Assert.EndsWith("\r\n\r\n", answer);
            Assert.AreEqual(answer.Length - 4, answer.IndexOf("\r\n\r\n", StringComparison.Ordinal), answer);
        }
    }

    [TestMethod]
    public async Task Post_WhenTheAddressIsForReading_SaysWhichMethodsAre()
    {
        using var answer = await Http.PostAsync("/api/problems", null, Ct);

        await ExpectAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        CollectionAssert.AreEquivalent(new[] { "GET", "HEAD" }, answer.Content.Headers.Allow.ToList());
    }

    // Every path of the description that has a GET.
    private async Task<IReadOnlyList<string>> DescribedAsync()
    {
        var found = new List<string>();
        var path = "";
        await foreach (var line in File.ReadLinesAsync(Path.Combine(Repository.Root, "openapi.yaml"), Ct))
        {
            if (PathLine().Match(line) is { Success: true } match) path = match.Groups["path"].Value;
            else if (line == "    get:") found.Add(path);
        }
        return found;
    }

    [GeneratedRegex("^  '?(?<path>/[^':]*)'?:$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathLine();
}
