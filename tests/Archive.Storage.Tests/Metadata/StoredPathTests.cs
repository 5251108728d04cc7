using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

/// <summary>Rows that were stored under an earlier rule for paths.</summary>
[TestClass]
public sealed class StoredPathTests
{
    // A segment of nothing but white space was taken once, and is refused today.
    private const string Old = "plate/ /a.tif";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task List_WhenAPathBreaksTodaysRule_GivesItAsStored()
    {
        Assert.IsNotNull(ArchivePath.Check(Old));
        await using var database = await TestDatabase.CreateAsync(Ct);
        var uploads = new PostgresUploadStore(database.Metadata);
        var (draft, whole, running) = (DraftId.New(), UploadId.New(), UploadId.New());
        var sent = ArchivePath.Parse("a.tif", null);
        var file = new StagedFile(draft, sent, whole, 1, new(new string('0', 32), new string('0', 64), 0), TimeProvider.System.GetUtcNow());
        await uploads.TryBeginAsync(draft, sent, whole, 0, TimeSpan.FromMinutes(5), Ct);
        await uploads.TryCompleteAsync(file, Ct);
        await uploads.TryBeginAsync(draft, sent, running, 0, TimeSpan.FromMinutes(5), Ct);
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("UPDATE staged_paths SET path = $1, upload_path = $1", connection) { Parameters = { new() { Value = Old } } };
            Assert.AreEqual(1, await command.ExecuteNonQueryAsync(Ct));
        }

        var listed = new List<string>();
        await foreach (var staged in uploads.ListAsync(draft, null, Ct)) listed.Add(staged.Path.Value);

        CollectionAssert.AreEqual(new[] { Old }, listed);
        Assert.AreEqual(Old, (await uploads.ListRunningAsync(draft, Ct)).Single().Path.Value);
    }
}
