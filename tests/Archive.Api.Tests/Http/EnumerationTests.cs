using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.Model.Datasets;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What the enumeration tells of each change, and in which forms.</summary>
[TestClass]
public sealed class EnumerationTests : HttpTest
{
    private static readonly DatasetState[] Back = [DatasetState.Private, DatasetState.Released];

    [TestMethod]
    public async Task List_WhenDatasetsChange_TellsWhatTheNewestChangeWasAndNothingPrivate()
    {
        await using var archive = await HarvestedArchive.StartAsync(4, Ct);
        var created = await archive.WriteAsync(HarvestedArchive.New(5, DatasetState.Released), Ct);
        var hidden = await archive.WriteAsync(HarvestedArchive.New(6, DatasetState.Private), Ct);
        await archive.WriteAsync(HarvestedArchive.New(7, DatasetState.Private), Ct);
        await archive.WriteAsync(hidden with { State = DatasetState.Released }, Ct);
        await archive.WriteAsync(HarvestedArchive.Revised(archive.Written[HarvestedArchive.Number(1)], "Better"), Ct);
        await archive.WriteAsync(archive.Written[HarvestedArchive.Number(2)] with { ReleaseDate = created.ReleaseDate!.Value.AddYears(-1) }, Ct);
        await archive.WriteAsync(archive.Written[HarvestedArchive.Number(3)] with { State = DatasetState.Withdrawn, WithdrawalReason = "Consent", WithdrawnAt = created.ReleaseDate }, Ct);
        var taken = await archive.WriteAsync(archive.Written[HarvestedArchive.Number(4)] with { State = DatasetState.Private, Title = "Secret" }, Ct);
        await archive.WriteAsync(HarvestedArchive.Revised(taken, "More secret"), Ct);

        var text = await archive.Process.Http.GetStringAsync("/api/datasets", Ct);

        using var page = JsonDocument.Parse(text);
        var items = page.RootElement.GetProperty("items").EnumerateArray().ToList();
        Assert.AreEqual(
            "5 Created S-HARV5 Released|6 Released S-HARV6 Released|7 Revised S-HARV1 Released|8 Updated S-HARV2 Released|9 Withdrawn S-HARV3 Withdrawn|10 Gone S-HARV4 Withdrawn",
            string.Join('|', items.Select(i => $"{i.GetProperty("change")} {i.GetProperty("kind")} {i.GetProperty("accession")} {i.GetProperty("state")}")));
        Assert.AreEqual(2, items[2].GetProperty("version").GetInt32());
        Assert.AreEqual("Better", items[2].GetProperty("title").GetString());
        Assert.AreEqual("Consent", items[4].GetProperty("reason").GetString());
        Assert.AreEqual(JsonValueKind.Null, items[4].GetProperty("title").ValueKind);
        var told = items[5].EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => p.Name);
        Assert.AreEqual("change kind accession state changedAt", string.Join(' ', told), "of one that was taken back nothing else is told");
        Assert.DoesNotContain("ecret", text);
        Assert.DoesNotContain("S-HARV7", text);
    }

    [TestMethod]
    public async Task List_WhenNothingChanged_IsNotSentAgain()
    {
        await using var archive = await HarvestedArchive.StartAsync(3, Ct);
        using var first = await archive.Process.Http.GetAsync("/api/datasets?size=2", Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/datasets?size=2") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var again = await archive.Process.Http.SendAsync(request, Ct);
        Assert.AreEqual(HttpStatusCode.NotModified, again.StatusCode);
        Assert.AreEqual("no-cache", again.Headers.CacheControl?.ToString());

        foreach (var state in Back) await archive.WriteAsync(archive.Written[HarvestedArchive.Number(1)] with { State = state }, Ct);
        using var repeated = new HttpRequestMessage(HttpMethod.Get, "/api/datasets?size=2") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var changed = await archive.Process.Http.SendAsync(repeated, Ct);
        Assert.AreEqual(HttpStatusCode.OK, changed.StatusCode);
    }

    [TestMethod]
    [DataRow("?size=1", null, "application/json")]
    [DataRow("?size=1", "*/*", "application/json")]
    [DataRow("?size=1", "text/html", "application/json")]
    [DataRow("?size=1", "application/x-ndjson", "application/x-ndjson")]
    [DataRow("?size=1", "application/json;q=0.5, application/jsonl", "application/x-ndjson")]
    [DataRow("?size=1", "text/csv, application/x-ndjson;q=0.9", "text/csv")]
    [DataRow("?size=1&format=jsonl", "application/json", "application/x-ndjson")]
    [DataRow("?size=1&format=csv", null, "text/csv")]
    public async Task List_WhenAFormIsAskedFor_ComesInIt(string query, string? accept, string expected)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, "/api/datasets" + query);
            if (accept is not null) request.Headers.Accept.ParseAdd(accept);
            using var answer = await Http.SendAsync(request, Ct);

            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
            Assert.AreEqual(expected, answer.Content.Headers.ContentType?.MediaType);
            Assert.AreEqual(!query.Contains("format", StringComparison.Ordinal), answer.Headers.Vary.Contains("Accept"));
        }
    }

    [TestMethod]
    [DataRow("since=-1")]
    [DataRow("since=x")]
    [DataRow("size=0")]
    [DataRow("size=1001&format=jsonl")]
    [DataRow("format=xml")]
    [DataRow("cursor=!")]
    [DataRow("cursor=LTE")]
    public async Task List_WhenAParameterIsOdd_SaysSo(string query)
    {
        using var answer = await Http.GetAsync("/api/datasets?" + query, Ct);

        await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
    }
}
