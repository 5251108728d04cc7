using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
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

    [TestMethod]
    public async Task ReadFiles_WhenPathsAreNotInFormC_GivesThemInTheOrderOfAShelf()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        var (datasets, files) = (new PostgresDatasetStore(database.Metadata), new PostgresFileReferenceStore(database.Metadata));
        var feed = new ArchiveFeed(datasets, files, new FileSystemObjectStore(folder["store"]), FacetCatalogue.Standard);
        var dataset = Released();
        dataset = await datasets.TryWriteAsync(dataset with { Versions = [.. dataset.Versions, new CommittedVersion(2, SubmissionId.New(), TimeProvider.System.GetUtcNow(), 1, 1)] }, Ct);
        // As macOS spells them: by match key the é of two characters would come last. The second version spells one of them anew and removes one.
        string[] first = ["e\u0301/1", "e\u0301/2", "e/1", "f", "o\u0308", "u\u0308", "z"];
        await files.AddAsync([.. first.Select(path => Reference(dataset!, 1, path))], Ct);
        await files.AddAsync([Reference(dataset!, 2, "\u00f6"), Reference(dataset!, 2, "u\u0308") with { ObjectKey = null }], Ct);

        var all = await feed.ReadFilesAsync(dataset!.Accession, 1, Ct).Select(f => f.Path.Value).ToListAsync(Ct);
        var later = await feed.ReadFilesAsync(dataset.Accession, 2, Ct).Select(f => f.Path.Value).ToListAsync(Ct);

        CollectionAssert.AreEqual(new[] { "e/1", "e\u0301/1", "e\u0301/2", "f", "o\u0308", "u\u0308", "z" }, all);
        CollectionAssert.AreEqual(new[] { "e/1", "e\u0301/1", "e\u0301/2", "f", "z", "\u00f6" }, later);
        Assert.IsGreaterThan(0, (await ShelfBuilder.BuildAsync(feed.ReadFilesAsync(dataset.Accession, 2, Ct), Ct)).Length);
    }

    private static FileReference Reference(Dataset dataset, int version, string path) => new()
    {
        Accession = dataset.Accession,
        Submission = dataset.Versions[version - 1].Submission,
        Path = ArchivePath.Parse(path, null),
        Version = version,
        ObjectKey = $"files/{version}/{path}",
        LengthBytes = 1,
        Digests = null,
        Format = "TIFF",
        Attributes = [],
    };

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
