using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>
/// A killed process proves nothing about the disk: here the order of its system calls does. What the database is told of has
/// been synced, bytes and names, and a sync that failed is never taken for one that did not.
/// </summary>
[TestClass]
[TestCategory("Power")]
public sealed class PowerTests : DurabilityTest
{
    private const string Traced = "?link,linkat,?rename,?renameat,?renameat2,?mkdir,mkdirat,fsync,?fdatasync,?syncfs,sendto,sendmsg";
    private const string Syncs = "fsync,?fdatasync,?syncfs";

    private string Store => Folder["data/objects/objects"];

    [TestMethod]
    [DataRow(false, DisplayName = "staging and objects share a volume: by link")]
    [DataRow(true, DisplayName = "objects on a volume of their own: by copy")]
    public async Task Submission_WhenReleased_HasSyncedBytesAndFoldersBeforeTheCommit(bool byCopy)
    {
        using var volume = byCopy ? Volumes.Mount(64_000_000) : null;
        string[] settings = volume is null ? [] : ["--objects", volume.FullPath];
        var store = volume is null ? Store : Path.Combine(volume.FullPath, "objects");
        await using var archive = new ArchiveProcess(Folder["data"], settings);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        IReadOnlyList<SystemCall> calls;
        Depositing depositing;
        await using (var trace = await SystemCallTrace.AttachAsync(archive.ProcessId, ["-e", $"trace={Traced}", "-s", "3000"], null, Ct))
        {
            depositing = await DepositAsync(client, SampleDeposit.Generate(1, 250, 3000));
            calls = await trace.DetachAsync();
        }
        var order = new DurabilityOrder(calls, store);
        var keys = await DataFolder.ReferencedAsync(archive, Ct);
        Say($"{calls.Count} calls, {order.Links.Count} links, {calls.Count(c => c.Name is "fsync" or "fdatasync")} syncs, {calls.Count(c => c.Name == "syncfs")} of volumes");
        Assert.IsGreaterThanOrEqualTo(250, keys.Count);
        Assert.IsNotNull(order.Commit, "No commit was seen: is the head written by another statement now?");
        var violations = order.Violations(keys, order.Commit);
        Assert.IsEmpty(violations, string.Join('\n', violations.Take(20)));
        Assert.AreEqual(byCopy, order.Links.Values.All(l => l.Texts[0].StartsWith(Path.GetDirectoryName(store)!, StringComparison.Ordinal)), "Linked instead of copied, or the reverse.");
        await CompareAsync(client, depositing);
    }

    /// <remarks>
    /// strace counts in each thread: <c>when=N</c> fails the N-th sync of every thread, so that over all N each sync of the process
    /// fails in some run. A run ends Released by itself or is seen to wait; then the fault ends.
    /// </remarks>
    [TestMethod]
    [DataRow(false, DisplayName = "by link")]
    [DataRow(true, DisplayName = "by copy")]
    public async Task Submission_WhenTheNthSyncFails_IsNeverReleasedOnIt(bool byCopy)
    {
        using var volume = byCopy ? Volumes.Mount(64_000_000) : null;
        string[] settings = volume is null ? [] : ["--objects", volume.FullPath];
        var store = volume is null ? Store : Path.Combine(volume.FullPath, "objects");
        await using var archive = new ArchiveProcess(Folder["data"], settings);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        await DepositAsync(client, SampleDeposit.Generate(0, 3, 3000));
        var (failedInAll, waited, deposits) = (0, 0, new List<Depositing>());
        for (var n = 1; ; n++)
        {
            Assert.IsLessThan(100, n, "The runs do not come to an end.");
            var depositing = new Depositing(client, SampleDeposit.Generate(n, 3, 3000));
            deposits.Add(depositing);
            await depositing.BeginAsync(Ct);
            var (calls, hasWaited) = await RunAsync(archive, client, depositing, n);
            var failed = calls.Count(c => c.IsInjected);
            waited += hasWaited ? 1 : 0;
            failedInAll += failed;
            Say($"sync {n} of each thread: {failed} failed, {(hasWaited ? "arrived when the fault ended" : "arrived under the fault")}");
            var keys = (await DataFolder.ReferencedAsync(archive, Ct)).Where(k => k.StartsWith(depositing.Accession + "/", StringComparison.Ordinal)).ToList();
            Assert.IsGreaterThanOrEqualTo(3, keys.Count);
            var violations = new DurabilityOrder(calls, store).Violations(keys, null);
            Assert.IsEmpty(violations, $"n = {n}:\n{string.Join('\n', violations)}");
            if (failed == 0) break;
        }
        Say($"{failedInAll} syncs failed, {waited} of {deposits.Count} submissions arrived only when the fault ended");
        Assert.IsGreaterThan(0, failedInAll);
        await CompareAsync(client, deposits);
    }

    // Uploads under the fault are repeated, as a depositor does; the submission then ends or waits.
    private async Task<(IReadOnlyList<SystemCall> Calls, bool HasWaited)> RunAsync(ArchiveProcess archive, ArchiveClient client, Depositing depositing, int n)
    {
        string[] traced = ["-e", $"trace={Traced}", "-s", "200"];
        JsonElement now = default;
        IReadOnlyList<SystemCall> underFault;
        await using (var trace = await SystemCallTrace.AttachAsync(
            archive.ProcessId, [.. traced, "-e", $"inject={Syncs}:error=EIO:when={n}"], null, Ct))
        {
            if (await TryUploadAsync(depositing))
            {
                await depositing.SubmitAsync(Ct);
                await Poll.Until(async () => IsReleased(now = await client.GetSubmissionAsync(depositing.Submission!, Ct)) || IsWaiting(now),
                    "the submission was released or said why it waits", Ct, TimeSpan.FromMinutes(1));
            }
            underFault = await trace.DetachAsync();
        }
        if (depositing.Submission is not null && IsReleased(now)) return (underFault, false);
        // The same log goes on, so that a sync of the faulty time is held against what is linked later.
        await using var after = await SystemCallTrace.AttachAsync(archive.ProcessId, traced, null, Ct);
        await FinishAsync(depositing);
        var later = await after.DetachAsync();
        var offset = underFault.Count == 0 ? 0 : underFault.Max(c => c.Ended);
        return ([.. underFault, .. later.Select(c => c with { Began = c.Began + offset, Ended = c.Ended + offset })], true);
    }

    private async Task<bool> TryUploadAsync(Depositing depositing)
    {
        for (var tries = 0; tries < 3; tries++)
        {
            try
            {
                await depositing.UploadAsync(Ct, atOnce: 1);
                return true;
            }
            catch (HttpRequestException e) when ((int?)e.StatusCode is >= 500 and < 600)
            {
                // Refused for the sync that failed: sent again.
            }
        }
        return false;
    }

    private static bool IsReleased(JsonElement submission) => submission.GetProperty("state").GetString() == "Released";

    private static bool IsWaiting(JsonElement submission) => submission.GetProperty("waiting").ValueKind == JsonValueKind.Object;
}
