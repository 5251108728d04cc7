using System.Net;
using System.Text;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>The file tables of private datasets and of older versions.</summary>
[TestClass]
public sealed partial class VersionTableTests : HttpTest
{
    // Of files: 40 in two plates, every second with Taxol, wells A1 to D4, a dose in each third, one who imaged them.
    private static readonly string[] Queries =
    [
        "", "?size=7", "?q=image_0007", "?q=taxol", "?q=taxol+OR+image_0003&facets=Compound,Well,%40format,Dose&size=5", "?filter.Compound=Taxol&facets=Compound,Well", "?filter.Well=A1&filter.Well=A3&sort=-%40path",
        "?min.Dose=2&max.Dose=7.5&sort=-Dose", "?min.%40size=101", "?sort=Compound&at=13&size=9", "?sort=-Well&facets=Well&size=0", "?filter.%40path=plate-0/", "?q=-taxol&facets=Compound", "?filter.Nothing=x", "?q=absentword",
    ];

    [TestMethod]
    public async Task Files_WhenThePrivateDatasetIsReleased_AreAnsweredAsBefore()
    {
        var owner = await DepositorAsync();
        var accession = await DepositPrivateAsync(owner);
        var before = new List<string>();
        foreach (var query in Queries) before.Add(await AnswerAsync(owner, accession, query));
        var whole = await WholeAsync(owner, accession, "q=image*&sort=-Dose");

        await ReleaseAsync(owner, accession);

        for (var i = 0; i < Queries.Length; i++) Assert.AreEqual(await AnswerAsync(owner, accession, Queries[i]), before[i], Queries[i]);
        Assert.AreEqual(await WholeAsync(owner, accession, "q=image*&sort=-Dose"), whole);
        Assert.HasCount(42, whole.Split("\r\n"), "a header, forty files and the values");
        Assert.Contains("{\"value\":\"DMSO\",\"count\":20}", whole);
        Assert.Contains("plate-0/image_0000.tif", before[5], "the answers are not all empty");
        Assert.Contains("\"value\":\"DMSO\",\"count\":20", before[5]);
    }

    [TestMethod]
    public async Task Files_WhenThePrivateDatasetIsRead_AreSearchedByItsReadersAndToldToNobodyElse()
    {
        var (owner, reader, stranger) = (await DepositorAsync(), await DepositorAsync(), await DepositorAsync());
        var curator = await CuratorAsync();
        var accession = await DepositPrivateAsync(owner);
        using (var shared = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/collaborators", Json(new { email = reader.Email, access = "Reader" }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, shared.StatusCode);

        foreach (var query in Queries)
        {
            var expected = await AnswerAsync(owner, accession, query);
            foreach (var who in new[] { reader, curator }) Assert.AreEqual(expected, await AnswerAsync(who, accession, query), query);
            foreach (var who in new[] { stranger, new ArchiveClient(Http) })
            {
                using var told = await who.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files{query}", null, Ct);
                using var absent = await who.SendAsync(HttpMethod.Get, $"/api/datasets/S-BIAR99999999/files{query}", null, Ct);
                Assert.AreEqual(Mask(await absent.Content.ReadAsStringAsync(Ct)), Mask(await told.Content.ReadAsStringAsync(Ct)));
                Assert.AreEqual(HttpStatusCode.NotFound, told.StatusCode);
            }
        }
        Assert.AreEqual(await WholeAsync(owner, accession, "q=taxol"), await WholeAsync(reader, accession, "q=taxol"));
        foreach (var hidden in new[] { "files?q=taxol&format=jsonl", "files/values?attribute=Compound" })
        {
            using var told = await stranger.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/{hidden}", null, Ct);
            Assert.AreEqual(HttpStatusCode.NotFound, told.StatusCode, hidden);
        }
        using var answer = await owner.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files?q=taxol", null, Ct);
        Assert.AreEqual("no-store", answer.Headers.CacheControl?.ToString());
        using var cached = await owner.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files?sort=nothing&cursor=x", null, Ct);
        await ExpectAsync(cached, HttpStatusCode.BadRequest, "cursor-invalid");
    }

    [TestMethod]
    public async Task Files_WhenReadByAKey_HideInEverySearchWhatTheirListHides()
    {
        var owner = await DepositorAsync();
        var accession = await DepositPrivateAsync(owner);
        using var made = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(new { }), Ct);
        using var json = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Ct));
        var key = json.RootElement.GetProperty("key").GetString()!;
        Task<JsonElement> ByOwner(string query) => owner.GetJsonAsync($"/api/datasets/{accession}/files?{query}", Ct);
        async Task<JsonElement> ByKey(string query)
        {
            using var answer = await Http.GetAsync($"/api/datasets/{accession}/files?{query}&key={key}", Ct);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, query);
            Assert.AreEqual("no-store", answer.Headers.CacheControl?.ToString());
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
            Assert.DoesNotContain("Columnist", body.RootElement.GetRawText(), StringComparison.OrdinalIgnoreCase, query);
            Assert.DoesNotContain("Depositor", body.RootElement.GetRawText(), StringComparison.OrdinalIgnoreCase, query);
            return body.RootElement.Clone();
        }

        // What a reviewer may not see answers as what is not there at all; the owner finds it, so that there is something to hide.
        foreach (var (hidden, absent) in new[]
        {
            ("q=columnist", "q=absentword"), ("q=colum*", "q=absen*"), ("filter.Imaged+by=Quintus+Columnist", "filter.Imaged+by=Nobody+At+All"),
            ("filter.Note=seen+by+ada+depositor", "filter.Note=seen+by+nobody"), ("q=depositor", "q=nobodyatall"),
        })
        {
            Assert.AreNotEqual(0, (await ByOwner(hidden)).GetProperty("total").GetInt64(), hidden);
            Assert.AreEqual((await ByKey(absent)).GetRawText(), (await ByKey(hidden)).GetRawText(), hidden);
        }
        Assert.AreEqual(2, (await ByOwner("facets=Imaged+by&size=0")).GetProperty("facets")[0].GetProperty("values").GetArrayLength());
        var facets = (await ByKey("facets=Imaged+by,Note,Compound&size=0")).GetProperty("facets");
        Assert.AreEqual(0, facets[0].GetProperty("values").GetArrayLength());
        Assert.AreEqual("seen by [removed]", facets[1].GetProperty("values")[0].GetProperty("value").GetString());
        Assert.AreEqual(2, facets[2].GetProperty("values").GetArrayLength());
        Assert.AreNotEqual(Paths(await ByOwner("sort=Imaged+by")), Paths(await ByOwner("sort=Nothing")), "the order would tell");
        Assert.AreEqual(Paths(await ByKey("sort=Nothing")), Paths(await ByKey("sort=Imaged+by")));
        Assert.AreEqual(20, (await ByKey("filter.Compound=Taxol")).GetProperty("total").GetInt64());
        Assert.AreEqual(2, (await owner.GetJsonAsync($"/api/datasets/{accession}/files/values?attribute=Imaged+by", Ct)).GetProperty("total").GetInt64());
        using (var values = JsonDocument.Parse(await Http.GetStringAsync($"/api/datasets/{accession}/files/values?attribute=Imaged+by&key={key}", Ct)))
            Assert.AreEqual(0, values.RootElement.GetProperty("total").GetInt64());
        foreach (var form in new[] { "jsonl", "csv" })
        {
            var lines = await Http.GetStringAsync($"/api/datasets/{accession}/files?format={form}&key={key}", Ct);
            Assert.Contains("image_0000.tif", lines);
            Assert.DoesNotContain("Columnist", lines, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Depositor", lines, StringComparison.OrdinalIgnoreCase);
        }
        // A cursor of the whole table is not good for the reviewers', nor the other way round.
        var next = (await ByOwner("size=3&sort=Compound")).GetProperty("next").GetString();
        using var foreign = await Http.GetAsync($"/api/datasets/{accession}/files?size=3&sort=Compound&cursor={next}&key={key}", Ct);
        await ExpectAsync(foreign, HttpStatusCode.BadRequest, "cursor-invalid");
    }

    [TestMethod]
    public async Task Files_WhenAnOlderVersionIsAsked_AreThatVersions()
    {
        var owner = await DepositorAsync();
        var accession = await DepositPrivateAsync(owner);
        await ReleaseAsync(owner, accession);
        var before = new List<string>();
        foreach (var query in Queries) before.Add(await AnswerAsync(owner, accession, query));
        var stranger = new ArchiveClient(Http);

        var draft = await owner.ReviseAsync(accession, Ct);
        await owner.PutFileAsync(draft, "more/new image.tif", Bytes([1, 2, 3]), Ct);
        var submission = (await owner.SubmitAsync(draft, Ct)).GetProperty("submission").GetString()!;
        await owner.WaitForEndAsync(submission, TimeSpan.FromMinutes(1), Ct);

        for (var i = 0; i < Queries.Length; i++)
            Assert.AreEqual(before[i], await AnswerAsync(stranger, accession, Queries[i] + (Queries[i].Length == 0 ? "?" : "&") + "version=1"), Queries[i]);
        var shown = await Http.GetStringAsync($"/datasets/{accession}/files?version=1&filter.Compound=Taxol", Ct);
        Assert.Contains("<strong>20</strong> of 41 files match", shown);
        Assert.Contains($"/datasets/{accession}/files?version=1&amp;filter.Compound=Taxol&amp;sort=Well", shown);
        Assert.Contains("image_0000.tif?version=1", shown);
        await Poll.Until(async () => (await owner.ListAsync($"/api/datasets/{accession}/files?q=new", Ct)).Count == 1, "the index has the new version", Ct);
        Assert.DoesNotContain("new image.tif", await WholeAsync(stranger, accession, "version=1"));
        Assert.Contains("new image.tif", await WholeAsync(stranger, accession, "q=image"));
        // A cursor goes on in its version, and in no other.
        var page = await stranger.GetJsonAsync($"/api/datasets/{accession}/files?q=image&size=3&sort=-Well&version=1", Ct);
        var (next, listed) = (page.GetProperty("next").GetString(), await stranger.ListAsync($"/api/datasets/{accession}/files?q=image&size=3&sort=-Well&version=1", Ct));
        Assert.HasCount(40, listed);
        Assert.HasCount(40, listed.Select(f => f.GetProperty("path").GetString()).Distinct(StringComparer.Ordinal).ToList());
        using var other = await Http.GetAsync($"/api/datasets/{accession}/files?q=image&size=3&sort=-Well&cursor={next}", Ct);
        await ExpectAsync(other, HttpStatusCode.BadRequest, "cursor-invalid");
    }

    [TestMethod]
    public async Task Shelf_WhenAPrivateVersionWasCommitted_IsMadeAndOnceMoreWhenItIsDamaged()
    {
        var owner = await DepositorAsync();
        var accession = await DepositPrivateAsync(owner);
        string? shelf = null;
        await Poll.Until(() => Task.FromResult((shelf = Shelf(accession)) is not null), "the shelf was made before anybody asked", Ct);
        var sound = await File.ReadAllBytesAsync(shelf!, Ct);
        var damaged = (byte[])sound.Clone();
        damaged[damaged.Length / 2] ^= 0x10;
        File.SetUnixFileMode(shelf!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(shelf!, damaged, Ct);

        var found = await owner.ListAsync($"/api/datasets/{accession}/files?q=taxol", Ct);

        Assert.HasCount(20, found);
        CollectionAssert.AreEqual(sound, await File.ReadAllBytesAsync(Shelf(accession)!, Ct), "the damaged one was replaced");
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(Archive.DataFolder, "shelves")), "what is open has no name");
        Assert.IsTrue(sound.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) > 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Archive.DataFolder, "index"), "*", SearchOption.AllDirectories))
            Assert.IsTrue((await File.ReadAllBytesAsync(file, Ct)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) < 0, file);
    }

    [TestMethod]
    public async Task Files_WhenTheDatasetIsWithdrawn_AreGivenUpByTheNodeAndReadByCuratorsAlone()
    {
        var (owner, curator) = (await DepositorAsync(), await CuratorAsync());
        var accession = await DepositPrivateAsync(owner);
        var others = MappedShelves();
        Assert.HasCount(20, await owner.ListAsync($"/api/datasets/{accession}/files?q=taxol", Ct));
        var opened = MappedShelves().Except(others, StringComparer.Ordinal).ToList();
        Assert.HasCount(1, opened);
        using (var withdrawn = await curator.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/withdrawal", Json(new { reason = "A donor took back their consent." }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, withdrawn.StatusCode);

        using var told = await owner.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/files?q=taxol", null, Ct);
        using var strange = await Http.GetAsync($"/api/datasets/{accession}/files?q=taxol", Ct);

        await ExpectAsync(told, HttpStatusCode.Gone, "withdrawn");
        await ExpectAsync(strange, HttpStatusCode.NotFound, "not-found");
        await Poll.Until(() => Task.FromResult(!MappedShelves().Contains(opened[0])), "the node has nothing of it any more", Ct);
        Assert.HasCount(20, await curator.ListAsync($"/api/datasets/{accession}/files?q=taxol", Ct));
    }
}
