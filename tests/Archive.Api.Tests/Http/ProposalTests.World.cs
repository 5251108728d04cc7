using System.Net;
using System.Text;
using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>Drafts with text files, and what is asked about them.</summary>
public sealed partial class ProposalTests
{
    private static IEnumerable<(string Path, byte[] Bytes)> RealFolder()
    {
        var root = Path.Combine(Repository.RealData!, "images/bioimageit/tests");
        foreach (var file in Directory.GetFiles(Path.Combine(root, "test_metadata_local"), "*.json", SearchOption.AllDirectories))
            yield return (Path.GetRelativePath(root, file), File.ReadAllBytes(file));
        // The program's own tests keep the images in another folder; a depositor has them where the files say.
        foreach (var number in new[] { "001", "002", "003" })
            yield return ($"test_metadata_local/data/population1_{number}.tif", File.ReadAllBytes(Path.Combine(root, $"test_images/data/population1_{number}.tif")));
    }

    private static IEnumerable<(string Path, byte[] Bytes)> MadeFolder()
    {
        var files = new List<(string Path, string Text)>
        {
            ("e/experiment.md.json", """{"information":{"name":"myexperiment","author":"Ada","date":"2026-01-01"},"raw_dataset":{"url":"raw/d.md.json"},"processed_datasets":[{"url":"p/d.md.json"}],"keys":["Population"]}"""),
            ("e/raw/d.md.json", """{"name":"raw","urls":[{"url":"001.md.json"},{"url":"002.md.json"},{"url":"003.md.json"}]}"""),
            ("e/p/d.md.json", """{"name":"denoised","urls":[{"url":"o.md.json"}]}"""),
            ("e/p/o.md.json", """{"common":{"name":"o","url":"o.tif"},"origin":{"type":"processed","run":{"url":"run.md.json"},"inputs":[{"name":"i","url":"../raw/001.md.json","type":"raw"}],"output":{"name":"o","label":"Denoised image"}}}"""),
            ("e/p/run.md.json", """{"process":{"name":"SPARTION 2D"},"parameters":[{"name":"sigma","value":"3"}]}"""),
            ("e/p/o.tif", "denoised"),
        };
        foreach (var number in new[] { "001", "002", "003" })
        {
            files.Add(($"e/raw/{number}.md.json", $$$"""{"common":{"name":"{{{number}}}","url":"{{{number}}}.tif"},"origin":{"type":"raw"},"key_value_pairs":{"Population":"population1","number":"{{{number}}}"}}"""));
            files.Add(($"e/raw/{number}.tif", "pixels of " + number));
        }
        return files.Select(f => (f.Path, Encoding.UTF8.GetBytes(f.Text)));
    }

    private async Task<(ArchiveClient Client, string Draft)> DraftAsync()
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        await client.PutPageTabAsync(draft, Mine, Ct);
        await PutTextAsync(client, draft, "m_log.txt", Log);
        await PutTextAsync(client, draft, "m_Acq.txt", Acquisition);
        return (client, draft);
    }

    private Task PutTextAsync(ArchiveClient client, string draft, string path, string text) => PutAsync(client, draft, path, Encoding.UTF8.GetBytes(text));

    private async Task PutAsync(ArchiveClient client, string draft, string path, byte[] bytes)
    {
        using var content = Bytes(bytes);
        await client.PutFileAsync(draft, path, content, Ct);
    }

    private async Task<List<JsonElement>> ListAsync(ArchiveClient client, string draft, string query = "state=proposed") =>
        [.. (await client.GetJsonAsync($"/api/drafts/{draft}/proposals?size=1000&{query}", Ct)).GetProperty("items").EnumerateArray()];

    private async Task<HttpResponseMessage> SendDecisionsAsync(ArchiveClient client, string draft, IEnumerable<string> accept, IEnumerable<string> drop) =>
        await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/proposals/acceptance", Json(new { accept, drop }), Ct);

    private async Task<JsonElement> DecideAsync(ArchiveClient client, string draft, IEnumerable<JsonElement> accept, IEnumerable<JsonElement> drop)
    {
        using var answer = await SendDecisionsAsync(client, draft, accept.Select(Id), drop.Select(Id));
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static string Id(JsonElement proposal) => proposal.GetProperty("id").GetString()!;

    private static string[] Attributes(JsonElement section) => [.. section.GetProperty("attributes").EnumerateArray().Select(a =>
        $"{a.GetProperty("name").GetString()}={a.GetProperty("value").GetString()}{(a.TryGetProperty("valqual", out var q) ? $" [{Qualifier(q, "Source file")}:{Qualifier(q, "Source line")}]" : "")}")];

    private static string? Qualifier(JsonElement qualifiers, string name) =>
        qualifiers.EnumerateArray().Single(q => q.GetProperty("name").GetString() == name).GetProperty("value").GetString();
}
