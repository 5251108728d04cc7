using System.IO.Pipelines;
using System.Reflection;
using Archive.Api.Submissions;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

/// <summary>Following submissions on a real database, whose calls a test counts and lets fail.</summary>
[TestClass]
public sealed class SubmissionWatchTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    [DataRow(nameof(ISubmissionStore.ReadMarksAsync))]
    [DataRow(nameof(ISubmissionStore.FindAsync))]
    public async Task Follow_WhenTheFirstLookAfterTheEndFails_IsToldByTheNext(string failing)
    {
        await using var ground = await GroundAsync();
        var submission = await ground.AddAsync(SubmissionState.Released, Ct);
        using var first = ground.Watch.Follow(submission.Id);
        Assert.IsNotNull(await first.NextAsync(Long, Ct));
        ground.FailOnce(failing);

        // Nothing is written any more, so only that he is new makes a look worth it.
        using var second = ground.Watch.Follow(submission.Id);

        Assert.AreEqual(SubmissionState.Released, (await second.NextAsync(Long, Ct))?.Submission?.State);
        Assert.AreEqual(0, ground.ToFail, "the look has failed");
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Follow_WhenManyFollowOne_IsReadOnceForAll()
    {
        await using var ground = await GroundAsync();
        var submission = await ground.AddAsync(SubmissionState.Submitted, Ct);
        var followers = Enumerable.Range(0, 50).Select(_ => ground.Watch.Follow(submission.Id)).ToList();
        foreach (var follower in followers) Assert.IsNotNull(await follower.NextAsync(Long, Ct));
        await ground.QuietAsync(Ct);
        var before = ground.Finds;
        var next = followers.Select(f => f.NextAsync(Long, Ct)).ToList();

        await ground.Store.RequestCancelAsync(submission.Id, Ct);
        var told = await Task.WhenAll(next);

        Assert.IsTrue(told.All(r => r?.Submission?.CancelRequested == true));
        Assert.AreEqual(1, ground.Finds - before);
        foreach (var follower in followers) follower.Dispose();
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Events_WhenTheSubmissionIsWrittenWithoutANewState_StillTellThatTheyAreThere()
    {
        await using var ground = await GroundAsync();
        await ground.AddAsync(SubmissionState.Submitted, Ct);
        var held = (await ground.Store.LeaseNextAsync("test", TimeSpan.FromMinutes(5), Ct))!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var renewing = RenewAsync();
        var pipe = new Pipe();
        var http = new DefaultHttpContext { RequestServices = ground.Services, RequestAborted = stop.Token };
        http.Response.Body = pipe.Writer.AsStream();
        using var place = new MemoryStream();

        // Renewed again and again within the heartbeat, so that a reading always comes first.
        var sending = new SubmissionEvents(held, place, TimeSpan.FromSeconds(2)).ExecuteAsync(http);
        using var lines = new StreamReader(pipe.Reader.AsStream());
        var (states, beats) = (0, 0);
        while (beats < 2)
        {
            var line = await lines.ReadLineAsync(Ct);
            if (line == "event: state") states++;
            if (line == ": still there") beats++;
        }
        await stop.CancelAsync();
        await Task.WhenAll(sending, renewing);

        Assert.AreEqual(1, states);
        Assert.IsGreaterThan(3, ground.Finds, "the submission was read meanwhile");

        async Task RenewAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                await ground.Store.RenewAsync(held, TimeSpan.FromMinutes(5), CancellationToken.None);
                await Task.Delay(50, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Ground> GroundAsync() => new(await TestDatabase.CreateAsync(Ct));

    private sealed class Ground : IAsyncDisposable
    {
        private readonly TestDatabase database;
        private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
        private string failing = "";
        private int toFail;
        private int finds;
        private int quietLooks;

        public Ground(TestDatabase database)
        {
            this.database = database;
            Store = new PostgresSubmissionStore(database.Metadata, TimeProvider.System);
            Watch = new SubmissionWatch(Observed.Over(Store, Note), new EagerSignal(), lifetime, TimeProvider.System, NullLogger<SubmissionWatch>.Instance);
            Services = new ServiceCollection().AddSingleton(Watch).AddSingleton<IHostApplicationLifetime>(lifetime).AddOptions().BuildServiceProvider();
        }

        public PostgresSubmissionStore Store { get; }

        public SubmissionWatch Watch { get; }

        public ServiceProvider Services { get; }

        public int Finds => Volatile.Read(ref finds);

        public int ToFail => Volatile.Read(ref toFail);

        public void FailOnce(string call) => (failing, toFail) = (call, 1);

        public async Task<Model.Submissions.Submission> AddAsync(SubmissionState state, CancellationToken ct) => await Store.AddAsync(
            new()
            {
                Id = SubmissionId.New(), Draft = DraftId.New(), Owner = AccountId.New(), Accession = Accession.From("S-TEST", 1), Version = 1,
                State = state, SubmittedAt = TimeProvider.System.GetUtcNow(),
            }, ct);

        /// <summary>Waits until two looks in a row had nothing to read.</summary>
        public Task QuietAsync(CancellationToken ct)
        {
            Volatile.Write(ref quietLooks, 0);
            return TestKit.Poll.Until(() => Volatile.Read(ref quietLooks) > 2, "nothing is read any more", ct, Long);
        }

        public async ValueTask DisposeAsync()
        {
            lifetime.StopApplication();
            await Services.DisposeAsync();
            await database.DisposeAsync();
        }

        private void Note(string call)
        {
            if (call == nameof(ISubmissionStore.FindAsync)) Interlocked.Increment(ref finds);
            if (call == nameof(ISubmissionStore.FindAsync)) Volatile.Write(ref quietLooks, 0);
            if (call == nameof(ISubmissionStore.ReadMarksAsync)) Interlocked.Increment(ref quietLooks);
            if (call == failing && Interlocked.CompareExchange(ref toFail, 0, 1) == 1) throw new IOException("Injected.");
        }
    }

    /// <summary>Wakes at short intervals, as if others' submissions moved all the time.</summary>
    private sealed class EagerSignal : IChangeSignal
    {
        public Task SendAsync(SignalTopic topic, CancellationToken ct) => Task.CompletedTask;

        public Task WaitAsync(SignalTopic topic, string listener, TimeSpan atMost, CancellationToken ct) => Task.Delay(20, ct);
    }

    /// <summary>Tells of each call before it is made.</summary>
    public class Observed : DispatchProxy
    {
        private ISubmissionStore store = null!;
        private Action<string> note = null!;

        public static ISubmissionStore Over(ISubmissionStore store, Action<string> note)
        {
            var over = Create<ISubmissionStore, Observed>();
            (((Observed)(object)over).store, ((Observed)(object)over).note) = (store, note);
            return over;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            note(targetMethod!.Name);
            return targetMethod.Invoke(store, args);
        }
    }
}
