using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>File lists proposed from the names of staged files, over HTTP.</summary>
[TestClass]
public sealed class FileListProposalTests : HttpTest
{
    private static readonly object Wish = new { pattern = "pos{position}/{prefix}_{t:int}_{channel}_{z:int}.png", name = "list.tsv" };

    private static readonly string[] Names = ["pos001/m_000001_GFP_001.png", "pos001/m_000001_GFP_002.png", "pos001/m_000002_GFP_001.png", "notes.txt"];

    [TestMethod]
    public async Task Propose_WhenAPlaneIsMissing_SaysWhichAndShowsTheFirstRows()
    {
        var (client, draft) = await DraftAsync();

        using var answer = await client.SendAsync(HttpMethod.Post, Address(draft) + "?size=1", JsonContent.Create(Wish), Ct);

        var body = await BodyAsync(answer);
        Assert.AreEqual("position,prefix,t,channel,z", string.Join(',', body.GetProperty("columns").EnumerateArray().Select(c => c.GetString())));
        Assert.AreEqual((4, 3), (body.GetProperty("files").GetInt32(), body.GetProperty("matched").GetInt32()));
        Assert.AreEqual(1, body.GetProperty("rows").GetArrayLength());
        Assert.AreEqual(Names[0], body.GetProperty("rows")[0].GetProperty("path").GetString());
        Assert.AreEqual("notes.txt", body.GetProperty("unmatched")[0].GetString());
        Assert.AreEqual("""["001","2","GFP","2"]""", body.GetProperty("hypercube").GetProperty("missing")[0].GetRawText());
        Assert.AreEqual(4, body.GetProperty("hypercube").GetProperty("planes").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, body.GetProperty("stored").ValueKind);
    }

    [TestMethod]
    public async Task Propose_WhenAskedForTheList_StreamsItAsTsvAndStoresWhatItStreams()
    {
        var (client, draft) = await DraftAsync();

        using var tsv = await client.SendAsync(HttpMethod.Post, Address(draft) + "?format=tsv", JsonContent.Create(Wish), Ct);
        using var stored = await client.SendAsync(HttpMethod.Post, Address(draft) + "?store=true", JsonContent.Create(Wish), Ct);
        using var again = await client.SendAsync(HttpMethod.Post, Address(draft) + "?store=true", JsonContent.Create(Wish), Ct);
        using var replaced = await client.SendAsync(HttpMethod.Post, Address(draft) + "?store=true&replace=true", JsonContent.Create(Wish), Ct);

        var text = await tsv.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual("text/tab-separated-values", tsv.Content.Headers.ContentType!.MediaType);
        Assert.AreEqual("attachment", tsv.Content.Headers.ContentDisposition!.DispositionType);
        Assert.AreEqual("Files\tposition\tprefix\tt\tchannel\tz\npos001/m_000001_GFP_001.png\t001\tm\t1\tGFP\t1\n", text[..(text.IndexOf('\n', text.IndexOf('\n', StringComparison.Ordinal) + 1) + 1)]);
        var file = (await BodyAsync(stored)).GetProperty("stored");
        Assert.AreEqual("list.tsv", file.GetProperty("path").GetString());
        Assert.AreEqual(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text))), file.GetProperty("sha256").GetString());
        await ExpectAsync(again, HttpStatusCode.Conflict, "file-staged");
        Assert.AreEqual(HttpStatusCode.OK, replaced.StatusCode);
    }

    [TestMethod]
    public async Task Propose_WhenTheWishIsWrong_SaysEverythingThatIs()
    {
        var (client, draft) = await DraftAsync();

        using var wrong = await client.SendAsync(HttpMethod.Post, Address(draft) + "?format=tsv", JsonContent.Create(new { pattern = "{a}{b}", name = "../x" }), Ct);
        using var unknown = await client.SendAsync(HttpMethod.Post, Address(draft), JsonContent.Create(new { patern = "{a}" }), Ct);
        using var format = await client.SendAsync(HttpMethod.Post, Address(draft) + "?format=xml", JsonContent.Create(Wish), Ct);
        using var unmatched = await client.SendAsync(HttpMethod.Post, Address(draft) + "?store=true", JsonContent.Create(new { pattern = "nothing{a}" }), Ct);

        var codes = (await ExpectAsync(wrong, HttpStatusCode.UnprocessableEntity, "invalid-input")).GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString());
        CollectionAssert.AreEquivalent(new[] { "path-invalid", "pattern-invalid" }, codes.ToArray());
        Assert.IsNull(wrong.Content.Headers.ContentDisposition);
        await ExpectAsync(unknown, HttpStatusCode.BadRequest, "bad-request");
        await ExpectAsync(format, HttpStatusCode.BadRequest, "bad-request");
        await ExpectAsync(unmatched, HttpStatusCode.UnprocessableEntity, "invalid-input");
    }

    [TestMethod]
    public async Task Propose_WhenTheDraftIsAnothers_IsTheSame404AsForNone()
    {
        var (_, draft) = await DraftAsync();
        var stranger = await DepositorAsync();

        using var hidden = await stranger.SendAsync(HttpMethod.Post, Address(draft), JsonContent.Create(Wish), Ct);
        using var absent = await stranger.SendAsync(HttpMethod.Post, Address(Guid.NewGuid().ToString("N")), JsonContent.Create(Wish), Ct);
        using var signedOut = await Http.PostAsJsonAsync(Address(draft), Wish, Ct);

        await ExpectAsync(hidden, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
        Assert.AreEqual(HttpStatusCode.Unauthorized, signedOut.StatusCode);
    }

    private static string Address(string draft) => $"/api/drafts/{draft}/file-list-proposal";

    private async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private async Task<(ArchiveClient Client, string Draft)> DraftAsync()
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        foreach (var name in Names)
        {
            using var content = new StringContent("x");
            await client.PutFileAsync(draft, name, content, Ct);
        }
        return (client, draft);
    }
}
