using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Archive.Api.Accounts;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;
using Npgsql;

namespace Archive.Api.Tests.Http;

/// <summary>An archive with somebody in every role and something in every state. Nothing in it changes while it is asked.</summary>
internal sealed partial class AuthorizationWorld : IAsyncDisposable
{
    /// <summary>A file of every dataset.</summary>
    public const string Image = "plate-0/image_0000.tif";

    /// <summary>A file that every draft has staged; its proposals are read off it.</summary>
    public const string Log = "m_log.txt";

    private const string Curated = "Curated";

    private readonly TempFolder folder = new();
    private readonly Dictionary<Actor, ArchiveClient> clients = [];
    private readonly Dictionary<Actor, string> tokens = [];
    private readonly Dictionary<State, Thing> things = [];
    private TestDatabase? database;
    private ArchiveProcess? archive;
    private ArchiveClient? third;
    private string heir = "";

    /// <summary>Where it listens.</summary>
    public Uri Address => archive!.Address;

    /// <summary>The thing of a state.</summary>
    public Thing this[State state] => things[state];

    /// <summary>The account that is looked at and changed by operators.</summary>
    public string Account { get; private set; } = "";

    /// <summary>What it printed.</summary>
    public string Output => archive!.Output;

    private ArchiveClient Owner => clients[Actor.Owner];

    private ArchiveClient Curator => clients[Actor.Curator];

    /// <summary>Starts the archive and makes everybody and everything.</summary>
    public static async Task<AuthorizationWorld> MakeAsync(CancellationToken ct)
    {
        var world = new AuthorizationWorld();
        try
        {
            await world.StartAsync(ct);
            await world.PopulateAsync(ct);
            await world.FillAsync(ct);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The token that an actor sends, or null.</summary>
    public string? TokenOf(Actor actor) => actor is Actor.DepositorWithKey ? tokens[Actor.Depositor] : tokens.GetValueOrDefault(actor);

    public async ValueTask DisposeAsync()
    {
        if (archive is not null) await archive.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        folder.Dispose();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        database = await TestDatabase.CreateAsync(ct);
        await File.WriteAllTextAsync(folder["secret"], "a secret", ct);
        // ORCID is configured so that its addresses are there; nobody is sent to it.
        archive = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--reserve-bytes", "1000000", "--logs", "json", "--rate-limit", "0",
            "--rate-limit-signed-in", "0", "--orcid-client-id", "APP-TEST", "--orcid-secret-file", folder["secret"], "--orcid-base-url", "http://127.0.0.1:9");
        await archive.StartAsync(ct);
    }

    private async Task PopulateAsync(CancellationToken ct)
    {
        var boss = new ArchiveClient(archive!.Http);
        await boss.SignInAsync("operator@localhost", (await File.ReadAllTextAsync(Path.Combine(archive.DataFolder, "operator-password"), ct)).Trim(), ct);
        clients[Actor.Operator] = boss;
        var (other, heirs) = (new ArchiveClient(archive.Http), new ArchiveClient(archive.Http));
        foreach (var actor in new[] { Actor.Depositor, Actor.Owner, Actor.Editor, Actor.Reader, Actor.Curator }) clients[actor] = new(archive.Http);
        await Task.WhenAll(clients.Values.Except([boss]).Append(other).Append(heirs).Select(c => c.RegisterAsync(ct)));
        (third, heir, Account) = (other, heirs.Email!, (await heirs.GetJsonAsync("/api/accounts/me", ct)).GetProperty("id").GetString()!);
        var curator = (await Curator.GetJsonAsync("/api/accounts/me", ct)).GetProperty("id").GetString();
        await SendAsync(boss, HttpMethod.Patch, $"/api/accounts/{curator}", new { role = "Curator" }, ct);
        await SendAsync(boss, HttpMethod.Put, $"/api/collections/{Curated}", new { title = "Curated", parent = "BioImages", releasePolicy = "curator" }, ct);
        foreach (var (actor, client) in clients) tokens[actor] = client.Token!;
        tokens[Actor.ExpiredToken] = await ExpiredAsync(ct);
    }

    // A second sign-in of the owner, whose end the database's clock has passed.
    private async Task<string> ExpiredAsync(CancellationToken ct)
    {
        var visit = new ArchiveClient(archive!.Http);
        await visit.SignInAsync(Owner.Email!, ArchiveClient.Password, ct);
        await using var connection = new NpgsqlConnection(database!.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("UPDATE sessions SET expires_at = now() - interval '1 second' WHERE token_hash = $1", connection);
        command.Parameters.AddWithValue(SessionToken.Hash(visit.Token!));
        Assert.AreEqual(1, await command.ExecuteNonQueryAsync(ct));
        return visit.Token!;
    }

    private static async Task<JsonElement> SendAsync(ArchiveClient client, HttpMethod method, string address, object? body, CancellationToken ct)
    {
        using var answer = await client.SendAsync(method, address, body is null ? null : body as HttpContent ?? JsonContent.Create(body), ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        Assert.IsTrue(answer.IsSuccessStatusCode, $"{method} {address} of the test's own world: {(int)answer.StatusCode} {text}");
        if (answer.StatusCode is HttpStatusCode.NoContent || text.Length == 0) return default;
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}

/// <summary>Something in a state, by all its names.</summary>
internal sealed class Thing
{
    public required State State { get; init; }

    public string Accession { get; set; } = "S-BIAR999999";

    public string Draft { get; set; } = new('a', 32);

    /// <summary>The draft of its first version, which is gone when that was published.</summary>
    public string FirstDraft { get; set; } = new('a', 32);

    public string Submission { get; set; } = new('b', 32);

    /// <summary>A proposal of the draft.</summary>
    public string Proposal { get; set; } = new('c', 22);

    /// <summary>A live key's name, which nobody may revoke.</summary>
    public string KeyId { get; set; } = new('d', 32);

    /// <summary>The key itself.</summary>
    public string Key { get; set; } = new('A', 22);

    /// <summary>What a page gives for the key: the value of the cookie.</summary>
    public string Cookie { get; set; } = "";

    /// <summary>Somebody with whom the draft is shared, by the name of the entry.</summary>
    public string DraftCollaborator { get; set; } = new('e', 32);

    /// <summary>Somebody with whom the dataset is shared.</summary>
    public string DatasetCollaborator { get; set; } = new('f', 32);

    /// <summary>Keys to be revoked.</summary>
    public Queue<string> SpareKeys { get; } = new();

    /// <summary>Drafts in the same state to be thrown away.</summary>
    public Queue<string> SpareDrafts { get; } = new();

    /// <summary>Held by whoever uses something up.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Everything that names it, so that answers about two things can be compared.</summary>
    public IEnumerable<string> Names => [Accession, Draft, FirstDraft, Submission, Proposal, KeyId, Key, DraftCollaborator, DatasetCollaborator];
}
