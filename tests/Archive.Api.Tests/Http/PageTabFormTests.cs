using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>A page tab goes in as JSON, TSV, XML or a workbook, and comes back as JSON, TSV or XML, by what the request says.</summary>
[TestClass]
public sealed class PageTabFormTests : HttpTest
{
    private const string Tsv = "text/tab-separated-values";
    private const string Xml = "application/xml";
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const string SoundTsv = "Submission\nReleaseDate\t2024-01-01\n\nStudy\nTitle\tWhat the page tab says in every form\nKeywords\t\"a \"\"b\"\"\"\n\nFiles\t{size}\tChannel\na.tif\t5\tGFP\n";

    private const string SoundXml = """
        <submission><attributes><attribute><name>ReleaseDate</name><value>2024-01-01</value></attribute></attributes>
        <section type="Study"><attributes><attribute><name>Title</name><value>What the page tab says in every form</value></attribute>
        <attribute><name>Keywords</name><value>a "b"</value></attribute></attributes>
        <files><table><file size="5"><path>a.tif</path><attributes><attribute><name>Channel</name><value>GFP</value></attribute></attributes></file></table></files></section></submission>
        """;

    [TestMethod]
    [DataRow(Tsv, SoundTsv)]
    [DataRow(Tsv + "; charset=utf-8", SoundTsv)]
    [DataRow(Xml, SoundXml)]
    [DataRow("text/xml; charset=utf-8", SoundXml)]
    public async Task PutAndGet_WhenFormIsTsvOrXml_GivesEveryForm(string mediaType, string text)
    {
        var (client, draft) = await DraftAsync();
        using var put = await SendAsync(client, HttpMethod.Put, draft, content: Body(text, mediaType));

        var json = await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct);
        using var tsv = await SendAsync(client, HttpMethod.Get, draft, Tsv);
        using var xml = await SendAsync(client, HttpMethod.Get, draft, "text/html, application/xml;q=0.9, text/*;q=0.1");

        Assert.AreEqual(HttpStatusCode.OK, put.StatusCode, await put.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual("a \"b\"", json.GetProperty("section").GetProperty("attributes")[1].GetProperty("value").GetString());
        Assert.AreEqual(5, json.GetProperty("section").GetProperty("files")[0][0].GetProperty("size").GetInt64());
        Assert.AreEqual(Tsv, tsv.Content.Headers.ContentType!.MediaType);
        Assert.AreEqual(SoundTsv.Replace("\"a \"\"b\"\"\"", "a \"b\"", StringComparison.Ordinal), await tsv.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual(Xml, xml.Content.Headers.ContentType!.MediaType);
        Assert.Contains("<file size=\"5\">", await xml.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual("nosniff", tsv.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("Accept", tsv.Headers.Vary);
        Assert.AreEqual(3, new[] { tsv.Headers.ETag, xml.Headers.ETag, put.Headers.ETag }.Distinct().Count());
    }

    [TestMethod]
    public async Task Put_WhenFormIsAWorkbook_ReadsItsFirstSheet()
    {
        var (client, draft) = await DraftAsync();
        using var content = new ByteArrayContent(Workbook(["Submission"], ["ReleaseDate", "2024-01-01"], [], ["Study"], ["Title", "From a sheet"]));
        content.Headers.ContentType = new MediaTypeHeaderValue(Xlsx);

        using var put = await SendAsync(client, HttpMethod.Put, draft, content: content);

        Assert.AreEqual(HttpStatusCode.OK, put.StatusCode, await put.Content.ReadAsStringAsync(Ct));
        Assert.Contains("From a sheet", (await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct)).GetRawText());
    }

    [TestMethod]
    [DataRow("Submission\n\nStudy\nTitle\ta\tb\n\ttoo\n", Tsv, HttpStatusCode.UnprocessableEntity, "page-tab-invalid", "row-too-wide attribute-name-blank")]
    [DataRow("<submission><section/></submission>", Xml, HttpStatusCode.UnprocessableEntity, "page-tab-invalid", "section-type-missing")]
    [DataRow("<!DOCTYPE a [<!ENTITY b 'c'>]><submission>&b;</submission>", Xml, HttpStatusCode.BadRequest, "page-tab-not-xml", "page-tab-not-xml")]
    [DataRow("Submission", Xlsx, HttpStatusCode.BadRequest, "page-tab-not-xlsx", "xlsx-damaged")]
    [DataRow("Submission\nTitle\t\u00FF", Tsv + "; charset=iso-8859-1", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type", "")]
    [DataRow("Submission", "text/csv", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type", "")]
    public async Task Put_WhenFormIsWrong_IsRefusedWithAllFindings(string text, string mediaType, HttpStatusCode status, string code, string findings)
    {
        var (client, draft) = await DraftAsync();
        using var put = await SendAsync(client, HttpMethod.Put, draft, content: Body(text, mediaType));

        var body = await ExpectAsync(put, status, code);

        if (findings.Length > 0) CollectionAssert.AreEquivalent(findings.Split(' '), Findings(body).ToArray(), body.GetRawText());
    }

    [TestMethod]
    public async Task Put_WhenNotUtf8_IsRefused()
    {
        var (client, draft) = await DraftAsync();
        using var content = new ByteArrayContent([.. "Submission\nTitle\tna"u8, 0xEF, .. "ve\n"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue(Tsv);

        using var put = await SendAsync(client, HttpMethod.Put, draft, content: content);

        await ExpectAsync(put, HttpStatusCode.BadRequest, "page-tab-not-tsv");
    }

    [TestMethod]
    [DataRow(null, "application/json")]
    [DataRow("*/*", "application/json")]
    [DataRow("text/*", Tsv)]
    [DataRow("application/xml, application/json;q=0.5", Xml)]
    [DataRow("application/json;q=0.1, text/tab-separated-values;q=0.2", Tsv)]
    [DataRow("*/*;q=0.1, application/json;q=0", Tsv)]
    [DataRow("text/xml", "text/xml")]
    [DataRow("text/csv", null)]
    [DataRow("application/json;q=0", null)]
    [DataRow("nonsense", null)]
    public async Task Get_WhenAcceptSaysSo_GivesThatForm(string? accept, string? expected)
    {
        var (client, draft) = await DraftAsync();
        using var put = await SendAsync(client, HttpMethod.Put, draft, content: Body(SoundTsv, Tsv));

        using var get = await SendAsync(client, HttpMethod.Get, draft, accept);

        if (expected is null) await ExpectAsync(get, HttpStatusCode.NotAcceptable, "not-acceptable");
        else Assert.AreEqual(expected, get.Content.Headers.ContentType!.MediaType);
    }

    [TestMethod]
    public async Task Get_WhenXmlCannotSayIt_IsRefusedAndTsvIsNot()
    {
        var (client, draft) = await DraftAsync();
        using var put = await SendAsync(client, HttpMethod.Put, draft, content: Body("Submission\nReleaseDate\t2024-01-01\nNote\ta\u0001b\n", Tsv));

        using var xml = await SendAsync(client, HttpMethod.Get, draft, Xml);
        using var tsv = await SendAsync(client, HttpMethod.Get, draft, Tsv);

        Assert.Contains("character-inexpressible", Findings(await ExpectAsync(xml, HttpStatusCode.NotAcceptable, "page-tab-inexpressible")));
        Assert.Contains("a\u0001b", await tsv.Content.ReadAsStringAsync(Ct));
    }

    [TestMethod]
    public async Task Put_WhenIfMatchNamesAnotherFormsTag_IsTakenOnce()
    {
        var (client, draft) = await DraftAsync();
        using var put = await SendAsync(client, HttpMethod.Put, draft, content: Body(SoundTsv, Tsv));
        using var get = await SendAsync(client, HttpMethod.Get, draft, Tsv);
        using var known = await SendAsync(client, HttpMethod.Get, draft, Tsv, ifNoneMatch: get.Headers.ETag);

        using var first = await SendAsync(client, HttpMethod.Put, draft, content: Body(SoundXml, Xml), ifMatch: get.Headers.ETag);
        using var second = await SendAsync(client, HttpMethod.Put, draft, content: Body(SoundXml, Xml), ifMatch: get.Headers.ETag);

        Assert.AreEqual(HttpStatusCode.NotModified, known.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, first.StatusCode);
        Assert.AreEqual(HttpStatusCode.PreconditionFailed, second.StatusCode);
    }

    [TestMethod]
    public async Task GetPageTab_WhenDatasetIsReleased_GivesEveryFormByExtensionAndAccept()
    {
        var client = await DepositorAsync();
        var (accession, _) = await DepositAsync(client, SampleDeposit.Generate(3, 2, 100));
        var address = $"/api/datasets/{accession}/pagetab";

        foreach (var (path, accept, type) in new[]
        {
            (".json", Xml, "application/json"), (".tsv", null, Tsv), (".xml", null, Xml), ("", Tsv, Tsv), ("", Xml, Xml), ("", null, "application/json"), (".tsv?version=1", "image/png", Tsv),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address + path);
            if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await Http.SendAsync(request, Ct);
            var text = await answer.Content.ReadAsStringAsync(Ct);

            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
            Assert.AreEqual(type, answer.Content.Headers.ContentType!.MediaType, path);
            Assert.Contains(accession, text);
        }
        using var none = new HttpRequestMessage(HttpMethod.Get, address);
        none.Headers.TryAddWithoutValidation("Accept", "image/png");
        using var refused = await Http.SendAsync(none, Ct);
        await ExpectAsync(refused, HttpStatusCode.NotAcceptable, "not-acceptable");
        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, address + ".tsv"), Ct);
        Assert.AreEqual(HttpStatusCode.OK, head.StatusCode);
        using var absent = await Http.GetAsync(new Uri("/api/datasets/S-BIAR999999/pagetab.tsv", UriKind.Relative), Ct);
        Assert.AreEqual(HttpStatusCode.NotFound, absent.StatusCode);
    }

    private async Task<(ArchiveClient Client, string Draft)> DraftAsync()
    {
        var client = await DepositorAsync();
        return (client, await client.BeginDraftAsync(Ct));
    }

    private async Task<HttpResponseMessage> SendAsync(ArchiveClient client, HttpMethod method, string draft, string? accept = null,
        HttpContent? content = null, EntityTagHeaderValue? ifMatch = null, EntityTagHeaderValue? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/drafts/{draft}/metadata") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(client));
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (ifMatch is not null) request.Headers.IfMatch.Add(ifMatch);
        if (ifNoneMatch is not null) request.Headers.IfNoneMatch.Add(ifNoneMatch);
        return await Http.SendAsync(request, Ct);
    }

    private static ByteArrayContent Body(string text, string mediaType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    private static byte[] Workbook(params string[][] rows)
    {
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var sheet = string.Concat(rows.Select((cells, r) => $"<row r=\"{r + 1}\">{string.Concat(cells.Select(c => $"<c t=\"inlineStr\"><is><t>{c}</t></is></c>"))}</row>"));
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("_rels/.rels", $"<Relationships><Relationship Id=\"a\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add("xl/workbook.xml", $"<workbook xmlns:r=\"{Office}\"><sheets><sheet name=\"s\" r:id=\"b\"/></sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"<Relationships><Relationship Id=\"b\" Type=\"{Office}/worksheet\" Target=\"sheet.xml\"/></Relationships>");
            Add("xl/sheet.xml", $"<worksheet><sheetData>{sheet}</sheetData></worksheet>");

            void Add(string name, string text)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return bytes.ToArray();
    }
}
