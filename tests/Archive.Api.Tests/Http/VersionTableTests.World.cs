using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>A private dataset with a file list that names people.</summary>
public sealed partial class VersionTableTests
{
    // In the file list of this test's datasets and of no other's.
    private readonly string word = "word" + Guid.NewGuid().ToString("N")[..12];

    private async Task<string> DepositPrivateAsync(ArchiveClient owner)
    {
        var sample = SampleDeposit.Generate(31, 40, 100, "actin");
        var pageTab = JsonNode.Parse(sample.PageTabJson)!;
        pageTab["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "ReleaseDate")!["value"] = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var list = new StringBuilder("Files\tWell\tCompound\tDose\tImaged by\tNote\n");
        for (var i = 0; i < sample.Files.Count; i++)
            list.Append(CultureInfo.InvariantCulture, $"{sample.Files[i].Path}\t{(char)('A' + (i / 4 % 4))}{1 + (i % 4)}\t{sample.Files[i].Attributes[1].Value}\t{(i % 3 == 0 ? $"{i / 2.0}" : "")}\t")
                .Append(i % 5 == 0 ? "Ada Depositor" : "Quintus Columnist").Append('\t').Append(i % 2 == 0 ? "seen by ada depositor" : i == 1 ? word : "").Append('\n');
        var (accession, submission) = await DepositAsync(owner, sample with { PageTabJson = pageTab.ToJsonString(), FileLists = [SampleFile.OfText("file_list.tsv", list.ToString())] });
        Assert.AreEqual("Private", (await owner.GetSubmissionAsync(submission, Ct)).GetProperty("state").GetString());
        return accession;
    }

    private async Task ReleaseAsync(ArchiveClient owner, string accession)
    {
        using var released = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2024-01-01" }), Ct);
        Assert.AreEqual(HttpStatusCode.OK, released.StatusCode, await released.Content.ReadAsStringAsync(Ct));
        await Poll.Until(async () => (await owner.GetJsonAsync($"/api/datasets/{accession}/files?q=taxol", Ct)).GetProperty("index").ValueKind == JsonValueKind.Object, "the index has it", Ct);
    }

    // Without what says which index answered, and cursors, which are of their index.
    private async Task<string> AnswerAsync(ArchiveClient client, string accession, string query)
    {
        var page = JsonNode.Parse((await client.GetJsonAsync($"/api/datasets/{accession}/files{query}", Ct)).GetRawText())!.AsObject();
        page.Remove("index");
        // A plain list may come from the catalogue, which has none.
        if (query.Replace("version=1", "", StringComparison.Ordinal).Trim('?', '&') is "" or "size=7") page.Remove("columns");
        page["next"] = page["next"] is not null;
        return page.ToJsonString();
    }

    // All files as CSV, and the values of the compounds, as they are without a page and an index.
    private async Task<string> WholeAsync(ArchiveClient client, string accession, string query)
    {
        using var lines = await client.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files?{query}&format=csv", null, Ct);
        Assert.AreEqual(HttpStatusCode.OK, lines.StatusCode, query);
        var values = JsonNode.Parse((await client.GetJsonAsync($"/api/datasets/{accession}/files/values?attribute=Compound&{query}", Ct)).GetRawText())!.AsObject();
        values.Remove("index");
        return await lines.Content.ReadAsStringAsync(Ct) + values.ToJsonString();
    }

    private string? Shelf(string accession)
    {
        var folder = Path.Combine(Archive.DataFolder, "objects");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).SingleOrDefault(f => f.Contains($"shelves/{accession}/", StringComparison.Ordinal));
    }

    // What is open has no name, but its mapping tells what it was.
    private HashSet<string> MappedShelves() =>
        [.. File.ReadLines($"/proc/{Archive.ProcessId}/maps").Where(line => line.Contains("/shelves/", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])];

    private static string Paths(JsonElement page) => string.Join(' ', page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("path").GetString()));

    private static string Mask(string answer) => TraceId().Replace(answer, "*");

    [GeneratedRegex("[0-9a-f]{32}|S-BIAR[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex TraceId();
}
