using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Staging;
using Archive.TestKit;
using Archive.TestKit.Files;

namespace Archive.Submissions.Tests.Staging;

/// <summary>Quotas as an upload meets them.</summary>
[TestClass]
public sealed class StagingQuotaTests : StagingFixture
{
    [TestMethod]
    [DataRow(true, DisplayName = "a declared length")]
    [DataRow(false, DisplayName = "an unknown length")]
    public async Task Receive_WhenItPassesTheQuota_RefusesAndKeepsNothingOfIt(bool isDeclared)
    {
        var area = await AreaAsync(new(AccountBytes: 1_000_000));
        await ReceiveAsync("a", 1, 400_000, area);

        var body = new RandomStream(2, 600_001, 10_000);
        var refusal = await RefusedAsync(Problems.QuotaExceeded, "b", body, isDeclared ? 600_001 : null, area: area);

        Assert.AreEqual(1_000_000L, refusal.Facts["limitBytes"]);
        Assert.AreEqual(isDeclared ? 400_000L : 1_000_000L, refusal.Facts["usedBytes"], "what has come of this one is among it while it comes");
        if (isDeclared) Assert.AreEqual(0, body.Position, "it is refused before it is read");
        await ExpectAsync(400_000, 1);
        await area.ReceiveAsync(Draft.Id, Path("b"), new RandomStream(2, 600_000, 10_000), isDeclared ? 600_000 : null, DeclaredDigests.None, static _ => true, Ct);
        await ExpectAsync(1_000_000, 2);
    }

    [TestMethod]
    public async Task Receive_WhenTheFilesAreFull_RefusesAnotherAndReplacesAndDeletes()
    {
        var area = await AreaAsync(new(AccountFiles: 2));
        await ReceiveAsync("a", 1, 10, area);
        await ReceiveAsync("b", 1, 10, area);

        var refusal = await RefusedAsync(Problems.QuotaExceeded, "c", new RandomStream(1, 10), 10, area: area);
        await ReceiveAsync("b", 2, 500, area);
        Assert.IsFalse(await area.DeleteAsync(Draft.Id, Path("none"), Ct));
        Assert.IsTrue(await area.DeleteAsync(Draft.Id, Path("a"), Ct));
        await ReceiveAsync("c", 1, 10, area);

        Assert.AreEqual((2L, 2L), (refusal.Facts["usedFiles"], refusal.Facts["limitFiles"]));
        await ExpectAsync(510, 2);
    }

    [TestMethod]
    public async Task Receive_WhenAllTogetherAreFull_IsTheArchivesWantOfRoom()
    {
        var area = await AreaAsync(new(AllBytes: 1000));
        await ReceiveAsync("a", 1, 900, area);
        await RefusedAsync(Problems.InsufficientStorage, "b", new RandomStream(1, 101), 101, area: area);
        await RefusedAsync(Problems.InsufficientStorage, "b", new RandomStream(1, 101), null, area: area);
        await ReceiveAsync("b", 1, 100, area);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Receive_When64RaceAtTheEdge_StagesNoByteTooMany(bool isDeclared)
    {
        var area = await AreaAsync(new(AccountBytes: 20_000));
        var refused = 0;

        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Ct }, async (i, ct) =>
        {
            try
            {
                await area.ReceiveAsync(Draft.Id, Path($"f{i}"), new RandomStream(i, 3000, 500), isDeclared ? 3000 : null, DeclaredDigests.None, static _ => true, ct);
            }
            catch (ArchiveException full) when (full.Problem == Problems.QuotaExceeded)
            {
                Interlocked.Increment(ref refused);
            }
        });

        var rows = await RowsAsync();
        Assert.HasCount(64 - refused, rows);
        Assert.IsLessThanOrEqualTo(6, rows.Count);
        if (isDeclared) Assert.HasCount(6, rows);
        CollectionAssert.AreEquivalent(rows.Select(r => r.Content.ToString()).ToList(), Contents());
        await ExpectAsync(rows.Count * 3000, rows.Count);
    }

    [TestMethod]
    public async Task Receive_WhenKilledTransfersHoldTheRoom_TakesItBackFirst()
    {
        var area = await AreaAsync(new(AccountBytes: 1000));
        Assert.IsTrue(await Uploads.TryBeginAsync(Draft.Id, Path("killed"), UploadId.New(), 900, TimeSpan.FromMilliseconds(1), Ct));
        await Poll.Until(async () => (await Uploads.ListRunningAsync(Draft.Id, Ct)).Count == 0, "the lease lapses", Ct);

        await ReceiveAsync("f", 1, 1000, area);

        await ExpectAsync(1000, 1);
    }

    [TestMethod]
    [DataRow(true, 300)]
    [DataRow(true, 5000)]
    [DataRow(false, 300)]
    [DataRow(false, 5000)]
    public async Task Receive_WhenTheUploadFails_GivesItsRoomBack(bool isDeclared, int came)
    {
        var area = await AreaAsync(new(AccountBytes: 100_000));
        await ReceiveAsync("f", 1, 1000, area);
        var torn = new RandomStream(2, 20_000, 100) { BeforeRead = (at, _) => at >= came ? throw new IOException("reset") : Task.CompletedTask };
        await RefusedAsync(Problems.UploadTruncated, "f", torn, isDeclared ? 20_000 : null, area: area);
        await ExpectAsync(1000, 1);
    }

    [TestMethod]
    public async Task Recount_WhenNothingIsWrong_CorrectsNothing()
    {
        await ReceiveAsync("f", 1, 1000);
        var sweep = new StagingSweep(Staging, Uploads, Drafts, Meter, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<StagingSweep>.Instance);
        Assert.AreEqual(0, await sweep.RecountAsync(Ct));
        await RunSqlAsync("UPDATE staging_usage SET bytes = bytes + 5 WHERE account <> '00000000-0000-0000-0000-000000000000'");
        Assert.AreEqual(1, await sweep.RecountAsync(Ct));
        await ExpectAsync(1000, 1);
    }

    private Task<StagingArea> AreaAsync(StagingQuotas quotas) => ANewAreaAsync(Options with { Quotas = quotas });

    private async Task ExpectAsync(long bytes, long files) =>
        Assert.AreEqual(new StagingCount(bytes, files, bytes, files, null), (await Meter.ReadAsync([Draft.Id], Ct))[Draft.Id]);
}
