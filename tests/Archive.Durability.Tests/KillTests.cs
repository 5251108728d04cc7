using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>SIGKILL at any instant loses nothing: after a restart every submission arrives.</summary>
[TestClass]
[TestCategory("Kill")]
public sealed class KillTests : DurabilityTest
{
    // What can change the disk or tell somebody something. Calls that a machine does not have are skipped ("?").
    private const string Instants = "?link,linkat,pwrite64,?pwritev,fsync,?fdatasync,?syncfs,?rename,?renameat,?renameat2," +
        "?unlink,unlinkat,?rmdir,?mkdir,mkdirat,ftruncate,sendto,sendmsg";

    // Each kill leaves a lease behind, and perhaps a temporary file; waiting for them to age is no part of what is shown.
    private static readonly string[] ShortLease = ["--lease-seconds", "3", "--sweep-grace-seconds", "5"];

    [TestMethod]
    public async Task Kill_WhenAtRandomInstantsOf300Files_EverySubmissionIsReleasedWhole()
    {
        var seed = Seed();
        var random = new Random(seed);
        var instants = IsLong ? 40 : 8;
        await using var archive = new ArchiveProcess(Folder["data"], ShortLease);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        List<Depositing> deposits = [await DepositAsync(client, SampleDeposit.Generate(0, 300, 1000))];
        // How long after its beginning, or after its submit request, a deposit is killed at most; learnt from the kills.
        var spans = new Dictionary<bool, TimeSpan> { [false] = TimeSpan.FromSeconds(4), [true] = TimeSpan.FromSeconds(1) };
        var struck = 0;
        while (struck < instants)
        {
            Assert.IsLessThan(instants * 5, deposits.Count, "Too many deposits ended before the kill.");
            var depositing = new Depositing(client, SampleDeposit.Generate(deposits.Count, 300, 1000));
            deposits.Add(depositing);
            var fromSubmit = random.Next(4) > 0;
            if (fromSubmit) await UploadAsync(depositing);
            var delay = spans[fromSubmit] * random.NextDouble();
            var work = Task.Run(() => depositing.ContinueAsync(Ct), Ct);
            var ended = await Task.WhenAny(work, Task.Delay(delay, Ct)) == work;
            await archive.KillAsync();
            spans[fromSubmit] *= ended ? 0.6 : 1.15;
            if (!ended) struck++;
            await Swallow(work);
            Say($"killed {delay.TotalMilliseconds:0} ms after {(fromSubmit ? "submitting" : "beginning")} {depositing.Accession}{(ended ? ", too late" : "")}");
            await archive.StartAsync(Ct);
        }
        Say($"{struck} kills, seed {seed}");
        foreach (var depositing in deposits) await FinishAsync(depositing);
        await CompareAsync(client, deposits);
        await Aftermath.CheckAsync(archive, deposits, Ct);
    }

    /// <remarks>
    /// strace counts in each thread by itself, so its own <c>when=N</c> cannot go through the instants of a process. Here each call
    /// is held back for a moment after it took effect, and the N-th over all threads, as the log tells them, is the last one.
    /// Most of a round is waiting, so several archives share the instants.
    /// </remarks>
    [TestMethod]
    public async Task Kill_WhenAtEachInstantOfThreeFiles_EverySubmissionIsReleasedWhole()
    {
        // Once without a kill, to learn how many calls of each kind there are.
        IReadOnlyList<SystemCall> calls = [];
        await OnLaneAsync("first", async (archive, client, deposits) =>
            calls = (await RunUntilAsync(archive, client, await BeginAsync(client, deposits), null)).Calls);
        var all = calls.CountBy(c => c.Name).SelectMany(kind => Enumerable.Range(1, kind.Value).Select(n => new Instant(kind.Key, n))).ToList();
        Assert.IsGreaterThanOrEqualTo(4, all.Count(i => i.Call == "linkat"), "The trace did not see the objects.");
        var instants = new ConcurrentQueue<Instant>(IsLong ? all : Sample(all, Seed()));
        var (planned, kills) = (instants.Count, 0);
        await Task.WhenAll(Enumerable.Range(1, IsLong ? 4 : 2).Select(lane => OnLaneAsync($"lane{lane}", async (archive, client, deposits) =>
        {
            while (instants.TryDequeue(out var instant))
            {
                var depositing = await BeginAsync(client, deposits);
                if ((await RunUntilAsync(archive, client, depositing, instant)).KilledAt is not { } call) continue;
                Interlocked.Increment(ref kills);
                Say($"killed at {instant}: {call}");
                await archive.StartAsync(Ct);
                await FinishAsync(depositing);
            }
        })));
        Say($"{kills} kills at {planned} instants of {calls.Count}");
        Assert.IsGreaterThan(planned / 2, kills, "So few instants cannot be all: the trace did not see the submission.");
    }

    // An archive of its own, and at the end everything that was deposited there compared, and nothing beside it.
    private async Task OnLaneAsync(string name, Func<ArchiveProcess, ArchiveClient, List<Depositing>, Task> work)
    {
        await using var archive = new ArchiveProcess(Folder[name], ShortLease);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        List<Depositing> deposits = [];
        await work(archive, client, deposits);
        await CompareAsync(client, deposits);
        await Aftermath.CheckAsync(archive, deposits, Ct);
    }

    [TestMethod]
    public async Task Submit_WhenItsAnswerIsCutByAKill_RepetitionGivesTheSameAccession()
    {
        await using var archive = new ArchiveProcess(Folder["data"], ShortLease);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        var depositing = new Depositing(client, SampleDeposit.Generate(1, 3, 5000));
        await UploadAsync(depositing);
        // The answer leaves by the first send on a TCP connection; it is held back until the process is dead.
        var id = archive.ProcessId;
        await using (await SystemCallTrace.AttachAsync(
            id, ["-e", "trace=sendto,sendmsg", "-e", "inject=sendto,sendmsg:delay_enter=300000", "-s", "300"], call =>
            {
                if (call.Descriptor.StartsWith("UNIX", StringComparison.Ordinal) && call.Arguments.Contains("INSERT INTO submissions", StringComparison.Ordinal)) Kill(id);
            }, Ct))
        {
            await Swallow(Task.Run(() => depositing.SubmitAsync(Ct), Ct));
        }
        Assert.AreEqual(1, depositing.AnswersLost, "The answer was not cut: is the submission stored by another statement now?");
        await archive.KillAsync();
        await archive.StartAsync(Ct);
        var first = await client.SubmitAsync(depositing.Draft!, Ct);
        var second = await client.SubmitAsync(depositing.Draft!, Ct);
        Assert.AreEqual(first.GetRawText(), second.GetRawText());
        await FinishAsync(depositing);
        Assert.AreEqual(first.GetProperty("accession").GetString(), depositing.Accession);
        await CompareAsync(client, depositing);
        await Aftermath.CheckAsync(archive, [depositing], Ct);
    }

    // Every link, where the most is half done; a fourth of what else reaches the disk, and a tenth of what is only said.
    private static IEnumerable<Instant> Sample(List<Instant> all, int seed) => all.Where((instant, i) => instant.Call switch
    {
        "linkat" or "link" => true,
        "sendto" or "sendmsg" => (i + seed) % 10 == 0,
        _ => (i + seed) % 4 == 0,
    });

    private async Task<Depositing> BeginAsync(ArchiveClient client, List<Depositing> deposits)
    {
        var depositing = new Depositing(client, SampleDeposit.Generate(deposits.Count, 3, 5000));
        deposits.Add(depositing);
        await depositing.BeginAsync(Ct);
        return depositing;
    }

    // Uploads, submits and waits; the call that it was killed at is null when the submission ended before that.
    private async Task<(string? KilledAt, IReadOnlyList<SystemCall> Calls)> RunUntilAsync(
        ArchiveProcess archive, ArchiveClient client, Depositing depositing, Instant? instant)
    {
        var (seen, id) = (0, archive.ProcessId);
        string? last = null;
        var trace = await SystemCallTrace.AttachAsync(
            id, ["-e", $"trace={Instants}", "-e", $"inject={Instants}:delay_exit=20000", "-s", "1000"], call =>
            {
                if (call.Name != instant?.Call || !IsInstant(call) || ++seen != instant.Number) return;
                last = $"{call.Name}({call.Arguments[..Math.Min(call.Arguments.Length, 150)]}";
                Kill(id);
            }, Ct);
        await using (trace)
        {
            await Swallow(Task.Run(
                async () =>
                {
                    await depositing.UploadAsync(Ct, atOnce: 1);
                    await depositing.SubmitAsync(Ct);
                    await client.WaitForEventAsync(depositing.Submission!, "Released", Ct);
                }, Ct));
        }
        if (last is null) Assert.IsTrue(archive.IsRunning, archive.Output);
        else await archive.KillAsync();
        return (last, [.. trace.Calls.Where(IsInstant)]);
    }

    // The index is written beside, after each start and each release; it is no part of a submission.
    private static bool IsInstant(SystemCall call) => !call.Arguments.Contains("/index/", StringComparison.Ordinal);

    private async Task UploadAsync(Depositing depositing)
    {
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
    }

    private static int Seed() => Environment.GetEnvironmentVariable("ARCHIVE_TEST_SEED") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : Random.Shared.Next(1_000_000);

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    // The archive is gone in the middle of it: that is the point.
    private static async Task Swallow(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException)
        {
        }
    }

    // The number-th call of its kind: runs differ in how often a node speaks, but not in what it stores.
    private sealed record Instant(string Call, int Number)
    {
        public override string ToString() => $"{Call} {Number}";
    }
}
