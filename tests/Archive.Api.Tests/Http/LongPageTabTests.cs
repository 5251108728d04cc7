using System.Net;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Api.Tests.Http;

/// <summary>Checks of long page tabs, held up where they have begun to read.</summary>
[TestClass]
public sealed class LongPageTabTests
{
    // The check's own look for running uploads; other work of the archive may wait for the same table.
    private const string Waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%staged_paths%AND draft = $1 ORDER BY path'";

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(180_000, CooperativeCancellation = true)]
    public async Task ValidationAndSubmission_WhenACheckOfALongPageTabIsUnderWay_AreRefused()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--rate-limit", "0", "--reserve-bytes", "1000000");
        await archive.StartAsync(Ct);
        var client = new ArchiveClient(archive.Http);
        await client.RegisterAsync(Ct);
        var (draft, small) = (await client.BeginDraftAsync(Ct), await client.BeginDraftAsync(Ct));
        await client.PutPageTabAsync(draft, "{\"more\":\"" + new string('x', 1_200_000) + "\"}", Ct);
        await client.PutPageTabAsync(small, "{}", Ct);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        // A transaction sees one state of what others do, so another connection looks.
        await using var looking = new NpgsqlConnection(database.ConnectionString);
        await looking.OpenAsync(Ct);
        await using var locked = await connection.BeginTransactionAsync(Ct);
        await RunAsync(connection, "LOCK TABLE staged_paths IN ACCESS EXCLUSIVE MODE");
        var first = client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/validation", null, Ct);
        await Poll.Until(async () => await RunAsync(looking, Waiting) is > 0L,
            "the check waits", Ct, TimeSpan.FromSeconds(60));

        foreach (var asked in new[] { "validation", "submission" })
        {
            using var answer = await client.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/{asked}", null, Ct);
            Assert.AreEqual(HttpStatusCode.ServiceUnavailable, answer.StatusCode, asked);
            Assert.Contains("long page tabs", await answer.Content.ReadAsStringAsync(Ct));
        }
        // A short one needs no place: it waits for the database like the first.
        var second = client.SendAsync(HttpMethod.Post, $"/api/drafts/{small}/validation", null, Ct);
        await locked.RollbackAsync(Ct);
        foreach (var answer in await Task.WhenAll(first, second))
            using (answer)
                Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
