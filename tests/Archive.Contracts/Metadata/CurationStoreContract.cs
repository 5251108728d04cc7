using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of the curators' queue promises. What waits is written through the store of datasets beside it.</summary>
public abstract class CurationStoreContract : MetadataContract<ICurationStore>
{
    /// <summary>The store of datasets over the same database.</summary>
    protected abstract IDatasetStore Datasets { get; }

    [TestMethod]
    public async Task ListWaitingAsync_WhenPaged_GivesThoseThatWaitLongestFirst()
    {
        var written = new List<Dataset>();
        // Two wait since the same moment: the accession tells them apart.
        foreach (var (number, days) in new[] { (1, 3), (2, 1), (3, 2), (4, 1) })
            written.Add(await WriteAsync(Sample.Dataset(Sample.Number(number)) with { Review = In(ReviewState.Waiting, Sample.Time.AddDays(days)) }));
        await WriteAsync(Sample.Dataset(Sample.Number(5)));
        await WriteAsync(Sample.Dataset(Sample.Number(6)) with { Review = In(ReviewState.Returned, Sample.Time) });
        await WriteAsync(Sample.Dataset(Sample.Number(7)) with { Review = In(ReviewState.Approved, Sample.Time) });
        await WriteAsync(Sample.Dataset(Sample.Number(8)) with { Review = In(ReviewState.Waiting, Sample.Time), State = DatasetState.Withdrawn });

        var first = await Store.ListWaitingAsync(null, 3, Ct);
        var rest = await Store.ListWaitingAsync(new(first[^1].Review!.Last.At, first[^1].Accession), 3, Ct);

        CollectionAssert.AreEqual(new long[] { 2, 4, 3, 1 }, first.Concat(rest).Select(d => d.Accession.Number).ToArray());
        AreSame(written[1], first[0]);
        await WriteAsync(first[0] with { Review = Review.With(first[0].Review, new(ReviewState.Approved, Sample.Time, 1, AccountId.New(), null)) });
        Assert.HasCount(3, await Store.ListWaitingAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task HasPassedAsync_WhenOneIsPublicOrApproved_IsTrueForItsOwnerAlone()
    {
        var waiting = await WriteAsync(Sample.Dataset(Sample.Number(1)) with { Review = In(ReviewState.Waiting, Sample.Time) });
        Assert.IsFalse(await Store.HasPassedAsync(waiting.Owner, Ct));
        var returned = await WriteAsync(waiting with { Review = In(ReviewState.Returned, Sample.Time) });
        Assert.IsFalse(await Store.HasPassedAsync(waiting.Owner, Ct));
        var approved = await WriteAsync(returned with { Review = In(ReviewState.Approved, Sample.Time) });
        Assert.IsTrue(await Store.HasPassedAsync(waiting.Owner, Ct));
        await WriteAsync(approved with { State = DatasetState.Withdrawn });
        Assert.IsFalse(await Store.HasPassedAsync(waiting.Owner, Ct));

        var released = await WriteAsync(Sample.Dataset(Sample.Number(2)) with { State = DatasetState.Released });
        Assert.IsTrue(await Store.HasPassedAsync(released.Owner, Ct));
        Assert.IsFalse(await Store.HasPassedAsync(AccountId.New(), Ct));
    }

    private static Review In(ReviewState state, DateTimeOffset at) => new([new(state, at, 1, null, null)]);

    private async Task<Dataset> WriteAsync(Dataset dataset) => (await Datasets.TryWriteAsync(dataset, Ct))!;
}
