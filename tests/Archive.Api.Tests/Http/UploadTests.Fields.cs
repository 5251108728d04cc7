using System.Net;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What the fields of an upload ask for, and what they say of its body.</summary>
public sealed partial class UploadTests
{
    [TestMethod]
    public async Task Put_WhenIfNoneMatchIsAStar_NeverReplaces()
    {
        var (client, draft) = await DraftAsync();

        using var first = await PutAsync(client, draft, "a.tif", Content, ifNoneMatch: "*");
        using var second = await PutAsync(client, draft, "a.tif", [1], ifNoneMatch: "*");

        Assert.AreEqual(HttpStatusCode.Created, first.StatusCode);
        await ExpectAsync(second, HttpStatusCode.PreconditionFailed, "precondition-failed");
        await ExpectStoredAsync(client, draft, "a.tif", Content.Length);
    }

    [TestMethod]
    public async Task Put_WhenIfMatchNamesAFile_ReplacesThatOneOnly()
    {
        var (client, draft) = await DraftAsync();
        using var absent = await PutAsync(client, draft, "a.tif", Content, ifMatch: "*");
        using var first = await PutAsync(client, draft, "a.tif", Content);
        using var other = await PutAsync(client, draft, "a.tif", [1], ifMatch: $"\"{new string('0', 64)}\"");
        using var same = await PutAsync(client, draft, "a.tif", [1, 2], ifMatch: first.Headers.ETag!.Tag);

        await ExpectAsync(absent, HttpStatusCode.PreconditionFailed, "precondition-failed");
        await ExpectAsync(other, HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.AreEqual(HttpStatusCode.OK, same.StatusCode);
        await ExpectStoredAsync(client, draft, "a.tif", 2);
    }

    [TestMethod]
    [DataRow("Transfer-Encoding: gzip, chunked\r\n", 415, "unsupported-media-type")]
    [DataRow("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 415, "unsupported-media-type")]
    [DataRow("", 400, "bad-request")]
    public async Task Put_WhenTheBodyIsCodedOrHasNoLength_IsRefused(string fields, int expected, string code)
    {
        var (client, draft) = await DraftAsync();

        var (status, answer) = await RawHttp.SendAsync(Archive.Port,
            $"PUT /api/drafts/{draft}/files/a.tif HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {await TokenAsync(client)}\r\n{fields}Connection: close\r\n\r\n" +
            (fields.Length == 0 ? "" : "3\r\nabc\r\n0\r\n\r\n"), Ct);

        Assert.AreEqual(expected, status, answer);
        Assert.Contains(code, answer);
        Assert.IsEmpty(await client.ListAsync($"/api/drafts/{draft}/files", Ct));
    }

    [TestMethod]
    public async Task Put_WhenTheBodyIsChunked_IsStored()
    {
        var (client, draft) = await DraftAsync();

        var (status, answer) = await RawHttp.SendAsync(Archive.Port,
            $"PUT /api/drafts/{draft}/files/a.tif HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {await TokenAsync(client)}\r\n" +
            "Transfer-Encoding: Chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", Ct);

        Assert.AreEqual(201, status, answer);
        await ExpectStoredAsync(client, draft, "a.tif", 3);
    }

    [TestMethod]
    [DataRow("Content-Range", "bytes 500-999/1000", 400, "bad-request")]
    [DataRow("Content-Encoding", "gzip", 415, "unsupported-media-type")]
    public async Task Put_WhenTheBodyIsNotTheFileItself_IsRefusedAndTheOldFileStays(string field, string value, int status, string code)
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        var stored = await client.PutFileAsync(draft, "a.tif", Bytes(new byte[1000]), Ct);
        using var part = Bytes(new byte[500]);
        Assert.IsTrue(part.Headers.TryAddWithoutValidation(field, value));

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/a.tif", part, Ct);

        await ExpectAsync(answer, (HttpStatusCode)status, code);
        var files = await client.ListAsync($"/api/drafts/{draft}/files", Ct);
        Assert.AreEqual(stored.GetProperty("sha256").GetString(), files.Single().GetProperty("sha256").GetString());
    }
}
