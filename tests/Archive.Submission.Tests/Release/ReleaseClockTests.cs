using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Submission.Tests.Pipeline;
using Npgsql;

namespace Archive.Submission.Tests.Release;

/// <summary>Releases and reminders on a clock that the test sets: the database's, which every node reads.</summary>
[TestClass]
public sealed class ReleaseClockTests
{
    private static readonly DateTimeOffset Day = new(2031, 3, 30, 0, 0, 0, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    // A date means 00:00 UTC wherever a node or a depositor is; an instant with an offset means itself (domain.md, Release).
    [TestMethod]
    [DataRow("2031-03-30", "2031-03-29T23:59:59.999Z", "2031-03-30T00:00:00Z")]
    [DataRow("2031-03-30T00:00:00+14:00", "2031-03-29T09:59:59.999Z", "2031-03-29T10:00:00Z")]
    [DataRow("2031-03-30T00:00:00-11:00", "2031-03-30T10:59:59.999Z", "2031-03-30T11:00:00Z")]
    [DataRow("2031-03-30T02:30:00+01:00", "2031-03-30T01:29:59.999Z", "2031-03-30T01:30:00Z")]
    public async Task ReleaseDue_WhenTheInstantPasses_ReleasesThenAndNotBefore(string date, string before, string at)
    {
        await using var world = await WorldAsync(Day.AddDays(-10));
        var dataset = await world.AddAsync(date);

        await world.SetAsync(DateTimeOffset.Parse(before, null));
        Assert.AreEqual(0, await world.Node.Release.ReleaseDueAsync(Ct));
        Assert.AreEqual(DatasetState.Private, (await world.FindAsync(dataset)).State);

        await world.SetAsync(DateTimeOffset.Parse(at, null));
        Assert.AreEqual(1, await world.Node.Release.ReleaseDueAsync(Ct));
        var released = await world.FindAsync(dataset);
        Assert.AreEqual(DatasetState.Released, released.State);
        Assert.IsGreaterThan(0, released.Change);
        Assert.IsTrue(ReleaseDates.TryParse(date, out var meant));
        Assert.AreEqual(meant, released.ReleaseDate);
    }

    [TestMethod]
    public async Task ReleaseDue_WhenANodeIsBehindTheDatabase_RecordsNoReleaseBeforeItsTime()
    {
        await using var world = await WorldAsync(Day.AddDays(-10));
        var dataset = await world.AddAsync("2031-03-30");

        await world.SetAsync(Day.AddSeconds(1));
        world.Time.Now = Day.AddSeconds(-4);
        Assert.AreEqual(1, await world.Node.Release.ReleaseDueAsync(Ct));

        var entry = (await world.Node.Audit.ListAsync("dataset", dataset.Accession.ToString(), null, null, 10, Ct)).Single(e => e.Entry.Action == "released").Entry;
        Assert.AreEqual(Day, entry.At);
    }

    [TestMethod]
    public async Task Warn_WhenDaysPass_WritesOnceAt30And7And1DaysBefore()
    {
        await using var world = await WorldAsync(Day.AddDays(-40));
        var dataset = await world.AddAsync("2031-03-30");
        var told = new List<(int Day, int Mails)>();

        for (var left = 40; left >= -1; left--)
        {
            // At noon, so that the dates of warnings, which are midnights, have passed by half a day.
            await world.SetAsync(Day.AddDays(-left).AddHours(12));
            await world.Node.Release.ReleaseDueAsync(Ct);
            var mails = await world.Node.Release.WarnAsync(Ct) + await world.Node.Release.WarnAsync(Ct);
            if (mails > 0) told.Add((left, mails));
        }

        CollectionAssert.AreEqual(new[] { (30, 1), (7, 1), (1, 1) }, told);
        CollectionAssert.AreEqual(new[] { "30 days", "7 days", "1 day" }, (await world.MailsAsync("release-warning")).Select(m => m.Values["days"]).ToArray());
        Assert.HasCount(1, await world.MailsAsync("dataset-released"));
        Assert.AreEqual(DatasetState.Released, (await world.FindAsync(dataset)).State);
    }

    [TestMethod]
    public async Task Warn_WhenTheArchiveWasDownForSeveralWarnings_WritesOneMailThatSaysWhatIsTrue()
    {
        await using var world = await WorldAsync(Day.AddDays(-40));
        await world.AddAsync("2031-03-30");

        await world.SetAsync(Day.AddDays(-3));
        Assert.AreEqual(1, await world.Node.Release.WarnAsync(Ct));
        Assert.AreEqual(0, await world.Node.Release.WarnAsync(Ct));

        Assert.AreEqual("3 days", (await world.MailsAsync("release-warning")).Single().Values["days"]);
        await world.SetAsync(Day.AddHours(-20));
        Assert.AreEqual(1, await world.Node.Release.WarnAsync(Ct), "the last warning still comes");
    }

    [TestMethod]
    public async Task ReleaseAndWarn_WhenManyNodesRunAtOnce_EachHappensOnce()
    {
        await using var world = await WorldAsync(Day.AddDays(-40));
        for (var i = 0; i < 5; i++) await world.AddAsync("2031-03-30");
        var nodes = Enumerable.Range(0, 8).Select(_ => new Node(world.Ground, clock: world.Time)).ToList();

        await world.SetAsync(Day.AddDays(-5));
        var warned = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.Release.WarnAsync(Ct), Ct)));
        await world.SetAsync(Day);
        var released = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.Release.ReleaseDueAsync(Ct), Ct)));

        Assert.AreEqual(5, warned.Sum());
        Assert.AreEqual(5, released.Sum());
        Assert.HasCount(5, await world.MailsAsync("release-warning"));
        Assert.HasCount(5, await world.MailsAsync("dataset-released"));
    }

    [TestMethod]
    public async Task Release_WhenTheWriterDiesBeforeTheMail_TheSweepSendsItOnce()
    {
        await using var world = await WorldAsync(Day.AddDays(-1));
        var dataset = await world.AddAsync("2031-03-30");
        await world.SetAsync(Day);
        var faults = new Faults(call => call == nameof(IMailStore.AddAsync) ? Fault.Before : Fault.None);
        await Assert.ThrowsExactlyAsync<InjectedException>(() => new Node(world.Ground, faults, clock: world.Time).Release.ReleaseDueAsync(Ct));
        Assert.AreEqual(DatasetState.Released, (await world.FindAsync(dataset)).State);
        Assert.IsEmpty(await world.MailsAsync("dataset-released"));

        Assert.AreEqual(1, await world.Node.Effects.SweepAsync(Ct));
        Assert.AreEqual(0, await world.Node.Effects.SweepAsync(Ct));

        Assert.HasCount(1, await world.MailsAsync("dataset-released"));
        var actions = (await world.Node.Audit.ListAsync("dataset", dataset.Accession.ToString(), null, null, 10, Ct)).Select(e => e.Entry.Action);
        Assert.AreEqual(1, actions.Count(a => a == "released"));
    }

    [TestMethod]
    public async Task ChangeDate_WhenSetToTenDaysAhead_WarnsAWeekAndADayBefore()
    {
        await using var world = await WorldAsync(Day.AddDays(-100));
        var dataset = await world.AddAsync("2031-06-30");

        var changed = await world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2030-12-30", world.Owner, Ct);

        Assert.AreEqual(new(2030, 12, 23, 0, 0, 0, TimeSpan.Zero), changed!.WarnAt);
    }

    [TestMethod]
    [DataRow(Role.Depositor, "2030-12-01", "2030-12-20", DatasetState.Released, DisplayName = "a past date means today for its owner")]
    [DataRow(Role.Curator, "2030-12-01", "2030-12-01", DatasetState.Released, DisplayName = "a curator backdates")]
    [DataRow(Role.Curator, "2031-01-10", "2031-01-10", DatasetState.Private, DisplayName = "a curator moves it ahead")]
    public async Task ChangeDate_WhenItIsPrivate_DependsOnWhoAsks(Role role, string wished, string recorded, DatasetState state)
    {
        await using var world = await WorldAsync(Day.AddDays(-100));
        var dataset = await world.AddAsync("2031-03-30");

        var changed = await world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, wished, world.Owner with { Role = role }, Ct);

        Assert.AreEqual(recorded, ReleaseDates.Write(changed!.ReleaseDate!.Value));
        Assert.AreEqual(state, changed.State);
    }

    [TestMethod]
    public async Task ChangeDate_WhenPublic_IsForCuratorsAlone()
    {
        await using var world = await WorldAsync(Day);
        var dataset = await world.AddAsync("2031-03-30");
        Assert.AreEqual(1, await world.Node.Release.ReleaseDueAsync(Ct));

        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2031-12-01", world.Owner, Ct));
        var stranger = world.Owner with { Id = AccountId.New() };
        var strange = await Assert.ThrowsExactlyAsync<ArchiveException>(() => world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2031-12-01", stranger, Ct));
        var undone = await world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2031-12-01", stranger with { Role = Role.Curator }, Ct);

        Assert.AreEqual(Problems.AlreadyPublic, refused.Problem);
        Assert.AreEqual(Problems.Forbidden, strange.Problem);
        Assert.AreEqual(DatasetState.Private, undone!.State);
        Assert.HasCount(1, await world.MailsAsync("release-changed"), "the owner hears of what a curator did");
    }

    [TestMethod]
    public async Task ChangeDate_WhenMoreThanTwoYearsFromTheFirstVersion_IsRefusedWithTheLastDayThatIsNot()
    {
        await using var world = await WorldAsync(Day);
        var dataset = await world.AddAsync("2032-03-30");

        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2033-03-31", world.Owner, Ct));
        var last = await world.Node.ReleaseDesk.ChangeDateAsync(dataset.Accession, "2033-03-30", world.Owner, Ct);

        var finding = ((IReadOnlyList<Finding>)refused.Facts["findings"]!).Single();
        Assert.AreEqual(("release-date-far", "2033-03-30"), (finding.Code, finding.Fix));
        Assert.AreEqual(new(2033, 3, 30, 0, 0, 0, TimeSpan.Zero), last!.ReleaseDate);
    }

    [TestMethod]
    public async Task Withdraw_WhenRepeatedByMany_IsRecordedAndMailedOnce()
    {
        await using var world = await WorldAsync(Day);
        var dataset = await world.AddAsync("2031-03-30");
        await world.Node.Release.ReleaseDueAsync(Ct);
        var curator = world.Owner with { Id = AccountId.New(), Role = Role.Curator };

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Task.Run(() => world.Node.ReleaseDesk.WithdrawAsync(dataset.Accession, $"A donor took back their consent ({i}).", curator, Ct), Ct)));
        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => world.Node.ReleaseDesk.WithdrawAsync(dataset.Accession, "I changed my mind.", world.Owner, Ct));

        Assert.HasCount(1, all.Select(d => d!.WithdrawalReason).Distinct().ToList());
        Assert.AreEqual(Day, all[0]!.WithdrawnAt);
        Assert.AreEqual(Problems.Forbidden, refused.Problem);
        Assert.HasCount(1, await world.MailsAsync("dataset-withdrawn"));
        var entries = await world.Node.Audit.ListAsync("dataset", dataset.Accession.ToString(), null, null, 10, Ct);
        var entry = entries.Single(e => e.Entry.Action == "withdrawn").Entry;
        Assert.AreEqual((curator.Id, "curator"), (entry.Actor!.Value, entry.As));
        Assert.AreEqual("Released", entry.Before!["state"]!.GetValue<string>());
        Assert.AreEqual("Withdrawn", entry.After!["state"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task DatabaseTime_WhenTheMachinesClockIsWrong_TellsTheDatabasesAndGoesOn()
    {
        await using var world = await WorldAsync(Day);
        await world.Ground.Database.MoveClockAsync(TimeSpan.FromDays(3650), Ct);
        var time = new DatabaseTime();
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (time.GetUtcNow() - TimeProvider.System.GetUtcNow()).Duration(), "before the first reading it is the machine's");

        var ahead = await time.ReadAsync(world.Ground.Database.Metadata, Ct);

        Assert.IsLessThan(TimeSpan.FromMinutes(1), (ahead + TimeSpan.FromDays(3650)).Duration());
        var first = time.GetUtcNow();
        SpinWait.SpinUntil(() => time.GetUtcNow() > first, TimeSpan.FromSeconds(5));
        Assert.IsGreaterThan(first, time.GetUtcNow());
    }

    private async Task<World> WorldAsync(DateTimeOffset now)
    {
        var ground = await Ground.CreateAsync(Ct);
        var world = new World(ground, TestContext);
        await world.SetAsync(now);
        await world.Node.Accounts.TryAddAsync(world.Owner, Ct);
        return world;
    }

    /// <summary>A node and an owner of datasets, on a clock that stands where it was set.</summary>
    private sealed class World(Ground ground, TestContext test) : IAsyncDisposable
    {
        private int number;

        public Ground Ground { get; } = ground;

        public SetClock Time { get; } = new();

        public Account Owner { get; } = new()
        {
            Id = AccountId.New(), Email = "ada@example.org", Name = "Ada", PasswordHash = null, Role = Role.Depositor, CreatedAt = Day,
        };

        public Node Node => field ??= new Node(Ground, clock: Time);

        private CancellationToken Ct => test.CancellationToken;

        public async Task SetAsync(DateTimeOffset at)
        {
            Time.Now = at;
            await Ground.Database.SetClockAsync(at, Ct);
        }

        /// <summary>A dataset under embargo as publishing leaves it.</summary>
        public async Task<Dataset> AddAsync(string date)
        {
            Assert.IsTrue(ReleaseDates.TryParse(date, out var release));
            return (await Node.Datasets.TryWriteAsync(new Dataset
            {
                Accession = Accession.From("S-BIAR", ++number), Collection = "BioImages", Owner = Owner.Id, State = DatasetState.Private,
                ReleaseDate = release, Title = "Yeast", Versions = [new(1, SubmissionId.New(), Time.Now, 1, 1)], WarnAt = ReleaseWarnings.Next(release, Time.Now),
            }, Ct))!;
        }

        public async Task<Dataset> FindAsync(Dataset dataset) => (await Node.Datasets.FindAsync(dataset.Accession, Ct))!;

        /// <summary>Mails of a template that were put out, oldest first.</summary>
        public async Task<List<Model.Mail.OutgoingMail>> MailsAsync(string template)
        {
            await using var connection = new NpgsqlConnection(Ground.Database.ConnectionString);
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("SELECT data::text FROM mails WHERE data ->> 'template' = $1 ORDER BY created_at, id", connection) { Parameters = { new() { Value = template } } };
            await using var reader = await command.ExecuteReaderAsync(Ct);
            var mails = new List<Model.Mail.OutgoingMail>();
            while (await reader.ReadAsync(Ct)) mails.Add(System.Text.Json.JsonSerializer.Deserialize<Model.Mail.OutgoingMail>(reader.GetString(0), System.Text.Json.JsonSerializerOptions.Web)!);
            return mails;
        }

        public ValueTask DisposeAsync() => Ground.DisposeAsync();
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
