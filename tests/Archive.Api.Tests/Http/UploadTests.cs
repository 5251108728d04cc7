using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Archive.Api.Tests.Support;
using Archive.TestKit.Files;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What is refused while uploading, each with its row of the catalogue, and that nothing is lost by it.</summary>
[TestClass]
public sealed partial class UploadTests : HttpTest
{
    private static readonly byte[] Content = RandomStream.Bytes(1, 50_000);

    [TestMethod]
    public async Task Put_WhenDigestsAreDeclaredRight_IsStoredAndAnsweredWithThem()
    {
        var (client, draft) = await DraftAsync();
        using var body = Bytes(Content);
        body.Headers.ContentMD5 = MD5.HashData(Content);
        body.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Content))}:");

        var file = await client.PutFileAsync(draft, "images/a b+c%.tif", body, Ct);

        Assert.AreEqual("images/a b+c%.tif", file.GetProperty("path").GetString());
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(Content)), file.GetProperty("sha256").GetString());
        using var head = await client.SendAsync(HttpMethod.Head, $"/api/drafts/{draft}/files/images/a%20b%2Bc%25.tif", null, Ct);
        Assert.AreEqual(Content.Length, head.Content.Headers.ContentLength);
    }

    [TestMethod]
    [DataRow("sha-256")]
    [DataRow("md5")]
    public async Task Put_WhenDeclaredDigestDiffers_IsRefusedAndTheOldFileStays(string digest)
    {
        var (client, draft) = await DraftAsync();
        using (var first = Bytes(Content)) await client.PutFileAsync(draft, "a.tif", first, Ct);
        byte[] other = [1, 2, 3];
        using var body = Bytes(other);
        if (digest == "md5") body.Headers.ContentMD5 = MD5.HashData(Content);
        else body.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Content))}:");

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/a.tif", body, Ct);

        await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "digest-mismatch");
        await ExpectStoredAsync(client, draft, "a.tif", Content.Length);
    }

    [TestMethod]
    public async Task Put_WhenTheConnectionEndsEarly_LeavesTheOldFile()
    {
        var (client, draft) = await DraftAsync();
        using (var first = Bytes(Content)) await client.PutFileAsync(draft, "a.tif", first, Ct);
        var token = await TokenAsync(client);

        var (status, answer) = await RawHttp.SendAsync(Archive.Port,
            $"PUT /api/drafts/{draft}/files/a.tif HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 100\r\nConnection: close\r\n\r\nonly this", Ct, endSending: true);

        Assert.IsTrue(status is 0 or 400, answer);
        await ExpectStoredAsync(client, draft, "a.tif", Content.Length);
    }

    [TestMethod]
    [DataRow("images/../a.tif", 400)]
    [DataRow("images/%2e%2e/a.tif", 400)]
    [DataRow("images%2Fa.tif", 400)]
    [DataRow("images%5Ca.tif", 400)]
    [DataRow("a%00b.tif", 400)]
    [DataRow("a%0Ab.tif", 400)]
    [DataRow("a%.tif", 400)]
    [DataRow("a%FF.tif", 400)]
    [DataRow("/etc/passwd", 400)]
    [DataRow("images/", 400)]
    [DataRow("images//a.tif", 400)]
    [DataRow("./a.tif", 400)]
    [DataRow("%20", 400)]
    [DataRow("images/%20%20/a.tif", 400)]
    [DataRow("images/%E2%80%83", 400)]
    public async Task Put_WhenThePathIsHostile_IsRefused(string path, int expected)
    {
        var (client, draft) = await DraftAsync();
        var token = await TokenAsync(client);

        var (status, answer) = await RawHttp.SendAsync(Archive.Port,
            $"PUT /api/drafts/{draft}/files/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", Ct);

        Assert.AreEqual(expected, status, answer);
        Assert.IsEmpty(await client.ListAsync($"/api/drafts/{draft}/files", Ct));
    }

    [TestMethod]
    [DataRow(5000)]
    [DataRow(851)]
    public async Task Put_WhenThePathIsTooLong_IsRefused(int length)
    {
        var (client, draft) = await DraftAsync();
        var path = string.Join('/', Enumerable.Repeat(new string('a', 49), (length / 50) + 1))[..(length - 1)] + "a";
        using var body = Bytes(Content);

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/{path}", body, Ct);

        var problem = await ExpectAsync(answer, HttpStatusCode.BadRequest, "path-refused");
        Assert.Contains("850", problem.GetProperty("detail").GetString()!);
    }

    [TestMethod]
    public async Task Put_WhenTwoUploadsToOnePathRunAtOnce_OneIsRefusedAndTheOtherIsWhole()
    {
        var (client, draft) = await DraftAsync();
        var head = $"PUT /api/drafts/{draft}/files/a.tif HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {await TokenAsync(client)}\r\n" +
            "Content-Length: 100\r\nConnection: close\r\n\r\n";
        using var one = await RawHttp.OpenAsync(Archive.Port, Ct);
        using var two = await RawHttp.OpenAsync(Archive.Port, Ct);
        var answers = new[] { one.ReadAsync(Ct), two.ReadAsync(Ct) };

        // Both stop in the middle, so that neither can end before the other has begun.
        await one.WriteAsync(head + new string('1', 50), Ct);
        await two.WriteAsync(head + new string('2', 50), Ct);
        var refused = await Task.WhenAny(answers);
        var winner = refused == answers[0] ? two : one;
        await winner.WriteAsync(new string(winner == one ? '1' : '2', 50), Ct);
        var (lost, won) = (await refused, await answers[winner == one ? 0 : 1]);

        Assert.AreEqual(409, lost.Status, lost.Answer);
        Assert.Contains("upload-in-progress", lost.Answer);
        Assert.AreEqual(201, won.Status, won.Answer);
        await ExpectStoredAsync(client, draft, "a.tif", 100);
    }

    [TestMethod]
    public async Task Write_WhenTheDraftIsSealed_IsRefused()
    {
        var client = await DepositorAsync();
        // Many files, so that the submission still runs when the writes come; the seal holds from the submit request on.
        var depositing = new Depositing(client, SampleDeposit.Generate(11, 150, 10));
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        await depositing.SubmitAsync(Ct);

        using var file = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{depositing.Draft}/files/late.tif", Bytes(Content), Ct);
        var isStillThere = (await client.GetSubmissionAsync(depositing.Submission!, Ct)).GetProperty("state").GetString() is not "Released";

        // Published before the write came: then the draft is gone, and the write finds none.
        if (isStillThere) await ExpectAsync(file, HttpStatusCode.Conflict, "draft-sealed");
        else Assert.IsTrue(file.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound);
        var ended = await client.WaitForEndAsync(depositing.Submission!, TimeSpan.FromMinutes(1), Ct);
        Assert.AreEqual("Released", ended.GetProperty("state").GetString());
        Assert.IsFalse((await client.ListFilesAsync(depositing.Accession!, Ct)).ContainsKey("late.tif"));
    }

    [TestMethod]
    public async Task Delete_WhenStaged_RemovesTheFile()
    {
        var (client, draft) = await DraftAsync();
        using (var body = Bytes(Content)) await client.PutFileAsync(draft, "a.tif", body, Ct);

        using var removed = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/files/a.tif", null, Ct);
        using var again = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/files/a.tif", null, Ct);

        Assert.AreEqual(HttpStatusCode.NoContent, removed.StatusCode);
        await ExpectAsync(again, HttpStatusCode.NotFound, "not-found");
        Assert.IsEmpty(await client.ListAsync($"/api/drafts/{draft}/files", Ct));
    }

    [TestMethod]
    public async Task Put_WhenDigestFieldIsMalformed_IsRefused()
    {
        var (client, draft) = await DraftAsync();
        using var body = Bytes(Content);
        body.Headers.Add("Repr-Digest", "sha-256=abc");
        body.Headers.TryAddWithoutValidation("Content-MD5", "not base64!");

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/a.tif", body, Ct);

        // Both faults are told at once.
        Assert.HasCount(2, Findings(await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid-input")));
    }

    [TestMethod]
    [DataRow("a.tif ")]
    [DataRow("plate 1 /a.")]
    [DataRow("...")]
    public async Task Put_WhenTheNameEndsInASpaceOrADot_IsKeptAsSent(string path)
    {
        var (client, draft) = await DraftAsync();

        using (var body = Bytes(Content)) await client.PutFileAsync(draft, path, body, Ct);

        await ExpectStoredAsync(client, draft, path, Content.Length);
    }

    [TestMethod]
    public async Task Put_WhenTheNameIsStagedInAnotherUnicodeForm_IsRefusedAndNamesIt()
    {
        var (client, draft) = await DraftAsync();
        var (composed, decomposed) = ("\u00e4.tif", "a\u0308.tif");
        using (var first = Bytes(Content)) await client.PutFileAsync(draft, decomposed, first, Ct);

        using var answer = await PutAsync(client, draft, composed, [1]);

        var refusal = await ExpectAsync(answer, HttpStatusCode.Conflict, "path-taken");
        Assert.AreEqual(decomposed, refusal.GetProperty("path").GetString());
        await ExpectStoredAsync(client, draft, decomposed, Content.Length);
        using var again = await PutAsync(client, draft, decomposed, [1]);
        Assert.AreEqual(HttpStatusCode.OK, again.StatusCode);
        await ExpectStoredAsync(client, draft, decomposed, 1);
    }

    private async Task<HttpResponseMessage> PutAsync(
        ArchiveClient client, string draft, string path, byte[] content, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/drafts/{draft}/files/{ArchiveClient.EscapePath(path)}") { Content = Bytes(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client));
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await Http.SendAsync(request, Ct);
    }

    private async Task<(ArchiveClient Client, string Draft)> DraftAsync()
    {
        var client = await DepositorAsync();
        return (client, await client.BeginDraftAsync(Ct));
    }

    private async Task ExpectStoredAsync(ArchiveClient client, string draft, string path, long lengthBytes)
    {
        var files = await client.ListAsync($"/api/drafts/{draft}/files", Ct);
        Assert.HasCount(1, files);
        Assert.AreEqual(path, files[0].GetProperty("path").GetString());
        Assert.AreEqual(lengthBytes, files[0].GetProperty("lengthBytes").GetInt64());
    }
}
