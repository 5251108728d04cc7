using System.Globalization;
using Archive.Model.Accounts;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>Two nodes of one archive: one database, one staging folder, one object store; each with a data folder and a mail server.</summary>
internal sealed class NodePair : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly TestDatabase database;
    private TimeSpan ahead;

    private NodePair(TempFolder folder, TestDatabase database, string[] settings)
    {
        (this.folder, this.database) = (folder, database);
        Nodes = [Node("a"), Node("b")];

        PairNode Node(string name)
        {
            var mails = new SmtpServer();
            return new(new ArchiveProcess(folder[name],
            [
                "--postgres", database.ConnectionString, "--staging", folder["staging"], "--objects", folder["objects"], "--smtp-host", "localhost", "--smtp-tls", "none",
                "--smtp-port", mails.Port.ToString(CultureInfo.InvariantCulture), "--base-url", "http://two-nodes.test", "--reserve-bytes", "1000000", "--rate-limit", "0", "--rate-limit-signed-in", "0", .. settings,
            ]), mails);
        }
    }

    /// <summary>Both.</summary>
    public IReadOnlyList<PairNode> Nodes { get; }

    /// <summary>The node that was started first; its data folder has the operator's password.</summary>
    public ArchiveProcess First => Nodes[0].Process;

    /// <summary>Folder of the objects.</summary>
    public string Objects => Path.Combine(folder["objects"], "objects");

    /// <summary>Makes the ground and starts nothing.</summary>
    public static async Task<NodePair> CreateAsync(TempFolder folder, CancellationToken ct, params string[] settings) =>
        new(folder, await TestDatabase.CreateAsync(ct), settings);

    /// <summary>Starts both.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        foreach (var node in Nodes) await node.Process.StartAsync(ct, TimeSpan.FromMinutes(3));
    }

    /// <summary>The first column of each row, which is a text.</summary>
    public Task<IReadOnlyList<string>> QueryAsync(string sql, CancellationToken ct) => DataFolder.QueryAsync(First, sql, ct);

    /// <summary>The one number that a statement gives.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken ct) =>
        long.Parse((await QueryAsync($"SELECT ({sql})::text", ct)).Single(), CultureInfo.InvariantCulture);

    /// <summary>What the database's clock says.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken ct) =>
        DateTimeOffset.FromUnixTimeSeconds(await CountAsync("extract(epoch FROM archive_now())::bigint", ct));

    /// <summary>Moves the clock that all go by further ahead.</summary>
    public Task MoveClockAsync(TimeSpan by, CancellationToken ct) => database.MoveClockAsync(ahead += by, ct);

    /// <summary>A depositor who speaks to one node while it is there, registered and confirmed.</summary>
    public async Task<ArchiveClient> RegisterAsync(int preferred, CancellationToken ct)
    {
        var client = new ArchiveClient(FailOver.Client(Nodes[preferred % 2], Nodes[(preferred + 1) % 2]));
        await client.RegisterAsync(ct);
        await Poll.Until(() => MailsTo(client.Email!).Any(), "the mail with the token comes", ct, TimeSpan.FromSeconds(60));
        await client.ConfirmAsync(MailsTo(client.Email!).First().Token!, ct);
        return client;
    }

    /// <summary>A curator who speaks to one node while it is there.</summary>
    public async Task<ArchiveClient> RegisterCuratorAsync(int preferred, CancellationToken ct)
    {
        var client = await RegisterAsync(preferred, ct);
        var accounts = new PostgresAccountStore(database.Metadata);
        await Poll.Until(async () => await accounts.TryReplaceAsync((await accounts.FindByEmailAsync(client.Email!, ct))! with { Role = Role.Curator }, ct), "the account is a curator's", ct);
        return client;
    }

    /// <summary>What an address was sent by either node.</summary>
    public IEnumerable<ReceivedMail> MailsTo(string address) => Nodes.SelectMany(n => n.Mails.To(address));

    /// <summary>Waits until all submissions have ended, and what follows them has: no effect is open, no mail waits.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        await Poll.Until(async () => await CountAsync("SELECT count(*) FROM submissions WHERE active", ct) == 0, "no submission is active", ct, TimeSpan.FromMinutes(3));
        await Poll.Until(async () => await CountAsync("""
            SELECT (SELECT count(*) FROM datasets WHERE effects IS NOT NULL) + (SELECT count(*) FROM accounts WHERE has_effects) 
            """, ct) == 0, "no effect is open", ct, TimeSpan.FromMinutes(3));
        await Poll.Until(async () => await CountAsync("SELECT count(*) FROM mails WHERE due_at IS NOT NULL", ct) == 0, "no mail waits", ct, TimeSpan.FromMinutes(3));
        await Poll.Until(async () => await CountAsync("SELECT count(*) FROM datasets WHERE shelf_due", ct) == 0, "no shelf is due", ct, TimeSpan.FromMinutes(3));
    }

    /// <summary>
    /// What is there for good once everything has ended, a line for each row: what it says, and which transaction wrote it, so that a row that
    /// is written again with the same words is told as well.
    /// </summary>
    public async Task<IReadOnlyList<string>> RowsAsync(CancellationToken ct) => await QueryAsync("""
        SELECT 'dataset ' || accession || ' ' || md5(d::text) || ' ' || xmin::text FROM datasets d
        UNION ALL SELECT 'document ' || accession || ' ' || number || ' ' || submission || ' ' || md5(d::text) || ' ' || xmin::text FROM dataset_documents d
        UNION ALL SELECT 'file ' || accession || ' ' || path || ' ' || submission || ' ' || md5(f::text) || ' ' || xmin::text FROM file_references f
        UNION ALL SELECT 'submission ' || id || ' ' || md5(data::text) FROM submissions
        UNION ALL SELECT 'audit ' || id || ' ' || md5(a::text) FROM audit a WHERE subject_kind = 'dataset'
        UNION ALL SELECT 'mail ' || id || ' ' || md5(m::text) FROM mails m
        UNION ALL SELECT 'number ' || name || ' ' || last FROM number_series WHERE name = 'change'
        """, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            if (node.Process.IsRunning) node.Process.Continue();
            await node.Process.DisposeAsync();
            await node.Mails.DisposeAsync();
            node.Dispose();
        }
        await database.DisposeAsync();
    }
}
