using System.Globalization;
using System.Net;
using System.Text;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;

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
                foreach (var accept in new[] { "application/json", "text/html", "application/ld+json", "text/csv" })
                {
                    using var request = new HttpRequestMessage(method, byKey ? address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "key=" + key : address);
                    request.Headers.Accept.ParseAdd(accept);
                    // From elsewhere: whoever sits at the machine itself may operate it.
                    request.Headers.Add("X-Forwarded-For", "203.0.113.7");
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

        foreach (var expected in new[] { $"/api/datasets/{accession}", $"/api/datasets/{accession}/versions", $"/api/datasets/{accession}/versions/1", $"/api/datasets/{accession}/files", $"/api/datasets/{accession}/files/values?attribute=Compound", $"/files/{accession}/{Image}", $"/datasets/{accession}", $"/datasets/{accession}/files", $"/datasets/{accession}/file/{Image}" })
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
}
