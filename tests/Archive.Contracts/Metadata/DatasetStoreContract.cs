using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of datasets promises.</summary>
public abstract class DatasetStoreContract : MetadataContract<IDatasetStore>
{
    [TestMethod]
    public async Task TryWriteAsync_WhenOnlyTheOwnerChanges_TakesNoChangeNumber()
    {
        var released = (await Store.TryWriteAsync(Sample.Dataset() with { State = DatasetState.Released, ReleaseDate = Sample.Time }, Ct))!;

        var given = (await Store.TryWriteAsync(released with { Owner = AccountId.New() }, Ct))!;
        var both = (await Store.TryWriteAsync(given with { Owner = AccountId.New(), Title = "Other" }, Ct))!;

        Assert.AreEqual(released.Change, given.Change);
        Assert.AreEqual(released.ChangedAt, given.ChangedAt);
        Assert.IsGreaterThan(released.Revision, given.Revision);
        Assert.IsGreaterThan(given.Change, both.Change);
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenNew_StoresIt()
    {
        var dataset = Sample.Dataset() with { ReleaseDate = Sample.Time };
        var stored = await Store.TryWriteAsync(dataset, Ct);

        AreSame(dataset with { Revision = 1 }, stored!);
        AreSame(stored, await Store.FindAsync(dataset.Accession, Ct));
        Assert.IsNull(await Store.FindAsync(Sample.Number(99), Ct));
    }

    [TestMethod]
    public async Task FindAllAsync_WhenSomeAreAbsent_GivesTheOthersOnce()
    {
        var one = await WriteAsync(Sample.Dataset());
        var two = await WriteAsync(Sample.Dataset(Sample.Number(2)));

        var found = await Store.FindAllAsync([two.Accession, Sample.Number(99), one.Accession, two.Accession], Ct);

        Assert.HasCount(2, found);
        AreSame(one, found.Single(d => d.Accession == one.Accession));
        AreSame(two, found.Single(d => d.Accession == two.Accession));
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenManyWriteOneRevision_ExactlyOneWins()
    {
        var created = await RaceAsync(32, i => Store.TryWriteAsync(Sample.Dataset() with { Title = $"T{i}" }, Ct));
        var first = created.Single(d => d is not null)!;
        var released = await RaceAsync(32, i => Store.TryWriteAsync(first with { State = DatasetState.Released, Title = $"R{i}" }, Ct));
        var second = released.Single(d => d is not null)!;

        AreSame(second, await Store.FindAsync(first.Accession, Ct));
        Assert.AreEqual(1, second.Change, "a write that lost takes no number");
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenThePublicSeesADifference_TakesTheNextChangeNumber()
    {
        var hidden = await WriteAsync(Sample.Dataset());
        Assert.AreEqual(0, hidden.Change);
        Assert.IsNull(hidden.ChangedAt);
        hidden = await WriteAsync(hidden with { Title = "Still hidden" });
        Assert.AreEqual(0, hidden.Change);

        var released = await WriteAsync(hidden with { State = DatasetState.Released });
        Assert.AreEqual(1, released.Change);
        Assert.IsNotNull(released.ChangedAt);
        var revised = await WriteAsync(released with { Title = "Revised" });
        Assert.AreEqual(2, revised.Change);
        var takenBack = await WriteAsync(revised with { State = DatasetState.Private });
        Assert.AreEqual(3, takenBack.Change);
        var unseen = await WriteAsync(takenBack with { Title = "Hidden again" });
        Assert.AreEqual(3, unseen.Change);
        Assert.AreEqual(takenBack.ChangedAt, unseen.ChangedAt);
        var withdrawn = await WriteAsync(unseen with { State = DatasetState.Withdrawn, WithdrawalReason = "consent" });
        Assert.AreEqual(4, withdrawn.Change, "its tombstone is new to the public");
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenThePublicSeesADifference_TellsItsKind()
    {
        var hidden = await WriteAsync(Sample.Dataset());
        var released = await WriteAsync(hidden with { State = DatasetState.Released });
        var revised = await WriteAsync(released with { Versions = [.. released.Versions, released.Latest with { Number = released.Latest.Number + 1, Submission = SubmissionId.New() }] });
        var updated = await WriteAsync(revised with { ReleaseDate = Sample.Time });
        var given = await WriteAsync(updated with { Owner = AccountId.New() });
        var gone = await WriteAsync(given with { State = DatasetState.Private });
        var unseen = await WriteAsync(gone with { Title = "Hidden again" });
        var withdrawn = await WriteAsync(unseen with { State = DatasetState.Withdrawn });
        var created = await WriteAsync(Sample.Dataset(Sample.Number(2)) with { State = DatasetState.Released });

        ChangeKind?[] kinds = [null, ChangeKind.Released, ChangeKind.Revised, ChangeKind.Updated, ChangeKind.Updated, ChangeKind.Gone, ChangeKind.Gone, ChangeKind.Withdrawn, ChangeKind.Created];
        CollectionAssert.AreEqual(kinds, new[] { hidden, released, revised, updated, given, gone, unseen, withdrawn, created }.Select(d => d.ChangeKind).ToArray());
        CollectionAssert.AreEqual(new ChangeKind?[] { ChangeKind.Withdrawn, ChangeKind.Created }, (await Store.ListChangesAsync(0, 10, Ct)).Select(d => d.ChangeKind).ToArray());
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenReleased_MakesTheNewestVersionPublicAndNoneThatWasSuperseded()
    {
        var hidden = await WriteAsync(Sample.Dataset(null, SubmissionId.New(), SubmissionId.New()));
        var released = await WriteAsync(hidden with { State = DatasetState.Released });
        var revised = await WriteAsync(released with { Versions = [.. released.Versions, released.Latest with { Number = 3, Submission = SubmissionId.New(), IsPublic = false }] });
        var takenBack = await WriteAsync(revised with { State = DatasetState.Private });

        Assert.AreEqual("", PublicOnes(hidden));
        Assert.AreEqual("2", PublicOnes(released));
        Assert.AreEqual("2 3", PublicOnes(revised));
        Assert.AreEqual("2 3", PublicOnes(takenBack));
        AreSame(takenBack, await Store.FindAsync(takenBack.Accession, Ct));
        Assert.IsTrue(revised.IsOpen(revised.Versions[1]));
        Assert.IsFalse(revised.IsOpen(revised.Versions[0]));
        Assert.IsFalse(takenBack.IsOpen(takenBack.Versions[1]));

        static string PublicOnes(Dataset dataset) => string.Join(' ', dataset.Versions.Where(v => v.IsPublic).Select(v => v.Number));
    }

    [TestMethod]
    public async Task TryWriteAsync_WhenNeverPublicAndWithdrawn_TakesNoNumber()
    {
        var dataset = await WriteAsync(Sample.Dataset());
        var withdrawn = await WriteAsync(dataset with { State = DatasetState.Withdrawn, WithdrawalReason = "mistake" });

        Assert.AreEqual(0, withdrawn.Change);
        Assert.IsEmpty(await Store.ListChangesAsync(0, 10, Ct));
    }

    [TestMethod]
    public async Task ListChangesAsync_WhenWritersCompete_NothingAppearsBehindAReader()
    {
        const int writers = 8, each = 20;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reading = ReadChangesAsync(done.Token);
        await RaceAsync(writers, async w =>
        {
            for (var i = 0; i < each; i++)
            {
                var accession = Sample.Number(1 + (w * each) + i);
                var dataset = await WriteAsync(Sample.Dataset(accession) with { State = DatasetState.Released });
                if (i % 3 == 0) await WriteAsync(dataset with { State = DatasetState.Withdrawn });
            }
            return true;
        });
        await done.CancelAsync();
        var seen = await reading;

        // What a reader that follows the numbers has put together is what stands at the end, for every dataset.
        Assert.HasCount(writers * each, seen);
        foreach (var (accession, last) in seen) AreSame(await Store.FindAsync(accession, Ct), last);
        Assert.AreEqual(await NewestAsync(), seen.Values.Max(d => d.Change));
    }

    [TestMethod]
    public async Task ListChangesAsync_WhenPaged_GivesEachDatasetOnceAtItsNewestChange()
    {
        var one = await WriteAsync(Sample.Dataset(Sample.Number(1)) with { State = DatasetState.Released });
        var two = await WriteAsync(Sample.Dataset(Sample.Number(2)) with { State = DatasetState.Released });
        one = await WriteAsync(one with { State = DatasetState.Private });

        AreSame([two, one], await Store.ListChangesAsync(0, 10, Ct));
        AreSame([two], await Store.ListChangesAsync(0, 1, Ct));
        AreSame([one], await Store.ListChangesAsync(two.Change, 1, Ct));
        Assert.IsEmpty(await Store.ListChangesAsync(one.Change, 10, Ct));
    }

    [TestMethod]
    public async Task OpenPageTabAsync_WhenSeveralPassesWrote_GivesThatOfThePassTheHeadNames()
    {
        var dataset = Sample.Dataset();
        var mine = dataset.DocumentOf(dataset.Latest);
        await AddAsync(mine with { Submission = Sample.Dataset().Latest.Submission }, "other", "other");
        await AddAsync(mine, "mine", "sent", Sample.Time);
        await AddAsync(mine, "repeated", "repeated");

        Assert.AreEqual("mine", await ReadAsync(await Store.OpenPageTabAsync(mine, Ct)));
        Assert.AreEqual("sent", await ReadAsync(await Store.OpenSentPageTabAsync(mine, Ct)));
        Assert.AreEqual("2024-02-29T23:59:58Z", (await Store.OpenPageTabAsync(mine, Ct))!.ReleaseDate);
        Assert.IsNull(await Store.OpenPageTabAsync(mine with { Number = 2 }, Ct));
        Assert.IsNull(await Store.OpenSentPageTabAsync(mine with { Number = 2 }, Ct));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(65_536)]
    [DataRow(1_000_000)]
    public async Task OpenPageTabAsync_WhenWritten_GivesTheWholeText(int length)
    {
        var document = new DatasetDocument(Sample.Number(1), 1, SubmissionId.New());
        var (given, sent) = (Text(length, 'g'), Text(length, 's'));

        await AddAsync(document, given, sent);

        Assert.AreEqual(given, await ReadAsync(await Store.OpenPageTabAsync(document, Ct)));
        Assert.AreEqual(sent, await ReadAsync(await Store.OpenSentPageTabAsync(document, Ct)));
    }

    [TestMethod]
    public async Task TryReplacePageTabAsync_WhenManyReplaceOne_ExactlyOneWinsAndWhatWasSentStays()
    {
        var document = new DatasetDocument(Sample.Number(1), 1, SubmissionId.New());
        await AddAsync(document, Text(300_000, 'a'), "sent");
        await using var opened = (await Store.OpenPageTabAsync(document, Ct))!;

        var replaced = await RaceAsync(8, async i =>
        {
            using var text = await TextAsync($"replaced {i}");
            return await Store.TryReplacePageTabAsync(document, opened, text, Sample.Time.AddDays(i), Ct);
        });

        var winner = replaced.ToList().IndexOf(true);
        Assert.AreEqual(1, replaced.Count(r => r));
        await using var stored = (await Store.OpenPageTabAsync(document, Ct))!;
        Assert.AreEqual(ReleaseDates.Write(Sample.Time.AddDays(winner)), stored.ReleaseDate);
        Assert.AreEqual($"replaced {winner}", await ReadAsync(stored));
        Assert.AreEqual("sent", await ReadAsync(await Store.OpenSentPageTabAsync(document, Ct)));
        // Who was reading is cut off and gets no mixture.
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => ReadAsync(opened));
        Assert.AreEqual(Problems.Conflict, refusal.Problem);
    }

    private static string Text(int length, char letter) => new(letter, length);

    private static async Task<PageTabText> TextAsync(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (await PageTabText.ReceiveAsync(content, long.MaxValue, CancellationToken.None))!;
    }

    private async Task AddAsync(DatasetDocument document, string given, string sent, DateTimeOffset? date = null)
    {
        using var pageTab = await TextAsync(given);
        using var asSent = await TextAsync(sent);
        await Store.AddDocumentAsync(document, pageTab, date, asSent, Ct);
    }

    private async Task<string> ReadAsync(StoredPageTab? stored)
    {
        using var reader = new StreamReader(stored!.Content, Encoding.UTF8);
        return await reader.ReadToEndAsync(Ct);
    }

    [TestMethod]
    public async Task ListAsync_WhenPaged_GivesNewestNumbersFirst()
    {
        // 10 after 9: numbers, not texts.
        var written = new List<Dataset>();
        foreach (var number in new[] { 9, 10, 2, 100 }) written.Add(await WriteAsync(Sample.Dataset(Sample.Number(number))));

        var first = await Store.ListAsync(null, null, 3, Ct);
        var rest = await Store.ListAsync(null, first[^1].Accession, 3, Ct);

        CollectionAssert.AreEqual(new long[] { 100, 10, 9, 2 }, first.Concat(rest).Select(d => d.Accession.Number).ToArray());
        AreSame([written[1]], await Store.ListAsync(written[1].Owner, null, 10, Ct));
        Assert.IsEmpty(await Store.ListAsync(written[1].Owner, written[1].Accession, 10, Ct));
    }

    [TestMethod]
    public async Task CountAsync_WhenSomeArePublic_CountsThose()
    {
        Assert.AreEqual(new ArchiveTotals(0, 0, 0, 0), await Store.CountAsync(Ct));
        var one = await WriteAsync(Sample.Dataset(Sample.Number(1)) with { State = DatasetState.Released });
        await WriteAsync(Sample.Dataset(Sample.Number(2)) with { State = DatasetState.Released });
        await WriteAsync(Sample.Dataset(Sample.Number(3)));
        Assert.AreEqual(new ArchiveTotals(2, 6, 6000, 2), await Store.CountAsync(Ct));

        await WriteAsync(one with { State = DatasetState.Withdrawn });
        Assert.AreEqual(new ArchiveTotals(1, 3, 3000, 3), await Store.CountAsync(Ct));
    }

    private async Task<Dataset> WriteAsync(Dataset dataset) => await Store.TryWriteAsync(dataset, Ct) ?? throw new AssertFailedException("lost");

    private async Task<long> NewestAsync() => (await Store.CountAsync(Ct)).NewestChange;

    private async Task<Dictionary<Accession, Dataset>> ReadChangesAsync(CancellationToken done)
    {
        var seen = new Dictionary<Accession, Dataset>();
        long since = 0;
        while (true)
        {
            var last = done.IsCancellationRequested;
            var page = await Store.ListChangesAsync(since, 7, Ct);
            foreach (var dataset in page)
            {
                Assert.IsGreaterThan(since, dataset.Change);
                since = dataset.Change;
                seen[dataset.Accession] = dataset;
            }
            if (last && page.Count == 0) return seen;
        }
    }
}
