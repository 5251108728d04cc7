using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>Page tabs that cannot be taken, each refused with its own row, while what stood before still stands.</summary>
[TestClass]
public sealed partial class PageTabTests : HttpTest
{
    private const string Sound = """{"attributes":[{"name":"ReleaseDate","value":"2024-01-01"}],"section":{"type":"Study","attributes":[{"name":"Title","value":"What stood there before"}]}}""";

    [TestMethod]
    [DataRow("this is no JSON", HttpStatusCode.BadRequest, "page-tab-not-json")]
    [DataRow("""{"section": {"type": "Study",""", HttpStatusCode.BadRequest, "page-tab-not-json")]
    [DataRow("[1, 2]", HttpStatusCode.BadRequest, "page-tab-not-json")]
    [DataRow("", HttpStatusCode.BadRequest, "page-tab-not-json")]
    public async Task Put_WhenNotAPageTab_IsRefusedWithItsPlace(string text, HttpStatusCode status, string code)
    {
        var (client, draft) = await DraftWithPageTabAsync();

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", JsonText(text), Ct);

        Assert.IsNotEmpty(Findings(await ExpectAsync(answer, status, code)));
        await ExpectUnchangedAsync(client, draft);
    }

    [TestMethod]
    public async Task Put_WhenNestedTenThousandDeep_IsRefused()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        var text = string.Concat(Enumerable.Repeat("""{"section":""", 10_000)) + "1" + new string('}', 10_000);

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", JsonText(text), Ct);

        await ExpectAsync(answer, HttpStatusCode.BadRequest, "page-tab-too-deep");
        await ExpectUnchangedAsync(client, draft);
    }

    [TestMethod]
    public async Task Put_WhenTwoHundredMegabytes_IsRefusedWithoutReadingThemAll()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        var token = await TokenAsync(client);

        // The length is declared and the body begun; the archive answers without waiting for the rest.
        var (status, text) = await RawHttp.SendAsync(Archive.Port,
            $"PUT /api/drafts/{draft}/metadata HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n" +
            $"Content-Length: 200000000\r\nConnection: close\r\n\r\n{{\"a\":\"{new string('x', 3_000_000)}", Ct);

        Assert.AreEqual(413, status, text);
        Assert.Contains("page-tab-too-large", text);
        await ExpectUnchangedAsync(client, draft);
    }

    // A client that sends all of a body before it looks for an answer would wait for ever if the archive stopped reading and kept the
    // connection; one that never stops sending must be told all the same.
    [TestMethod]
    [DataRow("Content-Length: 200000000", false)]
    [DataRow("Transfer-Encoding: chunked", true)]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Put_WhenTheClientIsStillSendingTwoHundredMegabytes_IsRefusedAtOnce(string length, bool isChunked)
    {
        var (client, draft) = await DraftWithPageTabAsync();
        var token = await TokenAsync(client);
        using var connection = await RawHttp.OpenAsync(Archive.Port, Ct);
        await connection.WriteAsync(
            $"PUT /api/drafts/{draft}/metadata HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n", Ct);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var sent = 0L;
        var sending = SendAsync();

        var (status, text) = await connection.ReadHeadAsync(Ct);
        var sentWhenAnswered = Interlocked.Read(ref sent);
        await answered.CancelAsync();
        await sending;

        Assert.AreEqual(413, status, text);
        Assert.Contains("page-tab-too-large", text);
        Assert.IsLessThan(100_000_000, sentWhenAnswered, "the answer came before the body was sent");
        await ExpectUnchangedAsync(client, draft);

        async Task SendAsync()
        {
            var part = isChunked ? $"{1 << 16:x}\r\n{new string('x', 1 << 16)}\r\n" : new string('x', 1 << 16);
            try
            {
                for (; sent < 200_000_000; Interlocked.Add(ref sent, 1 << 16)) await connection.WriteAsync(part, answered.Token);
            }
            catch (OperationCanceledException) when (answered.IsCancellationRequested)
            {
                // Answered.
            }
        }
    }

    [TestMethod]
    public async Task Get_WhenThePageTabIsLong_GivesTheTextAsSent()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        var sent = Sound[..^1] + ",\"more\":[\"" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i:d8} ")) + "\"]}";
        await client.PutPageTabAsync(draft, sent, Ct);

        using var answer = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/metadata", null, Ct);
        using var head = await client.SendAsync(HttpMethod.Head, $"/api/drafts/{draft}/metadata", null, Ct);

        Assert.AreEqual(sent, await answer.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual(sent.Length, answer.Content.Headers.ContentLength);
        Assert.AreEqual("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual(answer.Headers.ETag, head.Headers.ETag);
        Assert.AreEqual(sent.Length, head.Content.Headers.ContentLength);
    }

    // A mark is for files: RFC 8259, section 8.1, has none in JSON that is sent, and readers may stumble over it.
    [TestMethod]
    public async Task Get_WhenThePageTabWasSentWithAByteOrderMark_GivesTheTextWithoutIt()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        await client.PutPageTabAsync(draft, "\uFEFF" + Sound, Ct);

        using var answer = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/metadata", null, Ct);

        CollectionAssert.AreEqual(Encoding.UTF8.GetBytes(Sound), await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Put_WhenAnotherIsStillOnItsWay_IsRefusedAndChecksAreNot()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        var sent = Sound[..^1] + ",\"more\":\"" + new string('x', 1_200_000) + "\"}";
        await client.PutPageTabAsync(draft, sent, Ct);
        var token = await TokenAsync(client);
        RawHttp? held = null;
        try
        {
            // Either of the two may come first; when the whole one does, the other is refused, and both are sent again.
            await Poll.Until(async () =>
            {
                held?.Dispose();
                held = await RawHttp.OpenAsync(Archive.Port, Ct);
                await held.WriteAsync(
                    $"PUT /api/drafts/{draft}/metadata HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n" +
                    $"Content-Length: 1500000\r\n\r\n{{\"a\":\"{new string('x', 300_000)}", Ct);
                using var second = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", JsonText(sent), Ct);
                return second.StatusCode == HttpStatusCode.ServiceUnavailable;
            }, "the body that does not end holds the account's place", Ct, TimeSpan.FromSeconds(60));

            using var validation = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/validation", null, Ct);

            Assert.AreEqual(HttpStatusCode.OK, validation.StatusCode, await validation.Content.ReadAsStringAsync(Ct));
        }
        finally
        {
            held?.Dispose();
        }
    }

    [TestMethod]
    public async Task Put_WhenLongAndChunked_IsRefusedAtTheLimit()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        using var content = JsonText("{\"a\":\"" + new string('x', 2_500_000) + "\"}");
        using var stream = new StreamContent(await content.ReadAsStreamAsync(Ct));
        stream.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", stream, Ct);

        await ExpectAsync(answer, HttpStatusCode.RequestEntityTooLarge, "page-tab-too-large");
        await ExpectUnchangedAsync(client, draft);
    }

    [TestMethod]
    public async Task Put_WhenAnotherMediaType_IsRefused()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        using var text = new StringContent(Sound, Encoding.UTF8, "text/plain");

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", text, Ct);

        await ExpectAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [TestMethod]
    public async Task Put_WhenIfMatchNamesAnOlderRevision_IsRefused()
    {
        var (client, draft) = await DraftWithPageTabAsync();
        using var read = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/metadata", null, Ct);
        var etag = read.Headers.ETag!;
        await client.PutPageTabAsync(draft, Sound, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/drafts/{draft}/metadata") { Content = JsonText(Sound) };
        request.Headers.IfMatch.Add(etag);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client));

        using var answer = await Http.SendAsync(request, Ct);

        await ExpectAsync(answer, HttpStatusCode.PreconditionFailed, "precondition-failed");
    }

    private async Task<(ArchiveClient Client, string Draft)> DraftWithPageTabAsync()
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        await client.PutPageTabAsync(draft, Sound, Ct);
        return (client, draft);
    }

    private async Task ExpectUnchangedAsync(ArchiveClient client, string draft)
    {
        var pageTab = await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct);
        Assert.Contains("What stood there before", pageTab.GetRawText());
    }
}
