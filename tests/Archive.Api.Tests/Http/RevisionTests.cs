using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.Model.Datasets;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Api.Tests.Http;

/// <summary>Further versions over HTTP, and who may make and read them.</summary>
[TestClass]
public sealed class RevisionTests : HttpTest
{
    [TestMethod]
    public async Task Walk_WhenAFileIsAdded_GivesAVersionBesideTheOldOne()
    {
        var client = await DepositorAsync();
        var deposit = SampleDeposit.Generate(71, 3, 100, "revised");
        var (accession, _) = await DepositAsync(client, deposit);
        var before = await client.GetJsonAsync($"/api/datasets/{accession}", Ct);

        var begun = await BeginAsync(client, accession, HttpStatusCode.Created);
        var again = await BeginAsync(client, accession, HttpStatusCode.OK);
        var draft = begun.GetProperty("id").GetString()!;
        var pageTab = await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct);
        await client.PutFileAsync(draft, "more/new image.tif", Bytes([1, 2, 3]), Ct);
        await client.PutFileAsync(draft, "more.tsv", Bytes(Encoding.UTF8.GetBytes("Files\tWell\nmore/new image.tif\tH12\n")), Ct);
        await client.PutPageTabAsync(draft, WithList(pageTab, "more.tsv"), Ct);
        var listed = await client.ListAsync($"/api/drafts/{draft}/files?size=2", Ct);
        var changed = await client.ListAsync($"/api/drafts/{draft}/files?changes=true&size=1", Ct);
        await SubmitAsync(client, draft, "Released");

        Assert.AreEqual(draft, again.GetProperty("id").GetString());
        Assert.AreEqual((accession, 2), (begun.GetProperty("accession").GetString(), begun.GetProperty("version").GetInt32()));
        Assert.AreEqual(accession, pageTab.GetProperty("accno").GetString());
        CollectionAssert.AreEqual(
            new[] { "file_list.tsv Kept", "more.tsv New", "more/new image.tif New", "plate-0/image_0000.tif Kept", "plate-0/image_0001.tif Kept", "plate-0/image_0002.tif Kept" },
            listed.Select(Text).ToArray());
        CollectionAssert.AreEqual(new[] { "more.tsv New", "more/new image.tif New" }, changed.Select(Text).ToArray());
        Assert.AreEqual("A1", listed[3].GetProperty("attributes")[0].GetProperty("value").GetString());

        var after = await client.GetJsonAsync($"/api/datasets/{accession}", Ct);
        var versions = (await Http.GetFromJsonTextAsync($"/api/datasets/{accession}/versions", Ct)).GetProperty("items");
        Assert.AreEqual("1 2", string.Join(' ', versions.EnumerateArray().Select(v => v.GetProperty("version").GetInt32())));
        Assert.AreEqual((4, 6), (before.GetProperty("fileCount").GetInt32(), after.GetProperty("fileCount").GetInt32()));
        Assert.AreEqual(2, versions[1].GetProperty("changes").GetProperty("added").GetInt32());
        Assert.AreEqual(before.GetProperty("releaseDate").GetString(), after.GetProperty("releaseDate").GetString());
        foreach (var (version, files) in new[] { (1, 4), (2, 6) })
        {
            Assert.AreEqual(files, (await Http.GetFromJsonTextAsync($"/api/datasets/{accession}/versions/{version}", Ct)).GetProperty("fileCount").GetInt32());
            var names = await client.ListAsync($"/api/datasets/{accession}/files?version={version}&size=2", Ct);
            Assert.HasCount(files, names, $"version {version}");
            using var file = await Http.GetAsync($"/files/{accession}/more/new%20image.tif?version={version}", Ct);
            Assert.AreEqual(version == 1 ? HttpStatusCode.NotFound : HttpStatusCode.OK, file.StatusCode);
            var told = await Http.GetStringAsync($"/api/datasets/{accession}/pagetab?version={version}", Ct);
            Assert.AreEqual(version == 2, told.Contains("more.tsv", StringComparison.Ordinal));
        }
        using var old = await Http.GetAsync($"/files/{accession}/plate-0/image_0000.tif?version=1", Ct);
        using var now = await Http.GetAsync($"/files/{accession}/plate-0/image_0000.tif", Ct);
        CollectionAssert.AreEqual(await old.Content.ReadAsByteArrayAsync(Ct), await now.Content.ReadAsByteArrayAsync(Ct));
        await Poll.Until(async () => (await client.ListAsync($"/api/datasets/{accession}/files?q=H12", Ct)).Count == 1, "the new file is found", Ct);
        using var gone = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}", null, Ct);
        await ExpectAsync(gone, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task Files_WhenADepositorRevisesAPublicDataset_AreAddedAndNeitherReplacedNorRemoved()
    {
        var client = await DepositorAsync();
        var (accession, _) = await DepositAsync(client, SampleDeposit.Generate(72, 2, 50));
        var draft = await client.ReviseAsync(accession, Ct);
        var address = $"/api/drafts/{draft}/files/plate-0/image_0000.tif";
        var bytes = await Http.GetByteArrayAsync($"/files/{accession}/plate-0/image_0000.tif", Ct);

        using var replaced = await client.SendAsync(HttpMethod.Put, address, Bytes([1]), Ct);
        using var removed = await client.SendAsync(HttpMethod.Delete, address, null, Ct);
        var same = Bytes(bytes);
        same.Headers.TryAddWithoutValidation("Repr-Digest", $"sha-256=:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes))}:");
        using var resent = await client.SendAsync(HttpMethod.Put, address, same, Ct);
        using var absent = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/files/nothing", null, Ct);

        Assert.AreEqual("plate-0/image_0000.tif", (await ExpectAsync(replaced, HttpStatusCode.Conflict, "file-public")).GetProperty("path").GetString());
        await ExpectAsync(removed, HttpStatusCode.Conflict, "file-public");
        Assert.AreEqual(HttpStatusCode.OK, resent.StatusCode);
        await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
        Assert.IsEmpty(await client.ListAsync($"/api/drafts/{draft}/files?changes=true", Ct));
    }

    [TestMethod]
    public async Task Files_WhenUnderEmbargo_AreReplacedRemovedAndTakenBack()
    {
        var client = await DepositorAsync();
        var accession = await PrivateAsync(client, 73);
        var draft = await client.ReviseAsync(accession, Ct);
        string At(string path) => $"/api/drafts/{draft}/files/{path}";

        using var refused = await SendAsync(client, At("plate-0/image_0000.tif"), [7], ("If-None-Match", "*"));
        using var replaced = await client.SendAsync(HttpMethod.Put, At("plate-0/image_0000.tif"), Bytes([7]), Ct);
        using var removed = await client.SendAsync(HttpMethod.Delete, At("plate-0/image_0001.tif"), null, Ct);
        using var twice = await client.SendAsync(HttpMethod.Delete, At("plate-0/image_0001.tif"), null, Ct);
        using var head = await client.SendAsync(HttpMethod.Head, At("plate-0/image_0001.tif"), null, Ct);
        var changed = await client.ListAsync($"/api/drafts/{draft}/files?changes=true", Ct);
        using var back = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/changes/plate-0/image_0001.tif", null, Ct);
        using var backTwice = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/changes/plate-0/image_0001.tif", null, Ct);
        using var headBack = await client.SendAsync(HttpMethod.Head, At("plate-0/image_0001.tif"), null, Ct);
        // Removing what replaces a file removes the file.
        using var both = await client.SendAsync(HttpMethod.Delete, At("plate-0/image_0000.tif"), null, Ct);
        var later = await client.ListAsync($"/api/drafts/{draft}/files", Ct);

        await ExpectAsync(refused, HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.AreEqual(HttpStatusCode.OK, replaced.StatusCode);
        Assert.AreEqual(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, twice.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, head.StatusCode);
        CollectionAssert.AreEqual(new[] { "plate-0/image_0000.tif Replaced", "plate-0/image_0001.tif Removed" }, changed.Select(Text).ToArray());
        Assert.AreEqual(HttpStatusCode.NoContent, back.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, backTwice.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, headBack.StatusCode);
        Assert.AreEqual(HttpStatusCode.NoContent, both.StatusCode);
        CollectionAssert.AreEqual(
            new[] { "file_list.tsv Kept", "plate-0/image_0000.tif Removed", "plate-0/image_0001.tif Kept", "plate-0/image_0002.tif Kept" }, later.Select(Text).ToArray());
    }

    [TestMethod]
    public async Task Versions_WhenOneWasSupersededUnderEmbargo_OnlyItsOwnerReadsIt()
    {
        var client = await DepositorAsync();
        var accession = await PrivateAsync(client, 74);
        var draft = await client.ReviseAsync(accession, Ct);
        var pageTab = await client.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct);
        var date = pageTab.GetProperty("attributes").EnumerateArray().First(a => a.GetProperty("name").GetString() == "ReleaseDate").GetProperty("value").GetString()!;
        using var removed = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}/files/plate-0/image_0001.tif", null, Ct);
        await client.PutFileAsync(draft, "file_list.tsv", Bytes(Encoding.UTF8.GetBytes("Files\tWell\nplate-0/image_0000.tif\tA1\nplate-0/image_0002.tif\tA3\n")), Ct);
        await client.PutPageTabAsync(draft, pageTab.GetRawText().Replace(date, "2024-01-01", StringComparison.Ordinal), Ct);
        await SubmitAsync(client, draft, "Released");
        var stranger = await DepositorAsync();

        foreach (var address in new[] { "versions/1", "files?version=1", "pagetab?version=1" })
        {
            using var hidden = await stranger.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/{address}", null, Ct);
            using var shown = await client.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/{address}", null, Ct);
            await ExpectAsync(hidden, HttpStatusCode.NotFound, "not-found");
            Assert.AreEqual(HttpStatusCode.OK, shown.StatusCode, address);
            Assert.AreEqual("no-store", shown.Headers.CacheControl!.ToString(), address);
        }
        foreach (var (caller, numbers) in new[] { (stranger, "2"), (client, "1 2") })
        {
            var head = await caller.GetJsonAsync($"/api/datasets/{accession}", Ct);
            Assert.AreEqual(numbers, string.Join(' ', head.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetInt32())));
            Assert.HasCount(numbers.Split(' ').Length, await caller.ListAsync($"/api/datasets/{accession}/versions", Ct));
        }
        using var gone = await Http.GetAsync($"/files/{accession}/plate-0/image_0001.tif?version=1", Ct);
        using var mine = await client.SendAsync(HttpMethod.Get, $"/files/{accession}/plate-0/image_0001.tif?version=1", null, Ct);
        using var page = await Http.GetAsync($"/datasets/{accession}?version=1", Ct);
        using var open = await Http.GetAsync($"/files/{accession}/plate-0/image_0000.tif?version=2", Ct);
        Assert.AreEqual(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, mine.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, page.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, open.StatusCode);
    }

    [TestMethod]
    public async Task Begin_WhenNotTheCallersToEdit_IsForbiddenWhereItIsPublicAndTheSame404AsForNoneElsewhere()
    {
        var owner = await DepositorAsync();
        var (open, _) = await DepositAsync(owner, SampleDeposit.Generate(75, 1, 10));
        var hidden = await PrivateAsync(owner, 76);
        var stranger = await DepositorAsync();

        var answers = new List<string>();
        foreach (var accession in new[] { "S-BIAR999999", hidden, "no accession" })
        {
            using var answer = await stranger.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revises = accession }), Ct);
            var body = await ExpectAsync(answer, HttpStatusCode.NotFound, "not-found");
            answers.Add($"{body.GetProperty("detail")} {body.GetProperty("title")}");
        }
        using var others = await stranger.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revises = open }), Ct);
        using var collection = await owner.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revises = open, collection = "Other" }), Ct);

        Assert.HasCount(1, answers.Distinct().ToList());
        await ExpectAsync(others, HttpStatusCode.Forbidden, "forbidden");
        Assert.AreEqual("collection-kept", Findings(await ExpectAsync(collection, HttpStatusCode.UnprocessableEntity, "invalid-input"))[0]);
    }

    [TestMethod]
    public async Task Revise_WhenACuratorDoes_ChangesPublicFilesAndIsRecordedAndAWithdrawnDatasetTakesNone()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--reserve-bytes", "1000000");
        await archive.StartAsync(Ct);
        var (owner, curator) = (new ArchiveClient(archive.Http), new ArchiveClient(archive.Http));
        await owner.RegisterAsync(Ct);
        await curator.RegisterAsync(Ct);
        var me = (await curator.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("email").GetString()!;
        var account = await MakeCuratorAsync(database, me);
        var (accession, _) = await DepositAsync(owner, SampleDeposit.Generate(77, 2, 20));

        var draft = await owner.ReviseAsync(accession, Ct);
        Assert.AreEqual(draft, await curator.ReviseAsync(accession, Ct), "one revision, which all who may edit share");
        await curator.PutFileAsync(draft, "plate-0/image_0000.tif", Bytes([9]), Ct);
        // What a curator prepared is not the depositor's to submit.
        var refused = await SubmitAsync(owner, draft, "Rejected");
        await SubmitAsync(curator, draft, "Released");
        var newest = (await owner.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items").EnumerateArray().First(e => e.GetProperty("action").GetString() == "revised");
        Assert.AreEqual((account.ToString("N"), "curator"), (newest.GetProperty("actor").GetString(), newest.GetProperty("as").GetString()), newest.GetRawText());
        Assert.AreNotEqual(JsonValueKind.Null, newest.GetProperty("onBehalfOf").ValueKind, newest.GetRawText());
        Assert.AreEqual(1, newest.GetProperty("after").GetProperty("changes").GetProperty("replaced").GetInt32());
        var datasets = new PostgresDatasetStore(database.Metadata);
        var head = (await datasets.FindAsync(Accession.Parse(accession, null), Ct))!;
        await datasets.TryWriteAsync(head with { State = DatasetState.Withdrawn, WithdrawalReason = "consent" }, Ct);

        Assert.AreEqual("file-public", refused.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.AreEqual((account, "Curator", 1L), (head.Latest.By!.Account.Value, head.Latest.By.Role.ToString(), head.Latest.Changes!.Replaced));
        foreach (var client in new[] { owner, curator })
        {
            using var answer = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revises = accession }), Ct);
            await ExpectAsync(answer, HttpStatusCode.Gone, "withdrawn");
            // Curators keep what was withdrawn, each version of it.
            using var version = await client.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/versions/1", null, Ct);
            if (client == owner) await ExpectAsync(version, HttpStatusCode.Gone, "withdrawn");
            else Assert.AreEqual(HttpStatusCode.OK, version.StatusCode);
        }
    }

    private static string Text(JsonElement file) => $"{file.GetProperty("path").GetString()} {file.GetProperty("status").GetString()}";

    private static string WithList(JsonElement pageTab, string list)
    {
        var text = pageTab.GetRawText();
        var section = $$"""{"type":"Study Component","attributes":[{"name":"Name","value":"More"},{"name":"File List","value":"{{list}}"}]},""";
        return text.Replace("\"subsections\":[{\"type\":\"author\"", "\"subsections\":[" + section + "{\"type\":\"author\"", StringComparison.Ordinal);
    }

    private static async Task<Guid> MakeCuratorAsync(TestDatabase database, string email)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """UPDATE accounts SET data = jsonb_set(data, '{role}', '"Curator"') WHERE email_key = upper($1) RETURNING id""", connection)
        {
            Parameters = { new() { Value = email } },
        };
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private async Task<JsonElement> BeginAsync(ArchiveClient client, string accession, HttpStatusCode expected)
    {
        using var answer = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { revises = accession }), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(expected, answer.StatusCode, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private async Task<JsonElement> SubmitAsync(ArchiveClient client, string draft, string state)
    {
        var submitted = await client.SubmitAsync(draft, Ct);
        var ended = await client.WaitForEndAsync(submitted.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), Ct);
        Assert.AreEqual(state, ended.GetProperty("state").GetString(), ended.ToString());
        await Poll.Until(
            async () =>
            {
                using var answer = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}", null, Ct);
                return answer.StatusCode == HttpStatusCode.NotFound || !(await client.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("sealed").GetBoolean();
            },
            "the draft is closed", Ct);
        return ended;
    }

    private async Task<string> PrivateAsync(ArchiveClient owner, int seed)
    {
        var deposit = SampleDeposit.Generate(seed, 3, 30);
        var later = TimeProvider.System.GetUtcNow().AddDays(200).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (accession, _) = await DepositAsync(owner, deposit with { PageTabJson = deposit.PageTabJson.Replace("2024-01-01", later, StringComparison.Ordinal) });
        return accession;
    }

    private async Task<HttpResponseMessage> SendAsync(ArchiveClient client, string address, byte[] bytes, (string Name, string Value) field)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = Bytes(bytes) };
        request.Headers.TryAddWithoutValidation(field.Name, field.Value);
        request.Headers.Authorization = new("Bearer", await TokenAsync(client));
        return await Http.SendAsync(request, Ct);
    }
}

/// <summary>Reading as a stranger.</summary>
internal static class StrangerReading
{
    public static async Task<JsonElement> GetFromJsonTextAsync(this HttpClient http, string address, CancellationToken ct) =>
        JsonDocument.Parse(await http.GetStringAsync(address, ct)).RootElement.Clone();
}
