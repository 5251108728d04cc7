using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every agenda of datasets promises.</summary>
public abstract class DatasetAgendaContract : MetadataContract<IDatasetAgenda>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>Where the datasets are that the agenda is about.</summary>
    protected abstract IDatasetStore Datasets { get; }

    [TestMethod]
    public async Task ListDueAsync_WhenTheDateHasCome_GivesPrivateOnesOldestFirst()
    {
        var late = await WriteAsync(1, d => d with { ReleaseDate = Now.AddDays(-1) });
        var later = await WriteAsync(2, d => d with { ReleaseDate = Now.AddDays(-2) });
        await WriteAsync(3, d => d with { ReleaseDate = Now.AddDays(1) });
        await WriteAsync(4, d => d);
        await WriteAsync(5, d => d with { ReleaseDate = Now.AddDays(-3), State = DatasetState.Released });

        foreach (var (number, state) in new[] { (6, ReviewState.Waiting), (7, ReviewState.Returned) })
            await WriteAsync(number, d => d with { ReleaseDate = Now.AddDays(-4), Review = new([new(state, Now, 1, null, null)]) });

        AreSame([later, late], await Store.ListDueAsync(10, Ct));
        AreSame([later], await Store.ListDueAsync(1, Ct));
        var approved = await WriteAsync(8, d => d with { ReleaseDate = Now.AddDays(-9), Review = new([new(ReviewState.Approved, Now, 1, null, null)]) });
        AreSame([approved], await Store.ListDueAsync(1, Ct));
    }

    [TestMethod]
    public async Task ListToWarnAsync_WhenAWarningHasComeAndTheReleaseHasNot_GivesOldestFirst()
    {
        var second = await WriteAsync(1, d => d with { ReleaseDate = Now.AddDays(20), WarnAt = Now.AddDays(-10) });
        var first = await WriteAsync(2, d => d with { ReleaseDate = Now.AddDays(5), WarnAt = Now.AddDays(-11) });
        await WriteAsync(3, d => d with { ReleaseDate = Now.AddDays(40), WarnAt = Now.AddDays(10) });
        await WriteAsync(4, d => d with { ReleaseDate = Now.AddDays(-1), WarnAt = Now.AddDays(-2) });
        await WriteAsync(5, d => d with { ReleaseDate = Now.AddDays(5), WarnAt = Now.AddDays(-2), State = DatasetState.Released });
        await WriteAsync(6, d => d with { ReleaseDate = Now.AddDays(5), WarnAt = Now.AddDays(-2), Review = new([new(ReviewState.Waiting, Now, 1, null, null)]) });

        AreSame([first, second], await Store.ListToWarnAsync(10, Ct));
        AreSame([first], await Store.ListToWarnAsync(1, Ct));
        Assert.IsNull((await Datasets.FindAsync(Sample.Number(5), Ct))!.WarnAt, "who is public is warned no more");
    }

    [TestMethod]
    public async Task ListWithEffectsAsync_WhenSomeAreOpen_GivesThoseByAccession()
    {
        var first = await WriteAsync(1, d => d with { Effects = Open(1) });
        await WriteAsync(2, d => d);
        var third = await WriteAsync(3, d => d with { Effects = Open(3) });

        CollectionAssert.AreEqual(new[] { first.Accession, third.Accession }, (await Store.ListWithEffectsAsync(null, 10, Ct)).Select(d => d.Accession).ToArray());
        CollectionAssert.AreEqual(new[] { third.Accession }, (await Store.ListWithEffectsAsync(first.Accession, 10, Ct)).Select(d => d.Accession).ToArray());
        var read = (await Store.ListWithEffectsAsync(null, 1, Ct)).Single();
        AreSame(first.Effects, read.Effects);
        AreSame(first.Effects, (await Datasets.FindAsync(first.Accession, Ct))!.Effects);
    }

    [TestMethod]
    public async Task TryClearEffectsAsync_WhenTheHeadStands_TakesThemOutAndMovesNothing()
    {
        var written = await WriteAsync(1, d => d with { State = DatasetState.Released, Effects = Open(1) });

        Assert.IsTrue(await Store.TryClearEffectsAsync(written, Ct));
        Assert.IsFalse(await Store.TryClearEffectsAsync(written, Ct), "the row is not written again");

        var stands = (await Datasets.FindAsync(written.Accession, Ct))!;
        Assert.IsTrue(stands.Effects.IsEmpty);
        Assert.AreEqual((written.Revision, written.Change), (stands.Revision, stands.Change));
        Assert.IsEmpty(await Store.ListWithEffectsAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task TryClearEffectsAsync_WhenTheHeadWasWrittenSince_LeavesThem()
    {
        var written = await WriteAsync(1, d => d with { Effects = Open(1) });
        var since = (await Datasets.TryWriteAsync(written with { Effects = written.Effects.With(Sample.Mail()) }, Ct))!;

        Assert.IsFalse(await Store.TryClearEffectsAsync(written, Ct));

        AreSame(since.Effects, (await Datasets.FindAsync(written.Accession, Ct))!.Effects);
    }

    [TestMethod]
    public async Task ListWithoutShelfAsync_WhenPrivateVersionsCame_GivesThoseOfWhichNobodyToldTheShelf()
    {
        var first = await WriteAsync(1, d => d);
        await WriteAsync(2, d => d with { State = DatasetState.Released });
        var third = await WriteAsync(3, d => d);
        Assert.AreEqual("S-TEST1 S-TEST3", await DueAsync(null));
        Assert.AreEqual("S-TEST3", await DueAsync(first.Accession));

        await Store.NoteShelfAsync(first, Ct);
        var renamed = (await Datasets.TryWriteAsync(first with { Title = "Other" }, Ct))!;
        Assert.AreEqual("S-TEST3", await DueAsync(null), "the version is the same");
        var moved = (await Datasets.TryWriteAsync(third with { Title = "Other" }, Ct))!;
        await Store.NoteShelfAsync(third, Ct);
        Assert.AreEqual("S-TEST3", await DueAsync(null), "the head was written since it was read");
        await Store.NoteShelfAsync(moved, Ct);
        Assert.AreEqual("", await DueAsync(null));
        await Datasets.TryWriteAsync(renamed with { Versions = [.. renamed.Versions, renamed.Latest with { Number = 2, Submission = SubmissionId.New() }] }, Ct);
        Assert.AreEqual("S-TEST1", await DueAsync(null));
    }

    private async Task<string> DueAsync(Accession? after) => string.Join(' ', (await Store.ListWithoutShelfAsync(after, 10, Ct)).Select(d => d.Accession));

    private static PendingEffects Open(int number) => PendingEffects.None.With(Sample.Mail()).With(Sample.Entry("dataset", $"S-TEST{number}"));

    private async Task<Dataset> WriteAsync(int number, Func<Dataset, Dataset> change) =>
        (await Datasets.TryWriteAsync(change(Sample.Dataset(Sample.Number(number))), Ct))!;
}
