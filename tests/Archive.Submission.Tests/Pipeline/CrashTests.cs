using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.TestKit;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>A process that dies between any two calls of a port, and a depositor who repeats the request.</summary>
[TestClass]
public sealed class CrashTests
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1, 2, 3], ["b/c.tif"] = [4], ["d.tif"] = [.. Enumerable.Repeat((byte)5, 10_000)] };

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(Fault.Before)]
    [DataRow(Fault.After)]
    public async Task Kill_AtEveryCallOfASubmission_LosesNothing(Fault moment)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var accessions = new HashSet<string>();
        var calls = 0;
        for (var k = 1; ; k++)
        {
            var count = 0;
            var isDead = false;
            var preparing = new Node(ground);
            var draft = await preparing.PrepareAsync(Files, Ct);
            var shared = await preparing.Shares.ChangeAsync(SharedThing.Of(draft), r => r with { Collaborators = [new("1", "ada@example.org", null, SharedAccess.Reader, default, Node.Owner)] }, Ct);
            // The k-th call fails and, the process being dead, so does every later one.
            var dying = new Node(ground, new Faults(_ =>
            {
                if (isDead) return Fault.Before;
                isDead = Interlocked.Increment(ref count) == k;
                return isDead ? moment : Fault.None;
            }), lease: TimeSpan.FromMilliseconds(400));
            var cited = await LiveAsync(dying, draft.Id);
            if (!isDead) break;
            calls = k;

            var next = new Node(ground, lease: TimeSpan.FromSeconds(5));
            var repeated = (await next.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))?.Submission;
            Assert.IsNotNull(repeated, $"call {k}");
            if (cited is not null) Assert.AreEqual((cited.Id, cited.Accession), (repeated.Id, repeated.Accession), $"call {k}");
            var ended = await next.RunUntilEndedAsync(repeated.Id, Ct);
            await Archived.IsWholeAsync(ground, next, ended, Files, Ct);
            CollectionAssert.AreEqual(shared.Collaborators.ToArray(), (await next.Shares.ReadAsync(SharedThing.Of(ended.Accession), Ct)).Collaborators.ToArray(), $"call {k}");
            await next.Sharing.RemoveOfGoneDraftsAsync(Ct);
            Assert.AreEqual(0, (await next.Sharing.ReadAsync(shared.Thing, Ct)).Revision, $"call {k}");
            Assert.IsTrue(accessions.Add(ended.Accession.ToString()), $"call {k}: {ended.Accession} was given twice");
        }
        TestContext.WriteLine($"{calls} instants, {accessions.Count} accessions");
        Assert.IsGreaterThan(30, calls);
    }

    [TestMethod]
    public async Task Chaos_WhenOneCallInEightFails_EverySubmissionArrives()
    {
        const int submissions = 50;
        await using var ground = await Ground.CreateAsync(Ct);
        var random = new Random(20260310);
        var calm = false;
        Fault Decide(string call)
        {
            lock (random)
                return calm || random.Next(8) != 0 ? Fault.None : random.Next(2) == 0 ? Fault.Before : Fault.After;
        }
        var faults = new Faults(Decide);
        var node = new Node(ground, faults, lease: TimeSpan.FromSeconds(1));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = Task.Run(() => node.Runner.RunAsync(stop.Token), Ct);
        var sweeping = Task.Run(() => SweepAsync(node, ground, stop.Token), Ct);

        var contents = Enumerable.Range(0, submissions).Select(i => Files.ToDictionary(f => f.Key, f => (byte[])[.. f.Value, (byte)i])).ToList();
        var ids = new SubmissionId[submissions];
        await Parallel.ForAsync(0, submissions, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (i, ct) =>
        {
            ids[i] = await SubmitByRepeatingAsync(node, contents[i], ct);
        });
        var after = new Node(ground);
        await Poll.Until(
            async () =>
            {
                foreach (var id in ids)
                    if ((await after.Submissions.FindAsync(id, Ct)) is not { IsEnded: true }) return false;
                return true;
            },
            "all submissions end", Ct, TimeSpan.FromMinutes(4));
        lock (random) calm = true;
        await stop.CancelAsync();
        await Task.WhenAll(running, sweeping);
        await after.Sealed.RunAsync(TimeSpan.Zero, Ct);
        // Where a holder could not say that it had lost its lease, the second look finds what it wrote.
        await Poll.Until(
            async () =>
            {
                await after.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, Settle, Ct);
                return await ground.CountUnsweptAsync(Ct) == 0;
            },
            "every pass has settled", Ct);

        var accessions = new HashSet<string>();
        for (var i = 0; i < submissions; i++)
        {
            var ended = (await after.Submissions.FindAsync(ids[i], Ct))!;
            await Archived.IsWholeAsync(ground, after, ended, contents[i], Ct);
            Assert.IsTrue(accessions.Add(ended.Accession.ToString()), $"{ended.Accession} was given twice");
        }
        TestContext.WriteLine($"{faults.Injected} injected failures, {accessions.Count} submissions");
        Assert.IsGreaterThan(0, faults.Injected);
    }

    // A depositor whose every request may fail, and who then asks again.
    private static async Task<SubmissionId> SubmitByRepeatingAsync(Node node, Dictionary<string, byte[]> files, CancellationToken ct)
    {
        var draft = await RepeatAsync(() => node.Desk.BeginAsync(Node.Owner, null, ct));
        await RepeatAsync(() => node.SetPageTabAsync(draft.Id, null, ct));
        foreach (var (path, content) in files.Append(new("files.tsv", System.Text.Encoding.UTF8.GetBytes(Node.ListOf(files.Keys)))))
            await RepeatAsync(async () =>
            {
                await node.UploadAsync(draft, path, content, ct);
                return true;
            });
        return (await RepeatAsync(async () => (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, ct))!.Submission
            ?? throw new InjectedException("an upload whose end was lost still runs"))).Id;
    }

    // What the process does until it dies: the request, then the runner and the sweep. Gives the submission that was cited, if any.
    private async Task<Model.Submissions.Submission?> LiveAsync(Node node, DraftId draft)
    {
        Model.Submissions.Submission? cited = null;
        try
        {
            cited = (await node.Submitter.SubmitAsync(draft, Node.Owner, Ct))?.Submission;
            while (await node.Runner.RunOnceAsync(Ct))
            {
            }
            await node.Sealed.RunAsync(TimeSpan.Zero, Ct);
        }
        catch (InjectedException)
        {
            // Dead.
        }
        return cited;
    }

    private static async Task SweepAsync(Node node, Ground ground, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await node.Sealed.RunAsync(TimeSpan.FromMilliseconds(200), ct);
                await node.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, Settle, ct);
                await Task.Delay(200, ct);
            }
            catch (Exception e) when (e is InjectedException or OperationCanceledException)
            {
                // The next round meets it again.
            }
        }
    }

    private static async Task<T> RepeatAsync<T>(Func<Task<T>> request)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await request();
            }
            // A path that could not be given back is free when its lease of seconds lapses, and that may happen several times in a row.
            catch (Exception e) when (tries < 2000 && e is InjectedException or Model.Errors.ArchiveException)
            {
                await Task.Delay(20);
            }
        }
    }
}
