using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Accounts;

/// <summary>What the owner of an account does with it, over HTTP and by the mails that the archive writes.</summary>
[TestClass]
public sealed partial class AccountFlowTests : HttpTest
{
    private const string Password = "the first password";

    private MailBox Mails => new(Archive.DataFolder);

    [TestMethod]
    public async Task Deposit_WhenTheAddressIsUnconfirmed_IsRefusedUntilTheMailIsAnswered()
    {
        var email = await RegisterAsync("Ada Lövelace");
        var client = await SignedInAsync(email, Password);

        using (var refused = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { }), Ct))
            await ExpectAsync(refused, HttpStatusCode.Forbidden, "email-unconfirmed");
        Assert.IsFalse((await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("confirmed").GetBoolean());
        using (var list = await client.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct)) Assert.AreEqual(HttpStatusCode.OK, list.StatusCode);
        var token = await Mails.TokenAsync(email, Ct);
        using (var wrong = await Http.PostAsync("/api/accounts/confirm", Json(new { token = new string('A', 64) }), Ct))
            await ExpectAsync(wrong, HttpStatusCode.BadRequest, "mail-token-worthless");
        await client.ConfirmAsync(token, Ct);
        await client.ConfirmAsync(token, Ct); // as after a lost answer

        using var draft = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { }), Ct);
        Assert.AreEqual(HttpStatusCode.Created, draft.StatusCode);
        var mail = Mails.To(email).Single();
        Assert.Contains("Ada Lövelace", mail.Text);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mails.Files()[0].UnixFileMode);
        Assert.DoesNotContain(token, Archive.Output);
    }

    [TestMethod]
    public async Task Register_WhenTheAddressHasAnAccount_AnswersAlikeAndTellsItsOwnerAlone()
    {
        var client = await DepositorAsync();
        var free = $"{Guid.NewGuid():N}@example.org";

        using var taken = await Http.PostAsync("/api/accounts", Json(new { email = client.Email!.ToUpperInvariant(), password = "another password", name = "Eve" }), Ct);
        using var first = await Http.PostAsync("/api/accounts", Json(new { email = free, password = "another password", name = "Eve" }), Ct);

        Assert.AreEqual(first.StatusCode, taken.StatusCode);
        Assert.AreEqual((await first.Content.ReadAsStringAsync(Ct)).Replace(free, "X", StringComparison.Ordinal),
            (await taken.Content.ReadAsStringAsync(Ct)).Replace(client.Email!.ToUpperInvariant(), "X", StringComparison.Ordinal));
        CollectionAssert.AreEqual(Names(first), Names(taken));
        await Poll.Until(() => Mails.To(client.Email!).Count == 2, "the owner is told", Ct);
        var told = Mails.To(client.Email!)[^1];
        Assert.AreEqual("You already have an account", told.Subject);
        Assert.IsNull(told.Token);
        Assert.DoesNotContain("Eve", told.Text);
        using var refused = await Http.PostAsync("/api/sessions", Json(new { email = client.Email, password = "another password" }), Ct);
        await ExpectAsync(refused, HttpStatusCode.Unauthorized, "wrong-credentials");
    }

    [TestMethod]
    [DataRow("/api/accounts")]
    [DataRow("/api/accounts/password-reset")]
    public async Task Answer_WhetherOrNotTheAddressHasAnAccount_IsAlikeInStatusHeadersBodyAndTime(string address)
    {
        var (confirmed, unconfirmed) = ((await DepositorAsync()).Email!, await RegisterAsync("Not Yet"));
        var (answers, times) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, List<TimeSpan>>(StringComparer.Ordinal));

        for (var round = 0; round < 5; round++)
        {
            foreach (var (kind, email) in new[] { ("confirmed", confirmed), ("unconfirmed", unconfirmed), ("none", $"{Guid.NewGuid():N}@example.org") })
            {
                var body = $$"""{"email":"{{email}}","password":"another password","name":"Eve"}""";
                var begun = Stopwatch.GetTimestamp();
                var (status, answer) = await RawHttp.SendAsync(Archive.Port, $"POST {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + $"Content-Length: {body.Length}\r\n\r\n{body}", Ct);
                if (!times.TryGetValue(kind, out var all)) times[kind] = all = [];
                all.Add(Stopwatch.GetElapsedTime(begun));
                Assert.AreEqual(202, status, answer);
                // The answer repeats the address; its length, in hexadecimal before the chunk, follows from that.
                answers.Add(Volatile().Replace(answer.Replace(email, "X", StringComparison.Ordinal), "*"));
            }
        }

        Assert.HasCount(1, answers, string.Join('\n', answers));
        // None comes before its step, so none is told by coming early; what is left is the machine's.
        foreach (var (kind, all) in times) Assert.IsGreaterThan(TimeSpan.FromMilliseconds(240), all.Min(), kind);
        var medians = times.Values.Select(all => all.Order().ElementAt(2)).ToList();
        Assert.IsLessThan(TimeSpan.FromMilliseconds(125), medians.Max() - medians.Min(), string.Join(' ', medians));
    }

    // Whoever registers another's address first must not get into the account that its owner then confirms.
    [TestMethod]
    public async Task Confirm_WhenSomebodyElseRegisteredTheAddressFirst_LetsOnlyTheOwnerIn()
    {
        var email = await RegisterAsync("Squatter", "the squatter's password");
        var squatter = await SignedInAsync(email, "the squatter's password");
        var theirs = await Mails.TokenAsync(email, Ct);
        using (var made = await squatter.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", Json(new { name = "way back" }), Ct)) Assert.AreEqual(HttpStatusCode.Created, made.StatusCode);
        using (var again = await Http.PostAsync("/api/accounts", Json(new { email, password = "the owner's password", name = "Owner" }), Ct)) again.EnsureSuccessStatusCode();
        await Poll.Until(() => Mails.To(email).Count == 2, "the owner gets a mail", Ct);
        var ours = Mails.To(email).Select(m => m.Token!).Single(t => t != theirs);

        await squatter.ConfirmAsync(ours, Ct);

        using (var ended = await squatter.SendAsync(HttpMethod.Get, "/api/accounts/me", null, Ct)) await ExpectAsync(ended, HttpStatusCode.Unauthorized, "session-expired");
        using (var wrong = await Http.PostAsync("/api/sessions", Json(new { email, password = "the squatter's password" }), Ct))
            await ExpectAsync(wrong, HttpStatusCode.Unauthorized, "wrong-credentials");
        using (var late = await Http.PostAsync("/api/accounts/confirm", Json(new { token = theirs }), Ct))
            await ExpectAsync(late, HttpStatusCode.BadRequest, "mail-token-worthless");
        var owner = await SignedInAsync(email, "the owner's password");
        Assert.AreEqual("Owner", (await owner.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("name").GetString());
        Assert.IsEmpty((await owner.GetJsonAsync("/api/accounts/me/tokens", Ct)).GetProperty("items").EnumerateArray());
    }

    [TestMethod]
    public async Task Reset_WhenTheMailIsAnswered_SetsThePasswordOnceAndEndsEverySignIn()
    {
        var client = await DepositorAsync();
        var unknown = $"{Guid.NewGuid():N}@example.org";
        using (var known = await Http.PostAsync("/api/accounts/password-reset", Json(new { email = client.Email }), Ct))
        using (var nobody = await Http.PostAsync("/api/accounts/password-reset", Json(new { email = unknown }), Ct))
        {
            Assert.AreEqual(HttpStatusCode.Accepted, known.StatusCode);
            Assert.AreEqual(known.StatusCode, nobody.StatusCode);
            Assert.AreEqual((await known.Content.ReadAsStringAsync(Ct)).Replace(client.Email!, "X", StringComparison.Ordinal),
                (await nobody.Content.ReadAsStringAsync(Ct)).Replace(unknown, "X", StringComparison.Ordinal));
        }
        var token = await Mails.TokenAsync(client.Email!, Ct, 2);

        using (var weak = await Http.PostAsync("/api/accounts/password-reset/confirm", Json(new { token, password = "short" }), Ct))
            await ExpectAsync(weak, HttpStatusCode.UnprocessableEntity, "invalid-input");
        // Sent by several at once, it is still good once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Http.PostAsync("/api/accounts/password-reset/confirm", Json(new { token, password = $"the new password {i}" }), Ct)));
        var winner = Array.FindIndex(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.AreEqual(1, answers.Count(a => a.StatusCode == HttpStatusCode.NoContent));
        foreach (var loser in answers.Where((_, i) => i != winner)) await ExpectAsync(loser, HttpStatusCode.BadRequest, "mail-token-worthless");

        using (var ended = await client.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct)) await ExpectAsync(ended, HttpStatusCode.Unauthorized, "session-expired");
        using (var old = await Http.PostAsync("/api/sessions", Json(new { email = client.Email, password = ArchiveClient.Password }), Ct))
            await ExpectAsync(old, HttpStatusCode.Unauthorized, "wrong-credentials");
        await SignedInAsync(client.Email!, $"the new password {winner}");
        await Poll.Until(() => Mails.To(client.Email!).Any(m => m.Subject == "Your password was changed"), "the owner is told", Ct);
        Assert.IsEmpty(Mails.To(unknown));
        Assert.DoesNotContain(token, Archive.Output);
    }

    [TestMethod]
    public async Task Change_WhenThePasswordIsNew_KeepsThisSignInAndEndsTheOthers()
    {
        var client = await DepositorAsync();
        var other = await SignedInAsync(client.Email!, ArchiveClient.Password);

        using (var wrong = await client.SendAsync(HttpMethod.Patch, "/api/accounts/me", Json(new { newPassword = "an entirely new one", currentPassword = "wrong" }), Ct))
            CollectionAssert.AreEqual(new[] { "current-password" }, Findings(await ExpectAsync(wrong, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        using (var changed = await client.SendAsync(HttpMethod.Patch, "/api/accounts/me",
            Json(new { name = "Another Name", newPassword = "an entirely new one", currentPassword = ArchiveClient.Password }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, changed.StatusCode);

        Assert.AreEqual("Another Name", (await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("name").GetString());
        using (var ended = await other.SendAsync(HttpMethod.Get, "/api/accounts/me", null, Ct)) await ExpectAsync(ended, HttpStatusCode.Unauthorized, "session-expired");
        await SignedInAsync(client.Email!, "an entirely new one");
        var actions = Actions(await client.GetJsonAsync("/api/accounts/me/audit", Ct));
        CollectionAssert.AreEqual(new[] { "password-changed", "name-changed", "email-confirmed", "registered" }, actions);
        using var surprise = await client.SendAsync(HttpMethod.Patch, "/api/accounts/me", Json(new { role = "Operator" }), Ct);
        await ExpectAsync(surprise, HttpStatusCode.BadRequest, "bad-request");
    }

    [TestMethod]
    public async Task Change_WhenTheAddressIsNew_CountsOnceItsMailIsAnswered()
    {
        var client = await DepositorAsync();
        var (old, email) = (client.Email!, $"new-{Guid.NewGuid():N}@example.org");
        using (var asked = await client.SendAsync(HttpMethod.Patch, "/api/accounts/me", Json(new { email, currentPassword = ArchiveClient.Password }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, asked.StatusCode);
        var me = await client.GetJsonAsync("/api/accounts/me", Ct);
        Assert.AreEqual((old, email), (me.GetProperty("email").GetString(), me.GetProperty("pendingEmail").GetString()));

        await client.ConfirmAsync(await Mails.TokenAsync(email, Ct), Ct);

        Assert.AreEqual(email, (await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("email").GetString());
        await SignedInAsync(email, ArchiveClient.Password);
        await Poll.Until(() => Mails.To(old).Any(m => m.Subject == "Your e-mail address was changed" && m.Text.Contains(email, StringComparison.Ordinal)), "the old address is told", Ct);
        // An address that somebody has is answered alike, and nothing changes.
        var someone = await DepositorAsync();
        using (var taken = await client.SendAsync(HttpMethod.Patch, "/api/accounts/me", Json(new { email = someone.Email, currentPassword = ArchiveClient.Password }), Ct))
            Assert.AreEqual(HttpStatusCode.OK, taken.StatusCode);
        await Poll.Until(() => Mails.To(someone.Email!).Any(m => m.Subject == "You already have an account"), "its owner is told", Ct);
    }

    [TestMethod]
    public async Task Pages_WhenTheLinksOfMailsAreOpened_DoWithoutScript()
    {
        var email = await RegisterAsync("Page Reader");
        var token = await Mails.TokenAsync(email, Ct);
        using var noFollow = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Archive.Address };

        var page = await noFollow.GetStringAsync($"/account/confirm?token={token}", Ct);
        using var opened = await noFollow.GetAsync($"/account/confirm?token={token}", Ct);
        using var confirmed = await noFollow.PostAsync("/account/confirm", Form("token", token), Ct);
        using var worthless = await noFollow.PostAsync("/account/confirm", Form("token", "nothing"), Ct);
        using var asked = await noFollow.PostAsync("/account/password", Form("email", email), Ct);
        var reset = await Mails.TokenAsync(email, Ct, 2);
        using var changed = await noFollow.PostAsync("/account/password/new", new FormUrlEncodedContent([new("token", reset), new("password", "set on a page")]), Ct);

        Assert.Contains($"value=\"{token}\"", page);
        Assert.AreEqual("no-store", opened.Headers.CacheControl?.ToString());
        Assert.AreEqual((HttpStatusCode.SeeOther, "/account/done/confirmed"), (confirmed.StatusCode, confirmed.Headers.Location?.ToString()));
        Assert.AreEqual("/problems/mail-token-worthless", worthless.Headers.Location?.ToString());
        Assert.AreEqual("/account/done/password-sent", asked.Headers.Location?.ToString());
        Assert.AreEqual("/account/done/password-changed", changed.Headers.Location?.ToString());
        foreach (var address in new[] { "/account/password", "/account/password/new", "/account/done/confirmed" })
            Assert.Contains("</html>", await Http.GetStringAsync(address, Ct));
        await SignedInAsync(email, "set on a page");
    }

    private async Task<string> RegisterAsync(string name, string password = Password)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var answer = await Http.PostAsync("/api/accounts", Json(new { email, password, name }), Ct);
        Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        return email;
    }

    private async Task<ArchiveClient> SignedInAsync(string email, string password)
    {
        var client = new ArchiveClient(Http);
        await client.SignInAsync(email, password, Ct);
        return client;
    }

    private static FormUrlEncodedContent Form(string name, string value) => new([new(name, value)]);

    [GeneratedRegex("(?<=\r\nDate: )[^\r]*|(?<=\r\n\r\n)[0-9a-f]+(?=\r\n)|[0-9a-f]{32}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Volatile();

    private static string[] Names(HttpResponseMessage answer) => [.. answer.Headers.Select(h => h.Key).Order()];

    private static string[] Actions(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()!)];
}
