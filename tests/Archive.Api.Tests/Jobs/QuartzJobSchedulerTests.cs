using System.Collections.Concurrent;
using System.Diagnostics;
using Archive.Api.Jobs;
using Archive.Api.Jobs.Quartz;
using Archive.Api.Running;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Jobs;

/// <summary>Two nodes on one real PostgreSQL, as an installation of several machines has them.</summary>
[TestClass]
public sealed class QuartzJobSchedulerTests
{
    private const string EverySecond = "* * * * * ?";
    private const string Never = "0 0 0 1 1 ? 2099";

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Cron_WhenTwoNodesShareIt_FiresEachTimeOnOneOfThem()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (running, overlaps, runs) = (0, 0, 0);
        var job = new Job("tick", "Ticks.", Roles.Submission, EverySecond, async ct =>
        {
            if (Interlocked.Increment(ref running) > 1) Interlocked.Increment(ref overlaps);
            await Task.Yield();
            Interlocked.Increment(ref runs);
            Interlocked.Decrement(ref running);
            return "ticked";
        });
        // The second node starts while the trigger of the first fires: what once made both fire.
        var clock = Stopwatch.StartNew();
        await using var one = await NodeAsync(database, Roles.Submission, job);
        await Poll.Until(() => runs >= 2, "the first node runs the job", Ct, TimeSpan.FromSeconds(30));
        await using var two = await NodeAsync(database, Roles.Submission, job);
        var before = runs;
        await Poll.Until(() => runs >= before + 6, "the nodes run the job", Ct, TimeSpan.FromSeconds(60));
        var seconds = clock.Elapsed.TotalSeconds;

        Assert.AreEqual(0, overlaps);
        Assert.IsLessThanOrEqualTo(seconds + 1, runs, "A time fired on both nodes.");

        await one.StopAsync(Ct);
        before = runs;
        await Poll.Until(() => runs >= before + 2, "the other node goes on", Ct, TimeSpan.FromSeconds(60));
        var told = (await two.ListAsync(Ct)).Single();
        Assert.IsTrue(told.LastRuns.All(r => r is { Succeeded: true, Outcome: "ticked" }));
    }

    [TestMethod]
    public async Task RunOnDemand_WhenOnlyTheOtherNodeHasTheRole_RunsThere()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var ranOn = new ConcurrentQueue<string>();
        Job On(string node) => new("index", "Builds.", Roles.Indexer, Never, ct =>
        {
            ranOn.Enqueue(node);
            return Task.FromResult("built");
        });
        await using var api = await NodeAsync(database, Roles.Api | Roles.Submission, On("submission"));
        await using var indexer = await NodeAsync(database, Roles.Indexer, On("indexer"));

        Assert.IsTrue(await api.TryRunAsync("index", Ct));
        await Poll.Until(() => !ranOn.IsEmpty, "the job runs", Ct, TimeSpan.FromSeconds(60));
        await Poll.Until(async () => (await api.ListAsync(Ct)).Single().LastRuns.Count == 1, "the run is kept", Ct, TimeSpan.FromSeconds(30));

        Assert.AreEqual("indexer", string.Join(' ', ranOn));
        Assert.IsFalse(await api.TryRunAsync("absent", Ct));
    }

    [TestMethod]
    public async Task Run_WhenTheJobFails_IsToldWithoutItsSecretsAndTheJobRunsAgain()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var tries = 0;
        var job = new Job("sweep", "Sweeps.", Roles.Submission, Never, _ =>
            Interlocked.Increment(ref tries) == 1 ? throw new InvalidOperationException("a secret of the installation") : Task.FromResult("swept"));
        await using var node = await NodeAsync(database, Roles.Submission, job);

        await node.TryRunAsync("sweep", Ct);
        await Poll.Until(async () => (await node.ListAsync(Ct)).Single().LastRuns.Count == 1, "the failure is kept", Ct, TimeSpan.FromSeconds(60));
        await node.TryRunAsync("sweep", Ct);
        await Poll.Until(async () => (await node.ListAsync(Ct)).Single().LastRuns.Count == 2, "the second run is kept", Ct, TimeSpan.FromSeconds(60));

        var runs = (await node.ListAsync(Ct)).Single().LastRuns;
        Assert.IsTrue(runs[0] is { Succeeded: true, Outcome: "swept" });
        Assert.IsFalse(runs[1].Succeeded);
        Assert.DoesNotContain("secret", runs[1].Outcome);
    }

    [TestMethod]
    public async Task Start_WhenTheTimeWasChanged_FollowsTheNewOne()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        Job At(string cron) => new("index", "Builds.", Roles.Indexer, cron, _ => Task.FromResult("built"));
        await using (var before = await NodeAsync(database, Roles.Indexer, At(Never)))
            Assert.AreEqual(2099, (await before.ListAsync(Ct)).Single().NextRun!.Value.Year);

        await using var after = await NodeAsync(database, Roles.Indexer, At("0 0 2 * * ?"));

        var next = (await after.ListAsync(Ct)).Single().NextRun!.Value;
        Assert.AreEqual(2, next.UtcDateTime.Hour);
        Assert.IsLessThan(2099, next.Year);
    }

    private async Task<QuartzJobScheduler> NodeAsync(TestDatabase database, Roles roles, params Job[] jobs)
    {
        var catalogue = new JobCatalogue(jobs);
        var services = new ServiceCollection().AddSingleton(catalogue).AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).BuildServiceProvider();
        var node = new QuartzJobScheduler(services, catalogue, TimeProvider.System, NullLoggerFactory.Instance);
        await node.StartAsync(database.ConnectionString, roles, Ct);
        return node;
    }
}
