using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Columns, values and exports of a dataset's files over HTTP.</summary>
[TestClass]
public sealed class FileExportTests : HttpTest
{
    [TestMethod]
    public async Task Files_OfADataset_TellColumnsAndValuesAndAreExportedWhole()
    {
        var client = await DepositorAsync();
        var word = "export" + Guid.NewGuid().ToString("N")[..12];
        var (accession, _) = await DepositAsync(client, SampleDeposit.Generate(seed: 4712, count: 6, lengthBytes: 1000, keyword: word));
        await Poll.Until(async () => (await client.ListAsync($"/api/search?q={word}", Ct)).Count == 1, "the dataset is found", Ct);
        var files = $"/api/datasets/{accession}/files";

        var page = await client.GetJsonAsync($"{files}?filter.Compound=Taxol", Ct);
        var column = page.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "Compound");
        var values = await client.GetJsonAsync($"{files}/values?attribute=Compound&filter.Compound=Taxol&containing=TAX", Ct);
        var lines = await Http.GetAsync($"{files}?filter.Compound=Taxol&format=jsonl", Ct);
        var table = await Http.GetAsync($"{files}?format=csv", Ct);
        var paged = await Http.GetAsync($"{files}?format=csv&size=5", Ct);

        // The seventh file is the list itself, which says nothing of itself.
        Assert.AreEqual((3, 1), (page.GetProperty("items").GetArrayLength(), column.GetProperty("missing").GetInt32()));
        Assert.AreEqual("Taxol 3", string.Join(' ', values.GetProperty("items").EnumerateArray().Select(v => $"{v.GetProperty("value")} {v.GetProperty("count")}")));
        var expected = page.GetProperty("items").EnumerateArray().Select(f => f.GetProperty("path").GetString()).ToList();
        var body = await lines.Content.ReadAsStringAsync(Ct);
        var seen = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("path").GetString()).ToList();
        CollectionAssert.AreEqual(expected, seen);
        Assert.AreEqual("application/x-ndjson", lines.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual($"{accession}.jsonl", lines.Content.Headers.ContentDisposition?.FileName);
        Assert.AreEqual("attachment", lines.Content.Headers.ContentDisposition?.DispositionType);
        Assert.HasCount(9, (await table.Content.ReadAsStringAsync(Ct)).Split("\r\n"));
        Assert.AreEqual(HttpStatusCode.BadRequest, paged.StatusCode);
    }
}
