using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Archive.Api.Tests.Support;
using Archive.TestKit.Files;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Reading bytes: whole, in ranges, conditionally (RFC 9110), and that depositors' markup comes back harmless.</summary>
[TestClass]
public sealed class DownloadTests : HttpTest
{
    private static readonly byte[] Content = RandomStream.Bytes(77, 10_000);

    [TestMethod]
    public async Task Get_WhenWhole_CarriesLengthETagAndDigest()
    {
        var address = await PublishedAsync("a.tif", Content);

        using var answer = await Http.GetAsync(address, Ct);

        CollectionAssert.AreEqual(Content, await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.AreEqual($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))}\"", answer.Headers.ETag!.Tag);
        Assert.AreEqual("bytes", answer.Headers.AcceptRanges.Single());
        Assert.AreEqual("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.AreEqual("image/tiff", answer.Content.Headers.ContentType!.ToString());
    }

    [TestMethod]
    public async Task Head_WhenAsked_GivesTheSameFieldsWithoutBytes()
    {
        var address = await PublishedAsync("a.tif", Content);
        using var request = new HttpRequestMessage(HttpMethod.Head, address);

        using var answer = await Http.SendAsync(request, Ct);

        Assert.AreEqual(Content.Length, answer.Content.Headers.ContentLength);
        Assert.IsNotNull(answer.Headers.ETag);
        Assert.IsEmpty(await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [TestMethod]
    [DataRow("bytes=0-0", 0, 1)]
    [DataRow("bytes=100-199", 100, 100)]
    [DataRow("bytes=9990-", 9990, 10)]
    [DataRow("bytes=-10", 9990, 10)]
    [DataRow("bytes=-20000", 0, 10_000)]
    [DataRow("bytes=5000-99999", 5000, 5000)]
    public async Task Get_WhenOneRange_GivesThoseBytes(string range, int first, int length)
    {
        var address = await PublishedAsync("a.tif", Content);

        using var answer = await GetAsync(address, r => r.TryAddWithoutValidation("Range", range));

        Assert.AreEqual(HttpStatusCode.PartialContent, answer.StatusCode);
        CollectionAssert.AreEqual(Content[first..(first + length)], await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.AreEqual($"bytes {first}-{first + length - 1}/10000", answer.Content.Headers.ContentRange!.ToString());
    }

    [TestMethod]
    public async Task Get_WhenSeveralRanges_GivesEachAsAPart()
    {
        var address = await PublishedAsync("a.tif", Content);

        using var answer = await GetAsync(address, r => r.TryAddWithoutValidation("Range", "bytes=0-9,5000-5099,-5"));

        Assert.AreEqual(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.AreEqual("multipart/byteranges", answer.Content.Headers.ContentType!.MediaType);
        var boundary = answer.Content.Headers.ContentType.Parameters.Single(p => p.Name == "boundary").Value;
        var body = await answer.Content.ReadAsByteArrayAsync(Ct);
        Assert.AreEqual(answer.Content.Headers.ContentLength, body.Length);
        var parts = Encoding.Latin1.GetString(body).Split("--" + boundary);
        Assert.HasCount(5, parts);
        Assert.AreEqual("--\r\n", parts[4]);
        (int First, int Length)[] expected = [(0, 10), (5000, 100), (9995, 5)];
        foreach (var ((first, length), part) in expected.Zip(parts.Skip(1)))
        {
            var (head, bytes) = (part[..part.IndexOf("\r\n\r\n", StringComparison.Ordinal)], part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..^2]);
            Assert.Contains($"Content-Range: bytes {first}-{first + length - 1}/10000", head);
            CollectionAssert.AreEqual(Content[first..(first + length)], Encoding.Latin1.GetBytes(bytes));
        }
    }

    [TestMethod]
    [DataRow("bytes=10000-")]
    [DataRow("bytes=20000-30000")]
    [DataRow("bytes=-0")]
    public async Task Get_WhenNoByteLiesInTheRange_Answers416WithTheLength(string range)
    {
        var address = await PublishedAsync("a.tif", Content);

        using var answer = await GetAsync(address, r => r.TryAddWithoutValidation("Range", range));

        await ExpectAsync(answer, HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable");
        Assert.AreEqual("bytes */10000", answer.Content.Headers.ContentRange!.ToString());
    }

    [TestMethod]
    [DataRow("bytes=x-y")]
    [DataRow("lines=1-2")]
    [DataRow("bytes=0-,0-,0-")]
    public async Task Get_WhenTheRangeIsNoneToFollow_GivesTheWholeFile(string range)
    {
        var address = await PublishedAsync("a.tif", Content);

        using var answer = await GetAsync(address, r => r.TryAddWithoutValidation("Range", range));

        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.HasCount(Content.Length, await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [TestMethod]
    public async Task Get_WhenConditional_SendsOnlyWhatTheCallerLacks()
    {
        var address = await PublishedAsync("a.tif", Content);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))}\"");
        var other = new EntityTagHeaderValue("\"other\"");

        using var known = await GetAsync(address, r => r.TryAddWithoutValidation("If-None-Match", tag.ToString()));
        using var ranged = await GetAsync(address, r => { r.Range = new(0, 9); r.IfRange = new(tag); });
        using var changed = await GetAsync(address, r => { r.Range = new(0, 9); r.IfRange = new(other); });
        using var wrong = await GetAsync(address, r => r.IfMatch.Add(other));

        Assert.AreEqual(HttpStatusCode.NotModified, known.StatusCode);
        Assert.AreEqual(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, changed.StatusCode);
        await ExpectAsync(wrong, HttpStatusCode.PreconditionFailed, "precondition-failed");
    }

    [TestMethod]
    [DataRow("page.html", "<script>alert(1)</script>")]
    [DataRow("image.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [DataRow("data.xml", "<?xml-stylesheet href='x'?><a/>")]
    [DataRow("no ending", "<script>alert(1)</script>")]
    public async Task Get_WhenTheFileHoldsMarkup_ComesBackAsAnAttachmentThatRunsNothing(string path, string text)
    {
        var address = await PublishedAsync(path, Encoding.UTF8.GetBytes(text));

        using var answer = await Http.GetAsync(address, Ct);

        Assert.AreEqual("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.AreEqual("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.AreEqual("sandbox; default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.AreEqual(text, await answer.Content.ReadAsStringAsync(Ct));
    }

    [TestMethod]
    public async Task Get_WhenTheNameIsHostile_TheHeaderStaysOneLine()
    {
        var address = await PublishedAsync("a\"; filename=evil.exe Δ.tif", Content);

        using var answer = await Http.GetAsync(address, Ct);

        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.AreEqual("a\"; filename=evil.exe Δ.tif", answer.Content.Headers.ContentDisposition.FileNameStar);
    }

    [TestMethod]
    [DataRow("/files/{0}/../../etc/passwd")]
    [DataRow("/files/{0}/%2e%2e/%2e%2e/etc/passwd")]
    [DataRow("/files/{0}/..%2f..%2fetc%2fpasswd")]
    [DataRow("/files/{0}//etc/passwd")]
    [DataRow("/files/{0}/a%00.tif")]
    [DataRow("/files/{0}/absent.tif")]
    public async Task Get_WhenThePathClimbs_NeverLeavesTheDataset(string target)
    {
        var address = await PublishedAsync("a.tif", Content);

        var (status, answer) = await RawHttp.SendAsync(Archive.Port, RawHttp.Request("GET", target.Replace("{0}", address.Split('/')[2], StringComparison.Ordinal)), Ct);

        Assert.IsTrue(status is 400 or 404, answer);
        Assert.DoesNotContain("root:", answer);
    }

    private async Task<string> PublishedAsync(string path, byte[] content)
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(1, 1, 1);
        var file = new SampleFile(path, content.Length, () => new MemoryStream(content, writable: false), []);
        var list = SampleFile.OfText("file_list.tsv", $"Files\tWell\n{deposit.Files[0].Path}\tA1\n");
        var (accession, _) = await DepositAsync(client, deposit with { Files = [deposit.Files[0], file], FileLists = [list] });
        return $"/files/{accession}/{ArchiveClient.EscapePath(path)}";
    }

    private async Task<HttpResponseMessage> GetAsync(string address, Action<HttpRequestHeaders> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        fields(request.Headers);
        return await Http.SendAsync(request, Ct);
    }
}
