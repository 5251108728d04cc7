using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>What text files among the staged files propose, and what becomes of it.</summary>
[TestClass]
public sealed partial class ProposalTests : HttpTest
{
    private const string Log = "Experiment details:\r\nAim: Compare: all\r\nStrain:\r\nMig1-GFP\r\nAuthors:\r\nAda Example\r\nOmero tags:\r\nred,blue,\r\n------Time point_1------\r\n";
    private const string Acquisition = "Channels:\r\nChannel name, Exposure time\r\n  DIC,   30\r\nTime_settings:\r\n1,300,288,86400\r\n";
    private const string Mine = """{"attributes":[{"name":"Title","value":"A title that is long enough for all"},{"name":"ReleaseDate","value":"2024-01-01"}],"section":{"type":"Study","attributes":[{"name":"Description","value":"mine"}]}}""";

    [TestMethod]
    public async Task Proposals_WhenAccepted_StandInThePageTabWithFileAndLine()
    {
        var (client, draft) = await DraftAsync();

        var list = await ListAsync(client, draft);
        var decided = await DecideAsync(client, draft, list.Where(p => Value(p) != "blue"), list.Where(p => Value(p) == "blue"));

        Assert.AreEqual(9, decided.GetProperty("accepted").GetInt32());
        Assert.IsTrue(decided.GetProperty("changed").GetBoolean());
        var section = (await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct)).GetProperty("section");
        CollectionAssert.AreEqual(
            new[] { "Description=mine", "Experiment aim=Compare: all [m_log.txt:2]", "Keywords=red [m_log.txt:8]" }, Attributes(section));
        var sections = section.GetProperty("subsections").EnumerateArray().ToList();
        CollectionAssert.AreEqual(new[] { "Title=m", "Time lapse=1 [m_Acq.txt:5]", "Time interval=300 [m_Acq.txt:5]", "Time points=288 [m_Acq.txt:5]", "Total time=86400 [m_Acq.txt:5]" }, Attributes(OfType("Image acquisition")));
        CollectionAssert.AreEqual(new[] { "Title=m", "Strain=Mig1-GFP [m_log.txt:4]" }, Attributes(OfType("Biosample")));
        CollectionAssert.AreEqual(new[] { "Name=Ada Example [m_log.txt:6]" }, Attributes(OfType("Author")));
        var rows = OfType("Image acquisition").GetProperty("subsections")[0];
        Assert.AreEqual(JsonValueKind.Array, rows.ValueKind);
        CollectionAssert.AreEqual(new[] { "Channel name=DIC [m_Acq.txt:3]", "Exposure time=30" }, Attributes(rows[0]));

        JsonElement OfType(string type) => sections.Single(s => s.ValueKind == JsonValueKind.Object && s.GetProperty("type").GetString() == type);
    }

    [TestMethod]
    public async Task Proposals_WhenRead_NameTheirPlaceAndWhatStandsThere()
    {
        var (client, draft) = await DraftAsync();

        var list = await ListAsync(client, draft);

        var aim = list.Single(p => Value(p) == "Compare: all");
        Assert.AreEqual("Description", aim.GetProperty("kind").GetString());
        Assert.AreEqual("m_log.txt", aim.GetProperty("file").GetString());
        Assert.AreEqual(2, aim.GetProperty("line").GetInt32());
        // The depositor's own description stays, so this one goes beside it.
        Assert.AreEqual("Experiment aim", aim.GetProperty("place").GetProperty("attribute").GetString());
        var table = list.Single(p => p.GetProperty("kind").GetString() == "Table");
        Assert.AreEqual("Image acquisition", table.GetProperty("place").GetProperty("section").GetString());
        Assert.AreEqual(1, table.GetProperty("table").GetProperty("rowCount").GetInt32());
        var whole = await client.GetJsonAsync($"/api/drafts/{draft}/proposals/{Id(table)}", Ct);
        Assert.AreEqual("DIC", whole.GetProperty("table").GetProperty("rows")[0].GetProperty("cells")[0].GetString());
        using var absent = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/proposals/{new string('A', 22)}", null, Ct);
        await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task Acceptance_WhenRepeated_ChangesNothing()
    {
        var (client, draft) = await DraftAsync();
        var list = await ListAsync(client, draft);

        var first = await SendDecisionsAsync(client, draft, list.Take(3).Select(Id), list.Skip(3).Take(1).Select(Id));
        var second = await SendDecisionsAsync(client, draft, list.Take(3).Select(Id), list.Skip(3).Take(1).Select(Id));

        using var body = JsonDocument.Parse(await second.Content.ReadAsStringAsync(Ct));
        Assert.IsFalse(body.RootElement.GetProperty("changed").GetBoolean());
        Assert.AreEqual(first.Headers.ETag, second.Headers.ETag);
        var counts = (await client.GetJsonAsync($"/api/drafts/{draft}/proposals", Ct)).GetProperty("counts");
        Assert.AreEqual(3, counts.GetProperty("accepted").GetInt32());
        Assert.AreEqual(1, counts.GetProperty("dropped").GetInt32());
        Assert.AreEqual(list.Count - 4, counts.GetProperty("proposed").GetInt32());
        Assert.HasCount(1, await ListAsync(client, draft, "state=dropped"));
        first.Dispose();
        second.Dispose();
    }

    [TestMethod]
    public async Task Proposals_WhenPaged_ComeOnceEach()
    {
        var (client, draft) = await DraftAsync();
        var all = (await ListAsync(client, draft)).Select(Id).ToList();
        var paged = new List<string>();

        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetJsonAsync($"/api/drafts/{draft}/proposals?size=3&cursor={cursor}", Ct);
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(Id));
            cursor = page.GetProperty("next").GetString();
        }

        CollectionAssert.AreEqual(all, paged);
        Assert.HasCount(10, paged);
    }

    [TestMethod]
    public async Task Acceptance_WhenIfMatchNamesAnOlderRevision_IsRefusedAndWritesNothing()
    {
        var (client, draft) = await DraftAsync();
        var list = await ListAsync(client, draft);
        using var read = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/proposals", null, Ct);
        await client.PutPageTabAsync(draft, Mine.Replace("mine", "newer", StringComparison.Ordinal), Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/drafts/{draft}/proposals/acceptance") { Content = Json(new { accept = list.Select(Id) }) };
        request.Headers.IfMatch.Add(read.Headers.ETag!);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", client.Token);

        using var answer = await Http.SendAsync(request, Ct);

        await ExpectAsync(answer, HttpStatusCode.PreconditionFailed, "precondition-failed");
        var pageTab = (await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct)).GetRawText();
        Assert.Contains("newer", pageTab);
        Assert.DoesNotContain("Mig1-GFP", pageTab);
    }

    [TestMethod]
    public async Task Acceptance_WhenTheFileChangedMeanwhile_IsRefusedWithEveryId()
    {
        var (client, draft) = await DraftAsync();
        var ids = (await ListAsync(client, draft)).Where(p => p.GetProperty("file").GetString() == "m_log.txt").Select(Id).ToList();
        await PutTextAsync(client, draft, "m_log.txt", Log + "x");

        using var answer = await SendDecisionsAsync(client, draft, ids, []);

        var findings = Findings(await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid-input"));
        Assert.HasCount(ids.Count, findings);
        Assert.IsTrue(findings.All(f => f == "proposal-unknown"));
    }

    [TestMethod]
    [DataRow("""{"accept":[null]}""", HttpStatusCode.UnprocessableEntity, "invalid-input")]
    [DataRow("""{"accept":["a"],"drop":["a"]}""", HttpStatusCode.UnprocessableEntity, "invalid-input")]
    [DataRow("""{"take":["a"]}""", HttpStatusCode.BadRequest, "bad-request")]
    [DataRow("""{"accept":"a"}""", HttpStatusCode.BadRequest, "bad-request")]
    [DataRow("""{"accept":[""", HttpStatusCode.BadRequest, "bad-request")]
    public async Task Acceptance_WhenTheRequestIsWrong_SaysSo(string text, HttpStatusCode status, string code)
    {
        var (client, draft) = await DraftAsync();

        using var answer = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/proposals/acceptance", JsonText(text), Ct);

        await ExpectAsync(answer, status, code);
    }

    [TestMethod]
    public async Task Acceptance_WhenOutOfBounds_IsRefused()
    {
        var (client, draft) = await DraftAsync();

        using var many = await SendDecisionsAsync(client, draft, Enumerable.Range(0, 1001).Select(i => $"{i}"), []);
        // Only declared: the archive answers without waiting for what it would not read.
        var (large, told) = await RawHttp.SendAsync(Archive.Port,
            $"POST /api/drafts/{draft}/proposals/acceptance HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {client.Token}\r\nContent-Type: application/json\r\n" +
            "Content-Length: 1000000\r\nConnection: close\r\n\r\n{\"accept\":[", Ct);
        using var text = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/proposals/acceptance", new StringContent("{}", Encoding.UTF8, "text/plain"), Ct);
        using var state = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}/proposals?state=odd", null, Ct);

        CollectionAssert.AreEqual(new[] { "proposals-too-many" }, Findings(await ExpectAsync(many, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        Assert.AreEqual(413, large, told);
        Assert.Contains("body-too-large", told);
        await ExpectAsync(text, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        await ExpectAsync(state, HttpStatusCode.BadRequest, "bad-request");
    }

    [TestMethod]
    public async Task Acceptance_WhenSubmitted_IsRefused()
    {
        var client = await DepositorAsync();
        var depositing = new Depositing(client, SampleDeposit.Generate(1, 1, 1));
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        await PutTextAsync(client, depositing.Draft!, "m_log.txt", Log);
        var ids = (await ListAsync(client, depositing.Draft!)).Select(Id).ToList();
        await depositing.SubmitAsync(Ct);

        using var answer = await SendDecisionsAsync(client, depositing.Draft!, ids, []);

        // Sealed while the submission runs, gone once it is published.
        Assert.IsTrue(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound, $"{answer.StatusCode}");
    }

    // The facts of shared/design/formats.md, once through the whole archive.
    [TestMethod]
    public async Task Proposals_WhenTheTimeLapseIsReal_GiveItsFactsOverHttp()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        var folder = Path.Combine(Repository.RealData!, "images/synthsys-demo/test_data");
        foreach (var name in new[] { "microscope1_Acq.txt", "microscope1_log.txt" })
            await PutAsync(client, draft, "test_data/" + name, await File.ReadAllBytesAsync(Path.Combine(folder, name), Ct));

        var list = await ListAsync(client, draft);
        await DecideAsync(client, draft, list, []);

        CollectionAssert.AreEqual(new[] { 3, 25, 2 }, list.Where(p => p.GetProperty("kind").GetString() == "Table").Select(p => p.GetProperty("table").GetProperty("rowCount").GetInt32()).ToArray());
        var pageTab = await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct);
        var text = pageTab.GetRawText();
        CollectionAssert.AreEqual(
            new[] { "Description=Compare morphology markers across microscopes [test_data/microscope1_log.txt:4]", "Project=Morphology detection [test_data/microscope1_log.txt:34]" },
            Attributes(pageTab.GetProperty("section")).Where(a => a.StartsWith("Desc", StringComparison.Ordinal) || a.StartsWith("Proj", StringComparison.Ordinal)).ToArray());
        foreach (var fact in new[] { "Mig1-GFP", "Dot6-GFP", "Maf1-GFP", "Sfp1-GFP", "Msn2-GFP", "Julian Pietsch", "Ivan Clark", "28-Sep-2018 17:18:14", "Batgirl", "pos025", "2% glucose in SC", "86400" })
            Assert.Contains(fact, text);
        Assert.HasCount(list.Count, await ListAsync(client, draft, "state=accepted"));
        Assert.IsEmpty(await ListAsync(client, draft));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Proposals_WhenAFolderOfBioImageIt_BecomeADatasetWhoseFilesAreFoundByTheirKeyValues(bool isReal)
    {
        if (isReal && Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var client = await DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        foreach (var (path, bytes) in isReal ? RealFolder() : MadeFolder()) await PutAsync(client, draft, path, bytes);
        await client.PutPageTabAsync(draft, Mine, Ct);
        var list = await ListAsync(client, draft);
        await DecideAsync(client, draft, list, []);

        var submitted = await client.SubmitAsync(draft, Ct);
        var ended = await client.WaitForEndAsync(submitted.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), Ct);

        Assert.AreEqual("Released", ended.GetProperty("state").GetString(), ended.GetRawText());
        var accession = submitted.GetProperty("accession").GetString();
        await Poll.Until(async () =>
        {
            // Until the index follows, a search in the dataset is refused.
            using var answer = await client.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files?filter.number=002", null, Ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "the dataset can be searched", Ct);
        Assert.HasCount(1, await client.ListAsync($"/api/datasets/{accession}/files?filter.number=002", Ct));
        var found = await client.ListAsync($"/api/datasets/{accession}/files?filter.Population=population1", Ct);
        Assert.HasCount(3, found);
        var text = (await client.GetJsonAsync($"/api/datasets/{accession}/pagetab", Ct)).GetRawText();
        foreach (var fact in new[] { "Image analysis", "SPARTION 2D", "Parameter sigma", "Derivation", "Denoised image", "Experiment date", "myexperiment" })
            Assert.Contains(fact, text);
    }

    private static string? Value(JsonElement proposal) => proposal.GetProperty("value").GetString();
}
