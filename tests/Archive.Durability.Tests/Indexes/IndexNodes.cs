using System.Globalization;
using System.Text.Json;
using Archive.Model.Accounts;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.Indexes;

/// <summary>Nodes of one archive with a data folder each: one that takes in and builds the index, and some that only serve pages and API.</summary>
internal sealed class IndexNodes : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly TestDatabase database;

    private IndexNodes(TempFolder folder, TestDatabase database, int readers)
    {
        (this.folder, this.database) = (folder, database);
        Builder = Node("builder", readers == 0 ? "api,submission,indexer" : "submission,indexer");
        Readers = [.. Enumerable.Range(0, readers).Select(i => Node($"reader-{i}", "api"))];

        ArchiveProcess Node(string name, string roles) => new(folder[name],
            "--roles", roles, "--postgres", database.ConnectionString, "--staging", folder["staging"], "--objects", folder["objects"], "--base-url", "http://nodes.test",
            "--reserve-bytes", "1000000", "--rate-limit", "0", "--rate-limit-signed-in", "0", "--confirm-email", "off", "--index-cron", "0 0 0 1 1 ? 2099", "--sweep-cron", "0 0 0 1 1 ? 2099");
    }

    /// <summary>Takes submissions in and builds; the only node where there are no readers.</summary>
    public ArchiveProcess Builder { get; }

    /// <summary>Serve pages and API.</summary>
    public IReadOnlyList<ArchiveProcess> Readers { get; }

    /// <summary>Where other nodes fetch generations from.</summary>
    public string Published => Path.Combine(folder["objects"], "objects", "index");

    /// <summary>Starts all.</summary>
    public static async Task<IndexNodes> StartAsync(TempFolder folder, int readers, CancellationToken ct)
    {
        var nodes = new IndexNodes(folder, await TestDatabase.CreateAsync(ct), readers);
        await nodes.Builder.StartAsync(ct, TimeSpan.FromMinutes(3));
        foreach (var reader in nodes.Readers) await reader.StartAsync(ct, TimeSpan.FromMinutes(3));
        return nodes;
    }

    /// <summary>Where a node has its generations.</summary>
    public static string FolderOf(ArchiveProcess node) => Path.Combine(node.DataFolder, "index");

    /// <summary>State of the index as a node tells programs on its machine.</summary>
    public static async Task<JsonElement> StateAsync(ArchiveProcess node, CancellationToken ct) => await new ArchiveClient(node.Http).GetJsonAsync("/api/index", ct);

    /// <summary>The generation that a node answers from.</summary>
    public static async Task<string?> GenerationAsync(ArchiveProcess node, CancellationToken ct) =>
        (await StateAsync(node, ct)).GetProperty("stamp") is { ValueKind: JsonValueKind.Object } stamp ? stamp.GetProperty("generation").GetString() : null;

    /// <summary>Datasets that a node finds by a word.</summary>
    public static async Task<long> FindAsync(ArchiveProcess node, string word, CancellationToken ct) =>
        (await new ArchiveClient(node.Http).GetJsonAsync($"/api/search?q={Uri.EscapeDataString(word)}", ct)).GetProperty("total").GetInt64();

    /// <summary>Has the nightly job run, and returns the generation that came of it.</summary>
    public async Task<string> BuildAsync(CancellationToken ct)
    {
        await DataFolder.RunJobAsync(new ArchiveClient(Builder.Http), "index", ct);
        return (await GenerationAsync(Builder, ct))!;
    }

    /// <summary>Waits until nodes answer from a generation.</summary>
    public static async Task AnswersFromAsync(string generation, CancellationToken ct, params IEnumerable<ArchiveProcess> nodes)
    {
        foreach (var node in nodes)
            await Poll.Until(async () => await GenerationAsync(node, ct) == generation, $"{node.DataFolder} answers from {generation}", ct, TimeSpan.FromMinutes(1));
    }

    /// <summary>A depositor at the node that takes in.</summary>
    public async Task<ArchiveClient> RegisterAsync(CancellationToken ct, bool asCurator = false)
    {
        var client = new ArchiveClient(Builder.Http);
        await client.RegisterAsync(ct);
        var accounts = new PostgresAccountStore(database.Metadata);
        if (asCurator)
            await Poll.Until(async () => await accounts.TryReplaceAsync((await accounts.FindByEmailAsync(client.Email!, ct))! with { Role = Role.Curator }, ct), "the account is a curator's", ct);
        return client;
    }

    /// <summary>Replaces a file as another one of the same name; who has the old one open goes on reading it.</summary>
    public static async Task ReplaceAsync(string path, byte[] bytes, CancellationToken ct)
    {
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes, ct);
    }

    /// <summary>Files of generations that a process has mapped, gone ones too.</summary>
    public static IReadOnlyList<string> Mapped(ArchiveProcess node) =>
        [.. File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{node.ProcessId}/maps")).Where(l => l.Contains(FolderOf(node) + "/", StringComparison.Ordinal)).Select(l => l[l.IndexOf('/', StringComparison.Ordinal)..]).Distinct()];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Readers.Append(Builder))
        {
            if (node.IsRunning) node.Continue();
            await node.DisposeAsync();
        }
        await database.DisposeAsync();
    }
}
