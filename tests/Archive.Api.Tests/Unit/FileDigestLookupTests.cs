using Archive.Api.Search;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

[TestClass]
public sealed class FileDigestLookupTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Complete_WhenADatasetWasWithdrawnAfterTheIndexAnswered_TellsNoFileOfIt()
    {
        var ct = TestContext.CancellationToken;
        await using var database = await TestDatabase.CreateAsync(ct);
        var datasets = new PostgresDatasetStore(database.Metadata);
        var kept = await datasets.TryWriteAsync(ADataset(1), ct);
        var withdrawn = await datasets.TryWriteAsync(ADataset(2), ct);
        await datasets.TryWriteAsync(withdrawn! with { State = DatasetState.Withdrawn, WithdrawalReason = "consent" }, ct);
        var found = new SearchPage<FileHit>([Hit(kept!), Hit(withdrawn!)], "next", 2, [], new("g", TimeProvider.System.GetUtcNow(), 2));

        var page = await new FileDigestLookup(datasets, new PostgresFileReferenceStore(database.Metadata)).CompleteAsync(found, ct);

        Assert.AreEqual(kept!.Accession, page.Items.Single().Accession);
        Assert.AreEqual("next", page.Next);
    }

    private static FileHit Hit(Dataset dataset) => new(dataset.Accession, ArchivePath.Parse("a.tif", null), 1, "TIFF", []);

    private static Dataset ADataset(int number) => new()
    {
        Accession = Accession.From("S-TEST", number), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released,
        ReleaseDate = TimeProvider.System.GetUtcNow(), Title = "Yeast", Versions = [new(1, SubmissionId.New(), TimeProvider.System.GetUtcNow(), 1, 1)],
    };
}
