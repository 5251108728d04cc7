using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects.FileSystem;
using Archive.TestKit;
using Archive.TestKit.Databases;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class ArchiveFeedTests
{
    private static readonly byte[] Shelf = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31))];

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(0, true, DisplayName = "another node was quicker")]
    [DataRow(1, false, DisplayName = "a byte is another one")]
    [DataRow(2, false, DisplayName = "it is cut off")]
    [DataRow(3, false, DisplayName = "there is more behind it")]
    public async Task KeepShelf_WhenTheKeyIsTaken_WritesOverItOnlyWhatIsDamaged(int damage, bool stays)
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        var objects = new FileSystemObjectStore(folder["store"]);
        await objects.ClaimAsync("an-archive", Ct);
        var feed = new ArchiveFeed(new PostgresDatasetStore(database.Metadata), new PostgresFileReferenceStore(database.Metadata), objects, FacetCatalogue.Standard);
        var dataset = await new PostgresDatasetStore(database.Metadata).TryWriteAsync(Released(), Ct);
        await KeepAsync(feed, dataset!, damage switch { 0 => Shelf, 1 => [.. Shelf[..^1], 1], 2 => Shelf[..70_000], _ => [.. Shelf, 0] });
        var file = Directory.GetFiles(folder["store/objects"], "*", SearchOption.AllDirectories).Single();
        var written = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, written);

        await KeepAsync(feed, dataset!, Shelf);

        CollectionAssert.AreEqual(Shelf, await File.ReadAllBytesAsync(file, Ct));
        Assert.AreEqual(stays, File.GetLastWriteTimeUtc(file) == written);
    }

    private async Task KeepAsync(ArchiveFeed feed, Dataset dataset, byte[] shelf)
    {
        using var content = new MemoryStream(shelf, writable: false);
        await feed.KeepShelfAsync(dataset.Accession, 1, content, shelf.Length, Ct);
    }

    private static Dataset Released() => new()
    {
        Accession = Accession.Parse("S-BIAR1", null),
        Collection = "BioImages",
        Owner = AccountId.New(),
        State = DatasetState.Released,
        ReleaseDate = null,
        Versions = [new CommittedVersion(1, SubmissionId.New(), TimeProvider.System.GetUtcNow(), 1, 1)],
        Title = "A dataset",
    };
}
