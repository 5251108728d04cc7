using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>
/// Two nodes share database, staging and store; the clock of one is ahead, and in the middle of its work one is stopped until the other has
/// done everything. Going on, it does nothing a second time.
/// </summary>
[TestClass]
[TestCategory("Nodes")]
public sealed class TwoNodeTests : DurabilityTest
{
    private const int Lanes = 8;

    // No sweep but those that are asked for; a look at what is due every other second.
    private static readonly string[] Settings =
    [
        "--lease-seconds", "8", "--workers", "4", "--sweep-grace-seconds", "5", "--mail-timeout-seconds", "10",
        "--sweep-cron", "0 0 0 1 1 ? 2099", "--release-cron", "*/2 * * * * ?",
    ];

    private readonly List<PairDeposit> deposits = [];
    private readonly HashSet<string> interrupted = new(StringComparer.Ordinal);
    private readonly HashSet<string> held = new(StringComparer.Ordinal);
    private IReadOnlyList<ArchiveClient> depositors = [];
    private IReadOnlyList<ArchiveClient> curators = [];
    private int requestsCut;

    [TestMethod]
    public async Task Stop_WhenANodeIsInMidIngestUntilTheOtherHasFinished_NothingIsDoneTwice()
    {
        FakeTime.Require();
        var (waves, each) = IsLong ? (4, 500) : (1, 80);
        await using var pair = await NodePair.CreateAsync(Folder, Ct, Settings);
        pair.Nodes[0].Process.Environment["TZ"] = "Pacific/Kiritimati";
        pair.Nodes[1].Process.Environment["TZ"] = "Pacific/Pago_Pago";
        FakeTime.Advance(pair.Nodes[1].Process, TimeSpan.FromMinutes(10));
        await pair.StartAsync(Ct);
        await CheckClocksAsync(pair);
        await MakeCollectionAsync(pair);
        depositors = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => pair.RegisterAsync(lane, Ct)));
        curators = await Task.WhenAll(Enumerable.Range(0, 2).Select(node => pair.RegisterCuratorAsync(node, Ct)));
        await using var watch = new ObjectWatch(pair.Objects);

        for (var wave = 0; wave < waves; wave++) await WaveAsync(pair, pair.Nodes[wave % 2], each);

        var rewritten = await watch.EndAsync();
        Assert.IsEmpty(rewritten, $"Objects were written twice: {string.Join('\n', rewritten)}");
        await Aftermath.CheckAsync(pair.First, [.. deposits.Select(d => d.Depositing!)], Ct);
        await CheckNobodyWasRobbedAsync(pair);
        await PairOracle.CheckDatasetsAsync(pair, deposits, requestsCut, Ct);
        await PairOracle.CheckObjectsAsync(pair, deposits, Ct);
        await PairOracle.CheckListsAsync(depositors, deposits, Ct);
        PairOracle.CheckMails(pair, deposits, depositors.Concat(curators).Select(c => c.Email!), held);
        Say($"{deposits.Count} submissions, {requestsCut} requests cut, {pair.Nodes.Sum(n => n.Mails.Taken.Count)} mails, {watch.Seen.Count} objects ever seen");
    }

    // A node that is stopped between the write of a head and its commit holds the row that all publishing waits for.
    [TestMethod]
    public async Task Stop_WhenANodeIsInMidCommit_TheOtherCommitsInItsPlace()
    {
        // Nothing else is under way: no job but those that the test asks for.
        await using var pair = await NodePair.CreateAsync(Folder, Ct, [.. Settings, "--release-cron", "0 0 0 1 1 ? 2099"]);
        var (first, second) = (pair.Nodes[0], pair.Nodes[1]);
        await first.Process.StartAsync(Ct);
        var depositor = await pair.RegisterAsync(0, Ct);
        deposits.Add(new PairDeposit(0, await pair.NowAsync(Ct)));
        // The write is sent, and the node stands still before it can send the next: its threads are held back for a moment after each sending.
        var isStopped = false;
        await using (await SystemCallTrace.AttachAsync(
            first.Process.ProcessId, ["-e", "trace=sendto,sendmsg", "-e", "inject=sendto,sendmsg:delay_exit=100000", "-s", "4000"], call =>
            {
                if (isStopped || !call.Arguments.Contains("INSERT INTO datasets", StringComparison.Ordinal)) return;
                first.Process.Pause();
                isStopped = true;
            }, Ct))
        {
            await deposits[0].SubmitAsync(depositor, Ct);
            await Poll.Until(() => isStopped, "the node has written the head", Ct, TimeSpan.FromMinutes(1));
        }
        Assert.AreEqual(0, await pair.CountAsync("SELECT count(*) FROM datasets", Ct), "It was not stopped before the commit.");
        interrupted.UnionWith(await pair.QueryAsync("SELECT id::text FROM submissions", Ct));

        await second.Process.StartAsync(Ct);
        first.Leave();
        await pair.SettleAsync(Ct);
        var before = await pair.RowsAsync(Ct);
        var continued = await pair.QueryAsync("SELECT clock_timestamp()::text", Ct);
        first.Process.Continue();
        first.Return();
        await Poll.Until(async () => await pair.CountAsync($"SELECT count(*) FROM submissions WHERE unswept_since > '{continued[0]}'", Ct) == 1,
            "the node that goes on has let go of what it held", Ct, TimeSpan.FromMinutes(1));

        PairOracle.Same(before, await pair.RowsAsync(Ct), "what was there for good");
        await Aftermath.CheckAsync(pair.First, [deposits[0].Depositing!], Ct);
        await PairOracle.CheckDatasetsAsync(pair, deposits, 0, Ct);
        await PairOracle.CheckObjectsAsync(pair, deposits, Ct);
    }

    // A share of the submissions before the stop, most while the node stands still, and some after it went on.
    private async Task WaveAsync(NodePair pair, PairNode stopped, int count)
    {
        var clock = Stopwatch.StartNew();
        var wave = await AddAsync(pair, count - (count / 10));
        var submitted = 0;
        var lanes = SubmitAsync(wave, () => Interlocked.Increment(ref submitted));
        await Poll.Until(() => submitted >= count / 3 || lanes.IsFaulted, "a third is submitted", Ct, TimeSpan.FromMinutes(3));
        await CheckNobodyWasRobbedAsync(pair);
        var inHand = await StopInIngestAsync(pair, stopped);
        Say($"{clock.Elapsed.TotalSeconds:0} s: stopped {stopped.Name} after {submitted} submissions, with {inHand.Count} in hand: {string.Join("; ", inHand)}");
        await lanes;
        Say($"{clock.Elapsed.TotalSeconds:0} s: all are submitted");
        await pair.SettleAsync(Ct);
        Say($"{clock.Elapsed.TotalSeconds:0} s: all have ended");
        // While one is stopped the sweep looks at what it left; what it writes when it goes on comes after that.
        await DataFolder.RunJobAsync(await DataFolder.OperatorAsync(pair.First, FailOver.Client(pair.Nodes[0], pair.Nodes[1]), Ct), "sweep", Ct);
        Say($"{clock.Elapsed.TotalSeconds:0} s: swept");
        await CheckNothingIsEarlyAsync(pair, wave);
        await ApproveAsync(wave, curators.Take(1));
        await pair.MoveClockAsync(PairDeposit.DueIn + TimeSpan.FromMinutes(1), Ct);
        await ReleasedAsync(pair, wave, Fate.Soon);
        Say($"{clock.Elapsed.TotalSeconds:0} s: what is due is public");
        await Poll.Until(() => wave.Where(d => d.Fate == Fate.Warned).All(d => pair.MailsTo(d.Owner!).Any(m => m.Subject.StartsWith($"{d.Accession} becomes", StringComparison.Ordinal))),
            "owners are reminded", Ct, TimeSpan.FromMinutes(1));
        await pair.SettleAsync(Ct);
        Say($"{clock.Elapsed.TotalSeconds:0} s: the other node has finished");

        var before = await pair.RowsAsync(Ct);
        var continued = await pair.QueryAsync("SELECT clock_timestamp()::text", Ct);
        stopped.Process.Continue();
        stopped.Return();
        await Poll.Until(async () => await pair.CountAsync(
            $"SELECT count(*) FROM submissions WHERE id::text IN ({string.Join(',', inHand.Select(h => $"'{h.Split(' ')[0]}'"))}) AND unswept_since > '{continued[0]}'", Ct) == inHand.Count,
            "the node that goes on has let go of what it held", Ct, TimeSpan.FromMinutes(1));
        PairOracle.Same(before, await pair.RowsAsync(Ct), "what was there for good");

        var tail = await AddAsync(pair, count / 10);
        await SubmitAsync(tail, () => { });
        await pair.SettleAsync(Ct);
        await ApproveAsync(tail, curators);
        await pair.MoveClockAsync(PairDeposit.DueIn + TimeSpan.FromMinutes(1), Ct);
        await ReleasedAsync(pair, tail, Fate.Soon);
        await pair.SettleAsync(Ct);
        await pair.MoveClockAsync(TimeSpan.FromDays(1), Ct);
        await ReleasedAsync(pair, deposits, Fate.Warned);
        await pair.SettleAsync(Ct);
        await DataFolder.RunJobAsync(pair.First, "sweep", Ct);
        Say($"{clock.Elapsed.TotalSeconds:0} s: {count} submissions are where they belong");
    }

    private async Task<IReadOnlyList<PairDeposit>> AddAsync(NodePair pair, int count)
    {
        var now = await pair.NowAsync(Ct);
        var added = Enumerable.Range(deposits.Count, count).Select(n => new PairDeposit(n, now)).ToList();
        deposits.AddRange(added);
        return added;
    }

    private async Task SubmitAsync(IEnumerable<PairDeposit> some, Action onSubmitted)
    {
        var queue = new ConcurrentQueue<PairDeposit>(some);
        await Task.WhenAll(depositors.Select(depositor => Task.Run(async () =>
        {
            while (queue.TryDequeue(out var deposit))
            {
                Interlocked.Add(ref requestsCut, await deposit.SubmitAsync(depositor, Ct));
                onSubmitted();
            }
        }, Ct)));
    }

    // Stopped at any instant, and let go on at once where it held nothing then that was being ingested.
    private async Task<IReadOnlyList<string>> StopInIngestAsync(NodePair pair, PairNode node)
    {
        var inHand = $"SELECT id || ' ' || accession || ' ' || (data->>'state') FROM submissions WHERE active AND node = '{node.Name}' AND lease_until > clock_timestamp()";
        IReadOnlyList<string> found = [];
        await Poll.Until(async () =>
        {
            node.Process.Pause();
            // The second answer is of what it had sent before it stood still.
            await pair.QueryAsync(inHand, Ct);
            found = await pair.QueryAsync(inHand, Ct);
            if (found.Any(f => f.EndsWith("Validated", StringComparison.Ordinal))) return true;
            node.Process.Continue();
            return false;
        }, "the node is in mid-ingest", Ct, TimeSpan.FromMinutes(1));
        node.Leave();
        interrupted.UnionWith(found.Select(f => f.Split(' ')[0]));
        held.UnionWith(await pair.QueryAsync("SELECT message_id FROM mails WHERE attempt > 0 AND due_at > now()", Ct));
        return found;
    }

    // A lease lapses with its holder and not before: nobody but a stopped node has lost what it worked on.
    private async Task CheckNobodyWasRobbedAsync(NodePair pair)
    {
        var twice = await pair.QueryAsync("SELECT id::text FROM submissions WHERE cardinality(attempts) > 1", Ct);
        Assert.IsEmpty(twice.Except(interrupted, StringComparer.Ordinal), "Work was taken from a node that lives.");
    }

    private async Task ApproveAsync(IEnumerable<PairDeposit> some, IEnumerable<ArchiveClient> by)
    {
        foreach (var deposit in some.Where(d => d.Fate == Fate.Curated))
        {
            await Task.WhenAll(by.Select(async curator =>
            {
                using var answer = await curator.SendAsync(HttpMethod.Post, $"/api/curation/{deposit.Accession}/approval", null, Ct);
                Assert.IsTrue(answer.IsSuccessStatusCode, $"{deposit.Accession}: {await answer.Content.ReadAsStringAsync(Ct)}");
            }));
        }
    }

    private async Task ReleasedAsync(NodePair pair, IEnumerable<PairDeposit> some, Fate fate)
    {
        var due = some.Where(d => d.Fate == fate).Select(d => $"'{d.Accession}'").ToList();
        await Poll.Until(async () => await pair.CountAsync($"SELECT count(*) FROM datasets WHERE accession IN ({string.Join(',', due)}) AND state <> 'Released'", Ct) == 0,
            "all that is due is public", Ct, TimeSpan.FromMinutes(2));
    }

    // One node's own clock has passed the dates of all that is due soon.
    private async Task CheckNothingIsEarlyAsync(NodePair pair, IEnumerable<PairDeposit> some)
    {
        var now = await pair.NowAsync(Ct);
        var open = (await pair.QueryAsync("SELECT accession FROM datasets WHERE state = 'Released'", Ct)).ToHashSet(StringComparer.Ordinal);
        foreach (var deposit in some.Where(d => d.Depositing is not null && d.Fate != Fate.Public && d.Date > now)) Assert.DoesNotContain(deposit.Accession, open);
    }

    private async Task CheckClocksAsync(NodePair pair)
    {
        var times = new List<DateTimeOffset>();
        foreach (var node in pair.Nodes)
        {
            using var answer = await node.Process.Http.GetAsync("/readyz", Ct);
            times.Add(answer.Headers.Date!.Value);
        }
        Assert.IsGreaterThan(TimeSpan.FromMinutes(9.5), times[1] - times[0], "The second node does not believe the clock that it was given.");
    }

    private async Task MakeCollectionAsync(NodePair pair)
    {
        var operators = await DataFolder.OperatorAsync(pair.First, pair.First.Http, Ct);
        using var made = await operators.SendAsync(HttpMethod.Put, $"/api/collections/{PairDeposit.CuratedCollection}", JsonContent.Create(
            new { title = "Curated", description = "Looked at.", accessionTemplate = "S-CURATED{n}", releasePolicy = "curator" }), Ct);
        Assert.IsTrue(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Ct));
    }
}
