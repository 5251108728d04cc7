using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>How the things come about: by the public API, as depositors and curators do it.</summary>
internal sealed partial class AuthorizationWorld
{
    private const string Proposing = "Experiment details:\r\nAim: Compare: all\r\n------Time point_1------\r\n";

    private static readonly State[] Revised = [State.Private, State.Waiting, State.Released, State.Withdrawn, State.WithdrawnUnseen];

    private int seed;

    /// <summary>A key that may be revoked.</summary>
    public static Task<Prepared> SpareKeyAsync(AuthorizationWorld world, Actor actor, Thing thing, CancellationToken ct) => Task.FromResult(Prepared.Of("id", thing.SpareKeys.Dequeue()));

    /// <summary>A draft in the thing's state that may be thrown away.</summary>
    public async Task<Prepared> SpareDraftAsync(Thing thing, CancellationToken ct) =>
        Prepared.Of("id", Revised.Contains(thing.State) ? thing.SpareDrafts.Dequeue() : await OwnerOf(thing).BeginDraftAsync(ct));

    /// <summary>Somebody with whom it may be shared no more. Curators share what was withdrawn, too.</summary>
    public async Task<Prepared> SpareCollaboratorAsync(string at, CancellationToken ct) => Prepared.Of("collaborator", await ShareAsync(Curator, at, $"{Guid.NewGuid():N}@example.org", "Reader", ct));

    /// <summary>A staged file that may be removed.</summary>
    public async Task<Prepared> SpareFileAsync(Thing thing, CancellationToken ct)
    {
        var path = $"spare-{Guid.NewGuid():N}.txt";
        await Curator.PutFileAsync(thing.Draft, path, new ByteArrayContent([1]), ct);
        return Prepared.Of("**path", path);
    }

    /// <summary>An offer that may be taken back. What was withdrawn has one from before; a revision never has.</summary>
    public async Task<Prepared> OfferAsync(Thing thing, string at, CancellationToken ct)
    {
        if (thing.State is not State.Withdrawn and not State.WithdrawnUnseen) await SendAsync(OwnerOf(thing), HttpMethod.Post, at + "/owner", new { email = heir }, ct);
        return Prepared.Of("none", "");
    }

    /// <summary>A token of the actor's that may be revoked.</summary>
    public async Task<Prepared> SpareTokenAsync(Actor actor, CancellationToken ct) =>
        Prepared.Of("id", (await SendAsync(ClientOf(actor), HttpMethod.Post, "/api/accounts/me/tokens", new { name = "spare" }, ct)).GetProperty("id").GetString()!);

    /// <summary>A sign-in of the actor's that may be ended.</summary>
    public async Task<Prepared> SpareSignInAsync(Actor actor, CancellationToken ct)
    {
        var email = (await ClientOf(actor).GetJsonAsync("/api/accounts/me", ct)).GetProperty("email").GetString()!;
        var password = actor is Actor.Operator ? (await File.ReadAllTextAsync(Path.Combine(archive!.DataFolder, "operator-password"), ct)).Trim() : ArchiveClient.Password;
        var visit = new ArchiveClient(archive!.Http);
        await visit.SignInAsync(email, password, ct);
        return new(new Dictionary<string, string>(StringComparer.Ordinal), visit.Token);
    }

    /// <summary>A rule set that may be set back.</summary>
    public async Task<Prepared> ChangedRuleSetAsync(CancellationToken ct)
    {
        await SendAsync(clients[Actor.Operator], HttpMethod.Put, "/api/rule-sets/mifa", new { title = "Changed" }, ct);
        return Prepared.Of("id", "mifa");
    }

    /// <summary>What nobody may have changed at the end.</summary>
    public async Task<string> StandingAsync(CancellationToken ct)
    {
        var standing = new StringBuilder();
        foreach (var thing in things.Values.Where(t => t.State is not State.Absent))
        {
            standing.Append(CultureInfo.InvariantCulture, $"{thing.State}: ").AppendLine((await Curator.GetJsonAsync($"/api/drafts/{thing.Draft}/metadata", ct)).GetRawText());
            foreach (var at in new[] { $"/api/drafts/{thing.Draft}/files", $"/api/drafts/{thing.Draft}/collaborators" }) standing.AppendLine(await IdsAsync(at, ct));
            if (thing.State is State.Draft) continue;
            standing.AppendLine((await Curator.GetJsonAsync($"/api/datasets/{thing.Accession}", ct)).GetRawText());
            var key = (await Curator.ListAsync($"/api/datasets/{thing.Accession}/access-keys", ct)).Single(k => k.GetProperty("id").GetString() == thing.KeyId);
            standing.AppendLine(key.GetProperty("revokedAt").GetRawText());
        }
        foreach (var at in new[] { "/api/collections/BioImages", "/api/rule-sets/mifa" }) standing.AppendLine((await Curator.GetJsonAsync(at, ct)).GetRawText());
        return standing.ToString();
    }

    private async Task<string> IdsAsync(string at, CancellationToken ct) =>
        string.Join(' ', (await Curator.ListAsync(at, ct)).Select(i => (i.TryGetProperty("path", out var path) ? path : i.GetProperty("email")).GetString()).Order(StringComparer.Ordinal));

    private ArchiveClient OwnerOf(Thing thing) => thing.State is State.Another ? third! : Owner;

    private ArchiveClient ClientOf(Actor actor) => clients[actor is Actor.DepositorWithKey ? Actor.Depositor : actor];

    private async Task FillAsync(CancellationToken ct)
    {
        // The first accession stands in the words of help pages as an example: it is that of something public.
        things[State.Released] = await MakeAsync(State.Released, ct);
        var others = await Task.WhenAll(Enum.GetValues<State>().Except([State.Released]).Select(state => MakeAsync(state, ct)));
        foreach (var thing in others) things[thing.State] = thing;
        // One for the owner and one for a curator.
        foreach (var spare in await Task.WhenAll(Revised.Concat(Revised).Select(state => MakeAsync(state, ct, isSpare: true)))) things[spare.State].SpareDrafts.Enqueue(spare.Draft);
        // What a search says of its index stands still from here on.
        var newest = (await Curator.ListAsync("/api/datasets?size=1000", ct)).Max(d => d.GetProperty("change").GetInt64());
        await Poll.Until(async () => (await Curator.GetJsonAsync("/api/search", ct)).GetProperty("index").GetRawText().Contains($"\"newestChange\":{newest}", StringComparison.Ordinal), "the index is up to date", ct);
    }

    private async Task<Thing> MakeAsync(State state, CancellationToken ct, bool isSpare = false)
    {
        var thing = new Thing { State = state };
        if (state is State.Absent) return thing;
        var owner = OwnerOf(thing);
        var depositing = new Depositing(owner, DepositFor(state));
        await depositing.BeginAsync(ct);
        thing.Draft = thing.FirstDraft = depositing.Draft!;
        if (state is not State.Another) await ShareWithAllAsync(owner, $"/api/drafts/{thing.Draft}", ct);
        await depositing.UploadAsync(ct);
        await depositing.SubmitAsync(ct);
        (thing.Accession, thing.Submission) = (depositing.Accession!, depositing.Submission!);
        var end = (await owner.WaitForEndAsync(thing.Submission, TimeSpan.FromMinutes(1), ct)).GetProperty("state").GetString();
        Assert.AreEqual(state is State.Draft ? "Rejected" : "Private", end);
        if (state is not State.Draft && !isSpare)
        {
            // The second version takes the place of the first under embargo.
            var again = await owner.SubmitAsync(await ReviseAsync(owner, thing, ct), ct);
            await owner.WaitForEndAsync(again.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(1), ct);
            await AddKeysAsync(owner, thing, ct);
        }
        thing.Draft = state is State.Draft ? thing.Draft : state is State.Another ? await owner.BeginDraftAsync(ct) : await ReviseAsync(owner, thing, ct);
        // Without a date of release nothing is ever submitted.
        await owner.PutPageTabAsync(thing.Draft, """{"section":{"type":"Study"}}""", ct);
        await owner.PutFileAsync(thing.Draft, Log, new StringContent(Proposing), ct);
        thing.Proposal = (await owner.ListAsync($"/api/drafts/{thing.Draft}/proposals", ct))[0].GetProperty("id").GetString()!;
        if (state is State.Draft or State.Another) await SendAsync(owner, HttpMethod.Post, $"/api/drafts/{thing.Draft}/owner", new { email = heir }, ct);
        thing.DraftCollaborator = await ShareAsync(owner, $"/api/drafts/{thing.Draft}", "kept@example.org", "Reader", ct);
        if (state is State.Draft) return thing;
        thing.DatasetCollaborator = await ShareAsync(owner, $"/api/datasets/{thing.Accession}", "kept@example.org", "Reader", ct);
        await SendAsync(owner, HttpMethod.Post, $"/api/datasets/{thing.Accession}/owner", new { email = heir }, ct);
        if (state is State.Released or State.Withdrawn) await SendAsync(owner, HttpMethod.Patch, $"/api/datasets/{thing.Accession}", new { releaseDate = "2024-01-01" }, ct);
        if (state is State.Withdrawn or State.WithdrawnUnseen)
            await SendAsync(Curator, HttpMethod.Post, $"/api/datasets/{thing.Accession}/withdrawal", new { reason = "A donor took back their consent." }, ct);
        return thing;
    }

    // For a moment after a version was published its draft is still being closed.
    private static async Task<string> ReviseAsync(ArchiveClient owner, Thing thing, CancellationToken ct)
    {
        var draft = "";
        await Poll.Until(async () =>
        {
            using var answer = await owner.SendAsync(HttpMethod.Post, "/api/drafts", JsonContent.Create(new { revises = thing.Accession }), ct);
            if (answer.StatusCode is HttpStatusCode.Conflict) return false;
            draft = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetString()!;
            return true;
        }, $"{thing.Accession} can be revised", ct);
        return draft;
    }

    private async Task ShareWithAllAsync(ArchiveClient owner, string at, CancellationToken ct)
    {
        await ShareAsync(owner, at, clients[Actor.Editor].Email!, "Editor", ct);
        await ShareAsync(owner, at, clients[Actor.Reader].Email!, "Reader", ct);
    }

    private static async Task<string> ShareAsync(ArchiveClient owner, string at, string email, string access, CancellationToken ct) =>
        (await SendAsync(owner, HttpMethod.Post, at + "/collaborators", new { email, access }, ct)).GetProperty("id").GetString()!;

    // The first is the reviewer's, two are to be revoked.
    private async Task AddKeysAsync(ArchiveClient owner, Thing thing, CancellationToken ct)
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            var made = await SendAsync(owner, HttpMethod.Post, $"/api/datasets/{thing.Accession}/access-keys", new { }, ct);
            if (number == 0) (thing.KeyId, thing.Key) = (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
            else thing.SpareKeys.Enqueue(made.GetProperty("id").GetString()!);
        }
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        using var page = await client.GetAsync($"/datasets/{thing.Accession}?key={thing.Key}", ct);
        Assert.AreEqual(HttpStatusCode.SeeOther, page.StatusCode);
        thing.Cookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2)[1];
    }

    private SampleDeposit DepositFor(State state)
    {
        var deposit = SampleDeposit.Generate(Interlocked.Increment(ref seed), 1, 100, "rights");
        var nextYear = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var pageTab = deposit.PageTabJson.Replace("2024-01-01", nextYear, StringComparison.Ordinal);
        if (state is State.Waiting) pageTab = pageTab.Replace("\"BioImages\"", $"\"{Curated}\"", StringComparison.Ordinal);
        // A list that names what is not there is found by the workflow, after the accession was given.
        return deposit with { PageTabJson = pageTab, Files = state is State.Draft ? [] : deposit.Files };
    }
}
