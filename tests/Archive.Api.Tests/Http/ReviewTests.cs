using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Access keys for reviewers: what they open, what they show, and when they open nothing.</summary>
[TestClass]
public sealed partial class ReviewTests : HttpTest
{
    private const string Image = "plate-0/image_0000.tif";

    // Everything of the fixture that tells who deposited.
    private static readonly string[] Secrets =
    [
        "Quillfeather", "Zoë", "Zo\\u00EB", "zoe.q@zellkunde.example", "zellkunde", "Brzęczyszczykiewicz", "Brzeczyszczykiewicz", "Brz\\u0119", "0000-0002-1825-0097", "WT-987654",
        "Wellcome", "10.1234/secret", "Secret paper", "Hidden Person", "Nested Boss", "lab-of-zoe", "Thanks", "A Depositor", "depositor-", "shared.with@example.org", "Columnist",
    ];

    [TestMethod]
    public async Task Key_WhenGiven_OpensEveryReadingAddressAndNoByteTellsWhoDeposited()
    {
        var owner = await DepositorAsync();
        var word = "review" + Guid.NewGuid().ToString("N")[..12];
        var accession = await PrivateAsync(owner, word);
        using (var shared = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/collaborators", Json(new { email = "shared.with@example.org", access = "Reader" }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, shared.StatusCode);
        var key = (await KeyAsync(owner, accession)).GetProperty("key").GetString()!;
        var owners = (await owner.GetJsonAsync($"/api/datasets/{accession}/pagetab", Ct)).GetRawText();
        Assert.Contains("Quillfeather", owners, "the fixture has what is looked for");
        var cookie = await CookieAsync(accession, key);

        var opened = new List<string>();
        foreach (var (method, address) in await AddressesAsync(accession))
            foreach (var byKey in new[] { true, false })
                foreach (var accept in new[] { "application/json", "text/html", "application/ld+json" })
                {
                    using var request = new HttpRequestMessage(method, byKey ? address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "key=" + key : address);
                    request.Headers.Accept.ParseAdd(accept);
                    if (!byKey) request.Headers.Add("Cookie", cookie);
                    if (method != HttpMethod.Get && method != HttpMethod.Head && method != HttpMethod.Delete) request.Content = Json(new { });
                    using var answer = await Plain.SendAsync(request, Ct);
                    var bytes = answer.Headers.ToString() + answer.Content.Headers + await answer.Content.ReadAsStringAsync(Ct);
                    var what = $"{method} {request.RequestUri} as {accept}";
                    foreach (var secret in Secrets) Assert.DoesNotContain(secret, bytes, StringComparison.OrdinalIgnoreCase, what);
                    Assert.IsTrue((int)answer.StatusCode < 500, what);
                    if (method == HttpMethod.Get || method == HttpMethod.Head)
                    {
                        Assert.IsTrue(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.SeeOther or HttpStatusCode.Redirect or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{what}: {answer.StatusCode}");
                        if (answer.StatusCode == HttpStatusCode.OK)
                        {
                            Assert.AreEqual("no-store", answer.Headers.CacheControl?.ToString(), what);
                            Assert.AreEqual("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single(), what);
                            opened.Add(address);
                        }
                    }
                    else Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode, what);
                }

        foreach (var expected in new[] { $"/api/datasets/{accession}", $"/api/datasets/{accession}/versions", $"/api/datasets/{accession}/versions/1", $"/api/datasets/{accession}/files", $"/files/{accession}/{Image}", $"/datasets/{accession}", $"/datasets/{accession}/files", $"/datasets/{accession}/file/{Image}" })
            Assert.Contains(expected, opened);
        foreach (var search in new[] { $"/api/search?q={word}", $"/api/files?q=plate&key={key}", "/api/datasets?size=1000", $"/search?q={accession}", $"/api/search?q={accession}&key={key}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, search);
            request.Headers.Add("Cookie", cookie);
            using var answer = await Plain.SendAsync(request, Ct);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, search);
            var found = await answer.Content.ReadAsStringAsync(Ct);
            Assert.DoesNotContain($"\"accession\":\"{accession}\"", found, search);
            Assert.DoesNotContain($"/datasets/{accession}\"", found, search);
        }
    }

    [TestMethod]
    public async Task Key_WhenGiven_ShowsTextsAndAttributesWithoutNamesAndRefusesThePageTab()
    {
        var owner = await DepositorAsync();
        var accession = await PrivateAsync(owner, "actin");
        var key = (await KeyAsync(owner, accession)).GetProperty("key").GetString()!;

        var dataset = await JsonAsync($"/api/datasets/{accession}?key={key}");
        var files = await JsonAsync($"/api/datasets/{accession}/files?key={key}");
        using var pageTab = await Plain.GetAsync($"/api/datasets/{accession}/pagetab.json?key={key}", Ct);
        using var list = await Plain.GetAsync($"/files/{accession}/file_list.tsv?key={key}", Ct);
        using var byOwner = await owner.SendAsync(HttpMethod.Get, $"/files/{accession}/file_list.tsv", null, Ct);
        var view = await owner.GetJsonAsync($"/api/datasets/{accession}/blind-view", Ct);

        Assert.Contains("of the [removed] lab", dataset.GetProperty("title").GetString()!);
        var seen = files.GetProperty("items").EnumerateArray().Single(f => f.GetProperty("path").GetString() == Image).GetProperty("attributes").GetRawText();
        Assert.Contains("GFP", seen);
        Assert.Contains("[removed]", seen);
        await ExpectAsync(pageTab, HttpStatusCode.Forbidden, "blind-view");
        await ExpectAsync(list, HttpStatusCode.Forbidden, "blind-view");
        Assert.AreEqual(HttpStatusCode.OK, byOwner.StatusCode);
        Assert.Contains("not blinded", view.GetProperty("warnings")[0].GetString()!);
        Assert.Contains("Random bytes", view.GetProperty("pageTab").GetRawText());
        Assert.DoesNotContain("Quillfeather", view.GetRawText().Replace("plate-0/by-quillfeather.tif", "", StringComparison.Ordinal));
        Assert.AreEqual("plate-0/by-quillfeather.tif", view.GetProperty("telling")[0].GetString());
    }

    [TestMethod]
    public async Task Page_WhenFirstVisitedByKey_ExchangesItForACookieOfThisDataset()
    {
        var owner = await DepositorAsync();
        var (accession, other) = (await PrivateAsync(owner, "actin"), await PrivateAsync(owner, "actin"));
        var key = (await KeyAsync(owner, accession)).GetProperty("key").GetString()!;

        using var first = await Plain.GetAsync($"/datasets/{accession}/files?after=a%20b&key={key}&version=1", Ct);

        Assert.AreEqual(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.AreEqual($"/datasets/{accession}/files?after=a%20b&version=1", first.Headers.Location!.OriginalString);
        Assert.AreEqual("no-referrer", first.Headers.GetValues("Referrer-Policy").Single());
        var set = first.Headers.GetValues("Set-Cookie").Single();
        foreach (var part in new[] { "httponly", "samesite=lax", "expires=" }) Assert.Contains(part, set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(key, set);
        var cookie = set.Split(';')[0];
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync($"/datasets/{accession}", cookie));
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync($"/files/{accession}/{Image}", cookie));
        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync($"/datasets/{other}", cookie));
        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync($"/datasets/{other}", cookie.Replace(accession, other, StringComparison.Ordinal)), "the cookie is signed for one dataset");
        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync($"/datasets/{other}?key={key}", null));
        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync($"/datasets/{accession}", cookie[..^4] + "AAAA"));
    }

    [TestMethod]
    public async Task Key_WhenRevokedBadOrOfAReleasedDataset_OpensNothing()
    {
        var owner = await DepositorAsync();
        var accession = await PrivateAsync(owner, "actin");
        var made = await KeyAsync(owner, accession, new { name = "Journal of Actin", expiresAt = TimeProvider.System.GetUtcNow().AddDays(3) });
        var (key, id) = (made.GetProperty("key").GetString()!, made.GetProperty("id").GetString()!);
        var cookie = await CookieAsync(accession, key);
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync($"/api/datasets/{accession}?key={key}", null));
        var listed = (await owner.GetJsonAsync($"/api/datasets/{accession}/access-keys", Ct)).GetProperty("items")[0];
        Assert.AreEqual(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), listed.GetProperty("lastUsed").GetString());
        Assert.DoesNotContain(key, listed.GetRawText());

        using (var revoked = await owner.SendAsync(HttpMethod.Delete, $"/api/datasets/{accession}/access-keys/{id}", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, revoked.StatusCode);

        Assert.AreEqual(HttpStatusCode.NotFound, await StatusAsync($"/datasets/{accession}", cookie));
        foreach (var address in new[] { $"/api/datasets/{accession}", $"/datasets/{accession}", $"/files/{accession}/{Image}" })
            foreach (var bad in new[] { key, "", "x", new string('x', 300), "AAAAAAAAAAAAAAAAAAAAAA" })
            {
                var hidden = await RawHttp.SendAsync(Archive.Port, RawHttp.Request("GET", $"{address}?key={bad}"), Ct);
                var absent = await RawHttp.SendAsync(Archive.Port, RawHttp.Request("GET", address.Replace(accession, "S-BIAR999999", StringComparison.Ordinal)), Ct);
                Assert.AreEqual(404, hidden.Status, hidden.Answer);
                Assert.AreEqual(Mask(absent.Answer), Mask(hidden.Answer));
            }
        var second = (await KeyAsync(owner, accession)).GetProperty("key").GetString()!;
        var before = await owner.GetJsonAsync($"/api/datasets/{accession}", Ct);
        using (var released = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(new { releaseDate = "2024-01-01" }), Ct)) Assert.AreEqual(HttpStatusCode.OK, released.StatusCode);
        Assert.AreEqual(0, before.GetProperty("change").GetInt64(), "keys are no public change");
        Assert.Contains("Quillfeather", await Plain.GetStringAsync($"/api/datasets/{accession}/pagetab?key={second}", Ct), "what is public is shown to all alike");
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync($"/datasets/{accession}?key={second}", cookie));
        using var late = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(new { }), Ct);
        await ExpectAsync(late, HttpStatusCode.Conflict, "already-public");
        using (var withdrawn = await (await CuratorAsync()).SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/withdrawal", Json(new { reason = "A test is done with it." }), Ct)) Assert.AreEqual(HttpStatusCode.OK, withdrawn.StatusCode);
        Assert.AreEqual(HttpStatusCode.Gone, await StatusAsync($"/api/datasets/{accession}?key={second}", null));
    }

    [TestMethod]
    public async Task Key_WhenAskedForByOthersOrTooMuch_IsRefused()
    {
        var (owner, stranger, curator) = (await DepositorAsync(), await DepositorAsync(), await CuratorAsync());
        var accession = await PrivateAsync(owner, "actin");

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var refused = await stranger.SendAsync(method, $"/api/datasets/{accession}/access-keys", method == HttpMethod.Post ? Json(new { }) : null, Ct);
            await ExpectAsync(refused, HttpStatusCode.NotFound, "not-found");
        }
        using (var wrong = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(new { name = new string('x', 101), expiresAt = "2001-01-01T00:00:00Z" }), Ct))
            CollectionAssert.AreEqual(new[] { "name", "expires-past" }, Findings(await ExpectAsync(wrong, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        for (var i = 0; i < 20; i++) await KeyAsync(i % 2 == 0 ? owner : curator, accession);
        using (var many = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(new { }), Ct))
            CollectionAssert.AreEqual(new[] { "keys" }, Findings(await ExpectAsync(many, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        var history = (await owner.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items").EnumerateArray().ToList();
        Assert.AreEqual(20, history.Count(h => h.GetProperty("action").GetString() == "access-key-made"));
        Assert.AreEqual(10, history.Count(h => h.GetProperty("as").GetString() == "curator"));
    }

    [TestMethod]
    public async Task Log_WhenAKeyWasUsed_HasNoByteOfIt()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--reserve-bytes", "1000000", "--logs", "json", "--log-requests", "all", "--confirm-email", "off");
        await archive.StartAsync(Ct);
        var owner = new ArchiveClient(archive.Http);
        await owner.RegisterAsync(Ct);
        var accession = await PrivateAsync(owner, "actin");
        var key = (await KeyAsync(owner, accession)).GetProperty("key").GetString()!;
        foreach (var address in new[] { $"/api/datasets/{accession}?key={key}", $"/datasets/{accession}?key={key}", $"/files/{accession}/{Image}?KEY={key}", $"/api/datasets/{accession}?key=x{key}" })
        {
            using var answer = await archive.Http.GetAsync(address, Ct);
        }

        await Poll.Until(() => archive.Output.Contains($"/files/{accession}/{Image}?KEY=(hidden)", StringComparison.Ordinal), "the requests are logged", Ct);
        Assert.DoesNotContain(key, archive.Output);
        foreach (var file in Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories).Where(f => !f.Contains("/postgres/", StringComparison.Ordinal) && Path.GetFileName(f) != "lock"))
            Assert.IsLessThan(0, (await File.ReadAllBytesAsync(file, Ct)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(key)), file);
    }

    private HttpClient Plain => field ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Archive.Address };

    private async Task<HttpStatusCode> StatusAsync(string address, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var answer = await Plain.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private async Task<JsonElement> JsonAsync(string address)
    {
        using var json = JsonDocument.Parse(await Plain.GetStringAsync(address, Ct));
        return json.RootElement.Clone();
    }

    private async Task<string> CookieAsync(string accession, string key)
    {
        using var page = await Plain.GetAsync($"/datasets/{accession}?key={key}", Ct);
        Assert.AreEqual(HttpStatusCode.SeeOther, page.StatusCode);
        return page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<JsonElement> KeyAsync(ArchiveClient owner, string accession, object? wish = null)
    {
        using var answer = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(wish ?? new { }), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.Created, answer.StatusCode, text);
        Assert.IsNull(answer.Headers.Location, "a key is told once and has no address");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    // Every address that takes an accession: those of the description of the API with all their methods, and those of pages from their sources.
    private async Task<IReadOnlyList<(HttpMethod Method, string Address)>> AddressesAsync(string accession)
    {
        var found = new List<(HttpMethod, string)>();
        var path = "";
        await foreach (var line in File.ReadLinesAsync(Path.Combine(Repository.Root, "openapi.yaml"), Ct))
        {
            if (PathLine().Match(line) is { Success: true } match) path = match.Groups["path"].Value;
            else if (MethodLine().Match(line) is { Success: true } method && path.Contains("{accession}", StringComparison.Ordinal)) found.Add((new(method.Groups["method"].Value.ToUpperInvariant()), path));
        }
        foreach (var page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Archive.Api", "Pages"), "*.cshtml", SearchOption.AllDirectories))
            if (PageLine().Match(await File.ReadAllTextAsync(page, Ct)) is { Success: true } match) found.Add((HttpMethod.Get, match.Groups["path"].Value));
        Assert.IsGreaterThan(12, found.Count);
        var filled = new List<(HttpMethod, string)>();
        foreach (var (method, route) in found)
            foreach (var file in route.Contains("path}", StringComparison.Ordinal) ? new[] { Image, "file_list.tsv" } : [""])
            {
                var address = route.Replace("{accession}", accession, StringComparison.Ordinal).Replace("{acc}", accession, StringComparison.Ordinal)
                    .Replace("{number}", "1", StringComparison.Ordinal).Replace("{**path}", file, StringComparison.Ordinal).Replace("{path}", file, StringComparison.Ordinal)
                    .Replace("{id}", "0", StringComparison.Ordinal).Replace("{collaborator}", "0", StringComparison.Ordinal);
                Assert.DoesNotContain("{", address, "Give the new parameter a value above.");
                filled.Add((method, address));
                if (method == HttpMethod.Get) filled.AddRange([(HttpMethod.Head, address), (method, address + "?version=1")]);
            }
        return filled;
    }

    private async Task<string> PrivateAsync(ArchiveClient owner, string keyword)
    {
        var deposit = SampleDeposit.Generate(9, 2, 100, keyword);
        var pageTab = JsonNode.Parse(deposit.PageTabJson)!;
        pageTab["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "ReleaseDate")!["value"] = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        pageTab["attributes"]!.AsArray().Add(Attribute("Contact E-Mail", "zoe.q@zellkunde.example"));
        var section = pageTab["section"]!;
        var attributes = section["attributes"]!.AsArray();
        var title = attributes.Single(a => (string?)a!["name"] == "Title")!;
        title["value"] = $"{title["value"]} of the Quillfeather lab";
        title["valqual"] = new JsonArray(new JsonObject { ["name"] = "Ontology", ["value"] = "Zoë Quillfeather" });
        attributes.Add(Attribute("aBSTRACT", "By ZOË  QUILLFEATHER (zoe.q@zellkunde.example, 0000-0002-1825-0097), grant WT 987654 of the wellcome."));
        attributes.Add(Attribute("Acknowledgments", "Thanks to all"));
        attributes.Add(Attribute("principal investigator", "Hidden Person"));
        section["links"] = new JsonArray(new JsonObject { ["url"] = "https://lab-of-zoe.example", ["attributes"] = new JsonArray(Attribute("Description", "Zoë")) });
        var sections = section["subsections"]!.AsArray();
        foreach (var more in new[]
        {
            Section("Author", ("NAME", "Zoë Quillfeather"), ("E-mail", "zoe.q@zellkunde.example"), ("orcid", "https://orcid.org/0000-0002-1825-0097")),
            Section("contact", ("Name", "Brzęczyszczykiewicz, Łukasz")), Section("ORGANIZATION", ("Name", "Zellkunde")), Section("Funding", ("agency", "Wellcome"), ("Grant ID", "WT-987654")),
            Section("publication", ("Title", "Secret paper"), ("Authors", "Quillfeather Z"), ("DOI", "10.1234/secret")),
            Section("Wrapper", ("Title", "Nested Boss")), Section("Image analysis", ("Title", "Counting"), ("Overview", "As Brzeczyszczykiewicz L. does, for Hidden Person, imaged by Q. Columnist")),
        }) sections.Add(more);
        sections[0]!["subsections"] = new JsonArray(Section("Author", ("Name", "Nested Boss")));
        var told = new StringBuilder("Files\tChannel\tImaged by\tNote\n");
        var files = deposit.Files.Append(deposit.Files[0] with { Path = "plate-0/by-quillfeather.tif" }).ToList();
        foreach (var file in files) told.Append(CultureInfo.InvariantCulture, $"{file.Path}\tGFP\tQuintus Columnist\tseen by zoe quillfeather and quintus_columnist\n");
        var (accession, _) = await DepositAsync(owner, new SampleDeposit(pageTab.ToJsonString(), keyword == "actin" ? files : [.. deposit.Files], [SampleFile.OfText("file_list.tsv", keyword == "actin" ? told.ToString() : told.ToString().Replace("plate-0/by-quillfeather.tif\tGFP\tQuintus Columnist\tseen by zoe quillfeather and quintus_columnist\n", "", StringComparison.Ordinal))]));
        return accession;
    }

    private static JsonObject Attribute(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Section(string type, params (string Name, string Value)[] attributes) =>
        new() { ["type"] = type, ["attributes"] = new JsonArray([.. attributes.Select(a => Attribute(a.Name, a.Value))]) };

    // Date and trace id are of the request, not of what was asked for.
    private static string Mask(string answer) => Volatile().Replace(answer, "*");

    [GeneratedRegex("(?<=\r\nDate: )[^\r]*|[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex Volatile();

    [GeneratedRegex("^  '?(?<path>/[^':]*)'?:$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathLine();

    [GeneratedRegex("^    (?<method>get|put|post|patch|delete|head):$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MethodLine();

    [GeneratedRegex("@page \"(?<path>/[^\"]*\\{acc\\}[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PageLine();
}
