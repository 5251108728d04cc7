using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>Drafts and datasets shared with others, given to others, and begun for others.</summary>
[TestClass]
public sealed partial class SharingTests : HttpTest
{
    private static readonly HttpMethod Get = HttpMethod.Get, Put = HttpMethod.Put, Post = HttpMethod.Post, Delete = HttpMethod.Delete, Patch = HttpMethod.Patch;

    [TestMethod]
    public async Task Draft_WhenShared_IsReadByReadersWrittenByEditorsAndManagedByItsOwner()
    {
        var (owner, reader, editor, stranger) = (await DepositorAsync(), await DepositorAsync(), await DepositorAsync(), await DepositorAsync());
        var draft = await owner.BeginDraftAsync(Ct);
        var at = $"/api/drafts/{draft}";
        await ShareAsync(owner, at, reader.Email!, "Reader");
        var entry = await ShareAsync(owner, at, editor.Email!, "Editor");

        // What it is to be allowed stands in the words of the design: a reader reads, an editor writes and submits, only the owner does the rest.
        var table = new (HttpMethod Method, string Suffix, Func<HttpContent?> Body, HttpStatusCode Reader, HttpStatusCode Editor)[]
        {
            (Get, "", () => null, HttpStatusCode.OK, HttpStatusCode.OK),
            (Get, "/metadata", () => null, HttpStatusCode.NoContent, HttpStatusCode.NoContent),
            (Get, "/files", () => null, HttpStatusCode.OK, HttpStatusCode.OK),
            (Get, "/proposals", () => null, HttpStatusCode.OK, HttpStatusCode.OK),
            (Post, "/validation", () => null, HttpStatusCode.OK, HttpStatusCode.OK),
            (Put, "/metadata", () => JsonText("{}"), HttpStatusCode.Forbidden, HttpStatusCode.OK),
            (Put, "/files/a.txt", () => Bytes([1]), HttpStatusCode.Forbidden, HttpStatusCode.Created),
            (Delete, "/files/a.txt", () => null, HttpStatusCode.Forbidden, HttpStatusCode.NoContent),
            (Post, "/submission", () => null, HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity),
            (Get, "/collaborators", () => null, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
            (Post, "/collaborators", () => Json(new { email = "x@example.org", access = "Reader" }), HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
            (Delete, $"/collaborators/{entry}", () => null, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
            (Post, "/owner", () => Json(new { email = "x@example.org" }), HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
            (Delete, "", () => null, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
        };
        foreach (var (method, suffix, body, byReader, byEditor) in table)
            foreach (var (client, expected) in new[] { (reader, byReader), (editor, byEditor), (stranger, HttpStatusCode.NotFound) })
            {
                using var answer = await client.SendAsync(method, at + suffix, body(), Ct);
                Assert.AreEqual(expected, answer.StatusCode, $"{method} {suffix}: {await answer.Content.ReadAsStringAsync(Ct)}");
            }

        var listed = (await editor.GetJsonAsync("/api/drafts", Ct)).GetProperty("items")[0];
        Assert.AreEqual((draft, "Editor"), (listed.GetProperty("id").GetString(), listed.GetProperty("access").GetString()));
        Assert.AreEqual("Reader", (await reader.GetJsonAsync(at, Ct)).GetProperty("access").GetString());
        Assert.IsEmpty(await stranger.ListAsync("/api/drafts", Ct));
        using (var gone = await owner.SendAsync(Delete, $"{at}/collaborators/{entry}", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, gone.StatusCode);
        using (var after = await editor.SendAsync(Get, at, null, Ct)) await ExpectAsync(after, HttpStatusCode.NotFound, "not-found");
        Assert.IsEmpty(await editor.ListAsync("/api/drafts", Ct));
    }

    [TestMethod]
    public async Task Share_WhenTheAddressHasNoAccount_IsAnsweredAlikeAndHoldsOnceItIsConfirmed()
    {
        var (owner, known) = (await DepositorAsync(), await DepositorAsync());
        var draft = await owner.BeginDraftAsync(Ct);
        var at = $"/api/drafts/{draft}/collaborators";
        var unknown = $"depositor-{Guid.NewGuid():N}@example.org";

        var answers = new List<string>();
        foreach (var email in new[] { known.Email!, unknown })
        {
            using var answer = await owner.SendAsync(Post, at, Json(new { email, access = "Editor" }), Ct);
            answers.Add((int)answer.StatusCode + answer.Headers.ToString() + await answer.Content.ReadAsStringAsync(Ct));
        }
        Assert.AreEqual(Mask(answers[0]), Mask(answers[1]));
        var list = (await owner.GetJsonAsync(at, Ct)).GetProperty("items").EnumerateArray().Select(i => Mask(i.GetRawText())).ToList();
        Assert.AreEqual(list[0], list[1]);
        await Poll.Until(() => new MailBox(Archive.DataFolder).To(unknown).Count == 1, "the person is told", Ct, TimeSpan.FromSeconds(30));

        using (var registered = await Http.PostAsync("/api/accounts", Json(new { email = unknown.ToUpperInvariant(), password = ArchiveClient.Password, name = "Late" }), Ct)) Assert.IsTrue(registered.IsSuccessStatusCode);
        var late = new ArchiveClient(Http);
        await late.SignInAsync(unknown, ArchiveClient.Password, Ct);
        using (var before = await late.SendAsync(Get, $"/api/drafts/{draft}", null, Ct)) await ExpectAsync(before, HttpStatusCode.NotFound, "not-found");
        Assert.IsEmpty(await late.ListAsync("/api/drafts", Ct));
        await late.ConfirmAsync(await new MailBox(Archive.DataFolder).TokenAsync(unknown, Ct), Ct);

        Assert.HasCount(1, await late.ListAsync("/api/drafts", Ct));
        Assert.AreEqual("Editor", (await late.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("access").GetString());
        Assert.HasCount(1, await late.ListAsync("/api/drafts", Ct));
    }

    [TestMethod]
    public async Task Dataset_WhenItsDraftWasShared_IsSharedTooAndOnlyItsOwnerMovesDates()
    {
        var (owner, reader, editor, stranger) = (await DepositorAsync(), await DepositorAsync(), await DepositorAsync(), await DepositorAsync());
        var deposit = SampleDeposit.Generate(5, 1, 100);
        deposit = deposit with { PageTabJson = deposit.PageTabJson.Replace("2024-01-01", TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal) };
        var depositing = new Depositing(owner, deposit);
        await depositing.BeginAsync(Ct);
        await ShareAsync(owner, $"/api/drafts/{depositing.Draft}", reader.Email!, "Reader");
        await ShareAsync(owner, $"/api/drafts/{depositing.Draft}", editor.Email!, "Editor");
        await depositing.UploadAsync(Ct);
        var submitted = await editor.SubmitAsync(depositing.Draft!, Ct);
        var (accession, submission) = (submitted.GetProperty("accession").GetString()!, submitted.GetProperty("submission").GetString()!);
        await editor.WaitForEndAsync(submission, TimeSpan.FromMinutes(1), Ct);

        Assert.AreEqual(submission, (await editor.SubmitAsync(depositing.Draft!, Ct)).GetProperty("submission").GetString(), "a repetition after the draft is gone");
        foreach (var client in new[] { reader, editor })
        {
            Assert.AreEqual("Private", (await client.GetJsonAsync($"/api/datasets/{accession}", Ct)).GetProperty("state").GetString());
            Assert.Contains("Ada Depositor", (await client.GetJsonAsync($"/api/datasets/{accession}/pagetab", Ct)).GetRawText());
            Assert.AreEqual(submission, (await client.GetSubmissionAsync(submission, Ct)).GetProperty("id").GetString());
            foreach (var (method, suffix, body) in new (HttpMethod, string, object?)[]
            {
                (Patch, "", new { releaseDate = "2024-01-01" }), (Get, "/history", null), (Get, "/access-keys", null), (Get, "/blind-view", null), (Get, "/collaborators", null),
                (Post, "/withdrawal", new { reason = "No right to do this." }), (Post, "/owner", new { email = "x@example.org" }),
            })
            {
                using var answer = await client.SendAsync(method, $"/api/datasets/{accession}{suffix}", body is null ? null : Json(body), Ct);
                await ExpectAsync(answer, HttpStatusCode.Forbidden, "forbidden");
            }
        }
        using (var hidden = await stranger.SendAsync(Get, $"/api/datasets/{accession}", null, Ct)) await ExpectAsync(hidden, HttpStatusCode.NotFound, "not-found");
        var people = (await owner.GetJsonAsync($"/api/datasets/{accession}/collaborators", Ct)).GetProperty("items");
        Assert.AreEqual(2, people.GetArrayLength());
        using (var gone = await owner.SendAsync(Delete, $"/api/datasets/{accession}/collaborators/{people[0].GetProperty("id").GetString()}", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, gone.StatusCode);
        using (var after = await reader.SendAsync(Get, $"/api/datasets/{accession}", null, Ct)) await ExpectAsync(after, HttpStatusCode.NotFound, "not-found");
        var history = (await owner.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetRawText();
        Assert.Contains("unshared", history);
    }

    [TestMethod]
    public async Task Revision_WhenAnEditorGivesAnotherReleaseDate_KeepsTheDateThatStands()
    {
        var (owner, editor) = (await DepositorAsync(), await DepositorAsync());
        var standing = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var deposit = SampleDeposit.Generate(15, 1, 100);
        var depositing = new Depositing(owner, deposit with { PageTabJson = deposit.PageTabJson.Replace("2024-01-01", standing, StringComparison.Ordinal) });
        await depositing.BeginAsync(Ct);
        await ShareAsync(owner, $"/api/drafts/{depositing.Draft}", editor.Email!, "Editor");
        await depositing.UploadAsync(Ct);
        var accession = (await owner.SubmitAsync(depositing.Draft!, Ct)).GetProperty("accession").GetString()!;
        await Poll.Until(async () =>
        {
            using var found = await owner.SendAsync(Get, $"/api/datasets/{accession}", null, Ct);
            return found.IsSuccessStatusCode;
        }, "the dataset stands", Ct);

        var draft = await editor.ReviseAsync(accession, Ct);
        var pageTab = (await editor.GetJsonAsync($"/api/drafts/{draft}/metadata", Ct)).GetRawText();
        await editor.PutPageTabAsync(draft, pageTab.Replace(standing, "2024-01-01", StringComparison.Ordinal), Ct);
        var submission = (await editor.SubmitAsync(draft, Ct)).GetProperty("submission").GetString()!;
        var ended = await editor.WaitForEndAsync(submission, TimeSpan.FromMinutes(1), Ct);

        Assert.AreEqual("Private", ended.GetProperty("state").GetString());
        Assert.Contains("release-date-kept", ended.GetProperty("findings").GetRawText());
        var dataset = await owner.GetJsonAsync($"/api/datasets/{accession}", Ct);
        Assert.AreEqual("Private", dataset.GetProperty("state").GetString());
        Assert.StartsWith(standing, dataset.GetProperty("releaseDate").GetString()!);
        Assert.Contains(standing, (await owner.GetJsonAsync($"/api/datasets/{accession}/pagetab", Ct)).GetRawText());
        var newest = (await owner.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items")[0];
        var me = (await editor.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString();
        Assert.AreEqual(("revised", me), (newest.GetProperty("action").GetString(), newest.GetProperty("actor").GetString()), newest.GetRawText());
    }

    [TestMethod]
    public async Task Share_WhenWrongOrTooMany_IsRefused()
    {
        var owner = await DepositorAsync();
        var at = $"/api/drafts/{await owner.BeginDraftAsync(Ct)}";

        using (var wrong = await owner.SendAsync(Post, at + "/collaborators", Json(new { email = "nobody", access = "Owner" }), Ct))
            CollectionAssert.AreEqual(new[] { "email", "access" }, Findings(await ExpectAsync(wrong, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        using (var self = await owner.SendAsync(Post, at + "/collaborators", Json(new { email = owner.Email!.ToUpperInvariant(), access = "Reader" }), Ct))
            CollectionAssert.AreEqual(new[] { "owner" }, Findings(await ExpectAsync(self, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        for (var i = 0; i < 50; i++) await ShareAsync(owner, at, $"{Guid.NewGuid():N}@example.org", "Reader");
        using var many = await owner.SendAsync(Put, at + "/collaborators", Json(new { email = "one.more@example.org", access = "Reader" }), Ct);
        CollectionAssert.AreEqual(new[] { "collaborators" }, Findings(await ExpectAsync(many, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
    }

    private async Task<string> ShareAsync(ArchiveClient owner, string at, string email, string access)
    {
        using var answer = await owner.SendAsync(Post, at + "/collaborators", Json(new { email, access }), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("id").GetString()!;
    }

    private async Task<string> PrivateAsync(ArchiveClient owner)
    {
        var deposit = SampleDeposit.Generate(8, 1, 100);
        var nextYear = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return (await DepositAsync(owner, deposit with { PageTabJson = deposit.PageTabJson.Replace("2024-01-01", nextYear, StringComparison.Ordinal) })).Accession;
    }

    // Of an entry its id, its time and the address that was sent; of an answer its date.
    private static string Mask(string answer) => Volatile().Replace(answer, "*");

    [GeneratedRegex("Date: [^\r\n]*|[0-9a-f]{32}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", RegexOptions.None, 1000)]
    private static partial Regex Volatile();
}
