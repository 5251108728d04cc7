using System.Net;
using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>Another owner, and what curators begin for depositors.</summary>
public sealed partial class SharingTests
{
    [TestMethod]
    public async Task Owner_WhenOfferedAndAccepted_IsTheOtherAndTheFormerReadsItNoMore()
    {
        var (owner, heir, other) = (await DepositorAsync(), await DepositorAsync(), await DepositorAsync());
        var accession = await PrivateAsync(owner);
        var draft = await owner.BeginDraftAsync(Ct);

        foreach (var at in new[] { $"/api/datasets/{accession}", $"/api/drafts/{draft}" })
        {
            using (var early = await heir.SendAsync(Post, at + "/owner/acceptance", null, Ct)) await ExpectAsync(early, HttpStatusCode.NotFound, "not-found");
            await OfferAsync(owner, at, other.Email!, "Offered");
            await OfferAsync(owner, at, heir.Email!, "Offered");
            using (var fallen = await other.SendAsync(Post, at + "/owner/acceptance", null, Ct)) await ExpectAsync(fallen, HttpStatusCode.NotFound, "not-found");
            using (var reading = await heir.SendAsync(Get, at, null, Ct)) await ExpectAsync(reading, HttpStatusCode.NotFound, "not-found");
            foreach (var _ in Enumerable.Range(0, 2))
            {
                using var accepted = await heir.SendAsync(Post, at + "/owner/acceptance", null, Ct);
                Assert.AreEqual(HttpStatusCode.OK, accepted.StatusCode);
            }
            using (var mine = await heir.SendAsync(Get, at, null, Ct)) Assert.AreEqual(HttpStatusCode.OK, mine.StatusCode);
            using (var lost = await owner.SendAsync(Get, at, null, Ct)) await ExpectAsync(lost, HttpStatusCode.NotFound, "not-found");
            using (var back = await owner.SendAsync(Post, at + "/owner/acceptance", null, Ct)) await ExpectAsync(back, HttpStatusCode.NotFound, "not-found");
        }
        Assert.DoesNotContain(accession, (await owner.GetJsonAsync("/api/submissions", Ct)).GetRawText(), "what he gave away is not listed to him");
        Assert.Contains(accession, (await heir.GetJsonAsync("/api/submissions", Ct)).GetRawText());
        var mails = new MailBox(Archive.DataFolder);
        await Poll.Until(() => mails.To(owner.Email!).Count(m => m.Subject.Contains("another owner", StringComparison.Ordinal)) == 2
            && mails.To(heir.Email!).Count(m => m.Subject.Contains("another owner", StringComparison.Ordinal)) == 2
            && mails.To(heir.Email!).Count(m => m.Subject.Contains("offered", StringComparison.Ordinal)) == 2, "all are told, each once", Ct, TimeSpan.FromSeconds(30));
        var history = (await heir.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items").EnumerateArray().Select(h => h.GetProperty("action").GetString()).ToList();
        Assert.AreEqual(1, history.Count(a => a == "owner-changed"));
    }

    [TestMethod]
    public async Task Owner_WhenAnOfferIsAcceptedAndTakenBackAtOnce_OnlyOneOfThemIsDone()
    {
        var (owner, heir) = (await DepositorAsync(), await DepositorAsync());
        for (var i = 0; i < 12; i++)
        {
            var at = $"/api/drafts/{await owner.BeginDraftAsync(Ct)}";
            await OfferAsync(owner, at, heir.Email!, "Offered");

            var answers = await Task.WhenAll(heir.SendAsync(Post, at + "/owner/acceptance", null, Ct), owner.SendAsync(Delete, at + "/owner", null, Ct));
            using var accepted = answers[0];
            using var takenBack = answers[1];

            Assert.AreNotEqual(accepted.IsSuccessStatusCode, takenBack.IsSuccessStatusCode, $"{accepted.StatusCode}, {takenBack.StatusCode}: who takes back and is told so keeps it");
            using var kept = await owner.SendAsync(Get, at, null, Ct);
            Assert.AreEqual(takenBack.IsSuccessStatusCode, kept.IsSuccessStatusCode);
        }
    }

    [TestMethod]
    public async Task Owner_WhenADatasetChangedHands_ItsSubmissionsDidToo()
    {
        var (owner, heir, curator) = (await DepositorAsync(), await DepositorAsync(), await CuratorAsync());
        var (accession, submission) = await DepositAsync(owner, SampleDeposit.Generate(9, 1, 100));
        using (var early = await heir.SendAsync(Get, $"/api/submissions/{submission}", null, Ct)) await ExpectAsync(early, HttpStatusCode.NotFound, "not-found");

        await OfferAsync(curator, $"/api/datasets/{accession}", heir.Email!, "Transferred");

        using (var mine = await heir.SendAsync(Get, $"/api/submissions/{submission}", null, Ct)) Assert.AreEqual(HttpStatusCode.OK, mine.StatusCode);
        foreach (var method in new[] { Get, Delete })
        {
            using var lost = await owner.SendAsync(method, $"/api/submissions/{submission}", null, Ct);
            await ExpectAsync(lost, HttpStatusCode.NotFound, "not-found");
        }
    }

    [TestMethod]
    public async Task Owner_WhenACuratorDecides_IsTheOtherAtOnceAndTheChangeIsNotPublic()
    {
        var (owner, heir, curator) = (await DepositorAsync(), await DepositorAsync(), await CuratorAsync());
        var (accession, submission) = await DepositAsync(owner, SampleDeposit.Generate(6, 1, 100));
        var before = await Http.GetStringAsync($"/api/datasets/{accession}", Ct);

        using (var unknown = await curator.SendAsync(Post, $"/api/datasets/{accession}/owner", Json(new { email = "no.such@example.org" }), Ct))
            CollectionAssert.AreEqual(new[] { "account-unknown" }, Findings(await ExpectAsync(unknown, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        await OfferAsync(curator, $"/api/datasets/{accession}", heir.Email!, "Transferred");

        Assert.AreEqual(before, await Http.GetStringAsync($"/api/datasets/{accession}", Ct), "not even the change number");
        var told = (await heir.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items")[0];
        Assert.AreEqual(("owner-changed", "curator"), (told.GetProperty("action").GetString(), told.GetProperty("as").GetString()));
        Assert.AreEqual((await owner.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString(), told.GetProperty("onBehalfOf").GetString());
        Assert.AreEqual(submission, (await heir.GetSubmissionAsync(submission, Ct)).GetProperty("id").GetString(), "submissions are the dataset's owner's");
        foreach (var method in new[] { Get, Delete })
        {
            using var former = await owner.SendAsync(method, $"/api/submissions/{submission}", null, Ct);
            await ExpectAsync(former, HttpStatusCode.NotFound, "not-found");
        }
        using (var ended = await heir.SendAsync(Delete, $"/api/submissions/{submission}", null, Ct)) Assert.AreEqual(HttpStatusCode.Conflict, ended.StatusCode);
        using var lost = await owner.SendAsync(Get, $"/api/datasets/{accession}/history", null, Ct);
        await ExpectAsync(lost, HttpStatusCode.Forbidden, "forbidden");
    }

    [TestMethod]
    public async Task Draft_WhenACuratorBeginsItForADepositor_IsTheDepositorsAndWhatTheCuratorDoesIsRecorded()
    {
        var (owner, curator, boss) = (await DepositorAsync(), await CuratorAsync(), await OperatorAsync());

        using (var refused = await owner.SendAsync(Post, "/api/drafts", Json(new { onBehalfOf = owner.Email }), Ct)) await ExpectAsync(refused, HttpStatusCode.Forbidden, "forbidden");
        using (var unknown = await curator.SendAsync(Post, "/api/drafts", Json(new { onBehalfOf = "no.such@example.org" }), Ct)) await ExpectAsync(unknown, HttpStatusCode.UnprocessableEntity, "invalid-input");
        string draft;
        using (var begun = await curator.SendAsync(Post, "/api/drafts", Json(new { onBehalfOf = owner.Email }), Ct))
        {
            using var json = JsonDocument.Parse(await begun.Content.ReadAsStringAsync(Ct));
            draft = json.RootElement.GetProperty("id").GetString()!;
        }
        var deposit = SampleDeposit.Generate(7, 2, 100);
        await curator.PutPageTabAsync(draft, deposit.PageTabJson, Ct);
        foreach (var file in deposit.Uploads)
        {
            using var content = new StreamContent(file.Open());
            await curator.PutFileAsync(draft, file.Path, content, Ct);
        }
        var submitted = await curator.SubmitAsync(draft, Ct);
        await owner.WaitForEndAsync(submitted.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), Ct);

        Assert.IsEmpty(await curator.ListAsync("/api/drafts", Ct));
        var history = await owner.GetJsonAsync($"/api/datasets/{submitted.GetProperty("accession").GetString()}/history", Ct);
        Assert.AreEqual("deposited", history.GetProperty("items")[0].GetProperty("action").GetString());
        var (ownerId, curatorId) = ((await owner.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString(), (await curator.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString());
        var entries = (await boss.GetJsonAsync($"/api/audit?kind=draft&id={draft}", Ct)).GetProperty("items").EnumerateArray().ToList();
        CollectionAssert.AreEqual(new[] { "draft-submitted", "draft-changed", "draft-begun" }, entries.Select(e => e.GetProperty("action").GetString()).ToArray());
        foreach (var entry in entries) Assert.AreEqual((curatorId, ownerId), (entry.GetProperty("actor").GetString(), entry.GetProperty("onBehalfOf").GetString()));
        await Poll.Until(() => new MailBox(Archive.DataFolder).To(owner.Email!).Any(m => m.Subject.Contains("began a draft", StringComparison.Ordinal)), "the depositor is told", Ct, TimeSpan.FromSeconds(30));
    }

    private async Task OfferAsync(ArchiveClient owner, string at, string email, string state)
    {
        using var answer = await owner.SendAsync(Post, at + "/owner", Json(new { email }), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
        Assert.Contains($"\"{state}\"", text);
    }
}
