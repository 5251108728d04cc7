using System.Net;
using System.Net.Http.Headers;
using Archive.Api.Tests.Support;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Requests that no sound client sends are the caller's fault, and are told in words that a caller knows.</summary>
[TestClass]
public sealed class OddRequestTests : HttpTest
{
    [TestMethod]
    [DataRow("%00")]
    [DataRow("p.AAAA")]
    [DataRow("=")]
    [DataRow("%C3%A9")]
    public async Task List_WhenTheCursorIsNoBase64_IsRefused(string cursor)
    {
        using var answer = await Http.GetAsync("/api/datasets?cursor=" + cursor, Ct);

        await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
    }

    [TestMethod]
    public async Task Body_WhenItsCharsetIsUnknown_IsAnUnsupportedType()
    {
        using var body = JsonText("{}");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=klingon");

        using var answer = await Http.PostAsync("/api/sessions", body, Ct);

        var refusal = await ExpectAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        Assert.Contains("UTF-8", refusal.GetProperty("detail").GetString()!);
    }

    [TestMethod]
    [DataRow("GET", "/api/search?size=abc", "The parameter size does not take 'abc': give a whole number.")]
    [DataRow("GET", "/api/search?size=99999999999999999999", "The parameter size does not take '99999999999999999999': give a whole number.")]
    [DataRow("GET", "/api/files?at=%3Cb%3E", "The parameter at does not take '<b>': give a whole number.")]
    [DataRow("POST", "/api/sessions", "The body is missing: send a JSON object.")]
    public async Task Request_WhenItCannotBeBound_IsRefusedInWordsOfTheApi(string method, string address, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method == "POST") request.Content = JsonText("null");

        using var answer = await Http.SendAsync(request, Ct);

        var refusal = await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        Assert.AreEqual(detail, refusal.GetProperty("detail").GetString());
    }

    // As the description of the API says; the server refuses them before the archive sees them.
    [TestMethod]
    [DataRow(9_000, 0, 414)]
    [DataRow(0, 40_000, 431)]
    [DataRow(7_000, 20_000, 404)]
    public async Task Request_WhenItsAddressOrItsFieldsAreTooLong_IsRefusedWithoutABody(int addressChars, int fieldBytes, int expected)
    {
        var request = $"GET /{new string('a', addressChars)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
            string.Concat(Enumerable.Range(0, fieldBytes / 1000).Select(i => $"X-{i:d3}: {new string('b', 1000)}\r\n")) + "\r\n";

        var (status, answer) = await RawHttp.SendAsync(Archive.Port, request, Ct);

        Assert.AreEqual(expected, status, answer);
        if (expected != 404) Assert.EndsWith("\r\n\r\n", answer);
    }

    [TestMethod]
    public async Task Upload_WhenThePathIsEmpty_SaysSo()
    {
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);

        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/", Bytes([1]), Ct);

        var refusal = await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        Assert.AreEqual("The parameter path is missing.", refusal.GetProperty("detail").GetString());
    }

    // Taken for a new dataset, a misspelt wish to revise one would end in a second accession.
    [TestMethod]
    public async Task Draft_WhenItsMemberIsUnknown_IsRefusedAndNotTakenForANewDataset()
    {
        var client = await DepositorAsync();

        using var answer = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revise = "S-BIAR1" }), Ct);

        var refusal = await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        Assert.Contains("revise", refusal.GetProperty("findings")[0].GetProperty("place").GetString()!);
    }

    [TestMethod]
    [DataRow("TRACE")]
    [DataRow("PUT")]
    [DataRow("DELETE")]
    [DataRow("POST")]
    [DataRow("PROPFIND")]
    public async Task Page_WhenTheMethodIsNoReading_SaysWhichAre(string method)
    {
        var (status, answer) = await RawHttp.SendAsync(Archive.Port, RawHttp.Request(method, "/search"), Ct);

        Assert.AreEqual(405, status, answer);
        Assert.Contains("Allow: GET, HEAD", answer);
    }

    [TestMethod]
    public async Task Refusal_WhenReadInATerminal_ShowsItsWordsAsTheyAre()
    {
        var (_, answer) = await RawHttp.SendAsync(Archive.Port, RawHttp.Request("GET", "/files/%2e%2e/x"), Ct);

        Assert.Contains("The path has a part '.' or '..'.", answer);
        Assert.Contains("X-Content-Type-Options: nosniff", answer);
    }
}
