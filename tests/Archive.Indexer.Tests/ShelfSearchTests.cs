using System.Buffers;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Indexer.Shelves;
using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Indexer.Tests;

/// <summary>The files of one version, searched by its own shelf.</summary>
[TestClass]
public sealed class ShelfSearchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TempFolder folder = new();
    private readonly FakeFeed feed = new();

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Search_WhenAnAttributeIsNamedLikeTheColumnOfFormats_TellsTheFormatAlone()
    {
        var document = new Corpus(5).Document(1);
        feed.Release(document, [new SearchFile(ArchivePath.Parse("a.tif", null), 1, "TIFF", [new("@format", "Acorn"), new("Well", "A1")])]);
        using var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(Ct);

        var page = index.Search.SearchFiles(new FileQuery { Text = "acorn", Facets = ["@format"] }, Ct);

        Assert.AreEqual(("TIFF", "Well"), (page.Items.Single().Format, string.Join(' ', page.Items[0].Attributes.Select(a => a.Name))));
        Assert.AreEqual("TIFF 1", string.Join(' ', page.Facets.Single().Values.Select(v => $"{v.Value} {v.Count}")));
    }

    [TestMethod]
    public async Task Search_WhenTheDatasetIsInTheIndexToo_AnswersAlike()
    {
        var corpus = new Corpus(5);
        for (var i = 1; i <= 12; i++) feed.Release(corpus.Document(i), corpus.Files());
        using var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(Ct);
        using var shelves = Open();
        var compared = 0;
        foreach (var accession in feed.Public)
        {
            using var shelf = await OpenAsync(shelves, accession);
            Assert.AreEqual(string.Join('|', index.Search.ReadColumns(accession, Ct)!), string.Join('|', shelf.Columns));
            foreach (var query in Queries(accession))
            {
                string? mine = null, theirs = null;
                do
                {
                    var own = shelf.Search(query with { Cursor = mine }, Ct);
                    var all = index.Search.SearchFiles(query with { Cursor = theirs }, Ct);
                    Assert.AreEqual(Text(all), Text(own));
                    (mine, theirs, compared) = (own.Next, all.Next, compared + own.Items.Count);
                }
                while (theirs is not null);
                Assert.IsNull(mine);
                Assert.AreEqual(Export(index.Search.ExportFiles(query, FileExportForm.Csv, Ct)), Export(shelf.Export(query, FileExportForm.Csv, Ct)));
                var values = new FileValuesQuery { Files = query, Attribute = "Compound", Size = 5 };
                var next = values with { Cursor = shelf.SearchValues(values, Ct).Next };
                Assert.AreEqual(Text(index.Search.SearchFileValues(values, Ct)), Text(shelf.SearchValues(values, Ct)));
                Assert.IsTrue(next.Cursor is null || Text(shelf.SearchValues(next, Ct)) != Text(shelf.SearchValues(values, Ct)));
            }
        }
        Assert.IsGreaterThan(1000, compared);
    }

    [TestMethod]
    public async Task Export_WhenTheShelfIsGivenUpMeanwhile_IsStillWhole()
    {
        var accession = Release(1, 50);
        using var shelves = Open();
        var shelf = await OpenAsync(shelves, accession);
        var export = shelf.Export(new FileQuery { Text = "taxol" }, FileExportForm.JsonLines, Ct);
        shelf.Dispose();
        shelves.Forget(accession);

        Assert.AreEqual(25, export.Total);
        Assert.HasCount(25, Export(export).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.AreEqual(0, Mapped());
    }

    [TestMethod]
    public async Task Search_WhenTheCursorIsOfAnotherVersionOrView_RefusesIt()
    {
        var accession = Release(1, 50);
        Release(1, 60);
        using var shelves = Open();
        using var first = await OpenAsync(shelves, accession, 1);
        using var second = await OpenAsync(shelves, accession, 2);
        using var seen = await OpenAsync(shelves, accession, 1, new FileView("blind", attributes => attributes));
        var cursor = first.Search(new FileQuery { Size = 3 }, Ct).Next;

        Assert.HasCount(3, first.Search(new FileQuery { Size = 3, Cursor = cursor }, Ct).Items);
        foreach (var other in new[] { second, seen })
            Assert.AreEqual(Problems.CursorInvalid, Assert.ThrowsExactly<ArchiveException>(() => other.Search(new FileQuery { Size = 3, Cursor = cursor }, Ct)).Problem);
    }

    [TestMethod]
    public async Task Search_WhenSeenByAView_KnowsNothingElse()
    {
        var accession = Release(1, 40);
        using var shelves = Open();
        var view = new FileView("no compounds", attributes => [.. attributes.Where(a => a.Name != "Compound")]);
        using var whole = await OpenAsync(shelves, accession);
        using var seen = await OpenAsync(shelves, accession, 1, view);

        Assert.AreEqual(20, whole.Search(new FileQuery { Text = "taxol" }, Ct).Total);
        Assert.AreEqual(0, seen.Search(new FileQuery { Text = "taxol" }, Ct).Total);
        Assert.AreEqual(0, seen.Search(new FileQuery { Filters = [new("Compound", ["Taxol"])] }, Ct).Total);
        Assert.AreEqual("@format Well", string.Join(' ', seen.Columns.Select(c => c.Name)));
        Assert.AreEqual(40, seen.Search(new FileQuery(), Ct).Total);
        Assert.AreEqual(1, feed.ShelvesMade, "a view is kept nowhere");
    }

    [TestMethod]
    public async Task Open_WhenAnyByteOfTheKeptShelfDiffers_MakesItAgain()
    {
        var accession = Release(1, 9);
        string expected;
        using (var shelves = Open())
        using (var shelf = await OpenAsync(shelves, accession))
            expected = Text(shelf.Search(new FileQuery { Facets = ["Compound", "Well"] }, Ct));
        var sound = feed.Shelves[(accession, 1)];
        var made = feed.ShelvesMade;
        var damaged = Enumerable.Range(0, sound.Length).Select(at => sound.Select((b, i) => i == at ? (byte)(b ^ 0x41) : b).ToArray())
            .Concat(Enumerable.Range(0, sound.Length / 16).Select(i => sound[..(i * 16)])).Append([.. sound, 0]).ToList();
        foreach (var (bytes, number) in damaged.Select((bytes, number) => (bytes, number)))
        {
            feed.Shelves[(accession, 1)] = bytes;
            using var shelves = Open();
            using var shelf = await OpenAsync(shelves, accession);
            Assert.AreEqual(expected, Text(shelf.Search(new FileQuery { Facets = ["Compound", "Well"] }, Ct)), $"damage {number}");
            CollectionAssert.AreEqual(sound, feed.Shelves[(accession, 1)], $"damage {number}");
        }
        Assert.AreEqual(damaged.Count, feed.ShelvesMade - made);
    }

    [TestMethod]
    public async Task Open_WhenRoomEnds_GivesUpWhatWasNotUsedForLongestAndCutsNoReader()
    {
        var accessions = Enumerable.Range(1, 6).Select(i => Release(i, 200)).ToList();
        long one;
        using (var measured = Open())
        {
            using var shelf = await OpenAsync(measured, accessions[0]);
            one = measured.Bytes;
        }
        using var shelves = Open(maxBytes: one * 7 / 2);
        using var reader = await OpenAsync(shelves, accessions[0]);
        foreach (var accession in accessions.Skip(1)) (await OpenAsync(shelves, accession)).Dispose();

        CollectionAssert.AreEqual(accessions.Skip(3).ToList(), shelves.Opened.Select(id => id.Accession).Order().ToList());
        Assert.IsLessThanOrEqualTo(one * 7 / 2, shelves.Bytes);
        Assert.AreEqual(200, reader.Search(new FileQuery(), Ct).Total, "who reads one reads on");
        Assert.AreEqual(4, Mapped(), "three are kept and one is read");
        reader.Dispose();
        Assert.AreEqual(3, Mapped());
        shelves.Forget(accessions[5]);
        Assert.AreEqual(2, Mapped());
        Assert.IsEmpty(Directory.GetFiles(folder["shelves"]), "what is open has no name");
    }

    [TestMethod]
    public async Task Open_WhenManyAskAtOnce_MakesOneShelfAndSaysWhenItTakesLong()
    {
        var accession = Release(1, 100);
        using var shelves = Open();
        var opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => shelves.TryOpenAsync(Id(accession, 1), null, Patience, Ct)));
        foreach (var shelf in opened)
        {
            Assert.AreEqual(100, shelf!.Search(new FileQuery(), Ct).Total);
            shelf.Dispose();
        }
        Assert.AreEqual(1, feed.ShelvesMade);

        // One that takes long: the first does not wait for its end, a later one finds it.
        var slow = Release(2, 100);
        using var go = new ManualResetEventSlim();
        feed.OnFiles = () => go.Wait(Ct);
        Assert.IsNull(await shelves.TryOpenAsync(Id(slow, 1), null, TimeSpan.FromMilliseconds(1), Ct));
        go.Set();
        using var found = await OpenAsync(shelves, slow);
        Assert.AreEqual(2, feed.ShelvesMade);
    }

    [TestMethod]
    public async Task Open_WhenItFails_IsTriedAgainByTheNext()
    {
        var accession = Release(1, 10);
        using var shelves = Open();
        feed.OnFiles = () => throw new IOException("The volume is gone.");
        await Assert.ThrowsExactlyAsync<IOException>(() => shelves.TryOpenAsync(Id(accession, 1), null, Patience, Ct));
        Assert.IsEmpty(shelves.Opened);
        feed.OnFiles = null;

        using var shelf = await OpenAsync(shelves, accession);

        Assert.AreEqual(10, shelf.Search(new FileQuery(), Ct).Total);
    }

    [TestMethod]
    public async Task Search_WhenTheShelfIsLarge_TakesMemoryForItsBitmapsOnly()
    {
        var isLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";
        var files = isLong ? 2_400_000 : 100_000;
        var accession = Release(1, files);
        using var shelves = Open();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        (await OpenAsync(shelves, accession)).Dispose();
        var made = clock.Elapsed;
        shelves.Forget(accession);
        clock.Restart();
        using var shelf = await OpenAsync(shelves, accession);
        var opened = clock.Elapsed;
        var query = new FileQuery { Filters = [new("Compound", ["Taxol"])], Facets = ["Compound", "Well"], Sort = "-@size", Size = 50 };
        Assert.AreEqual(files / 2, shelf.Search(query, Ct).Total);

        clock.Restart();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) shelf.Search(query with { At = i * 100 }, Ct);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;

        TestContext.WriteLine($"{files} files, {shelves.Bytes / files} bytes each: made in {made.TotalSeconds:0.0} s, opened in {opened.TotalMilliseconds:0} ms, searched in {clock.Elapsed.TotalMilliseconds / 10:0.0} ms with {each / 1024} KiB");
        // A bit for each file in a handful of bitmaps, and the page itself.
        Assert.IsLessThan((12L * files / 8) + 500_000, each);
    }

    private static IEnumerable<FileQuery> Queries(Accession accession)
    {
        var all = new FileQuery { Accession = accession, Size = 20, Facets = ["@format", "Channel", "Compound", "Dose", "Well"] };
        return
        [
            all, all with { Text = "raw OR plate" }, all with { Text = "img* -gfp" }, all with { Sort = "-Dose" }, all with { Sort = "Compound", Filters = [new("Channel", ["DAPI", "GFP"])] },
            all with { Sort = "-@size", Ranges = [new("Z", "2", "8")] }, all with { Ranges = [new("@size", "1000", "2e9")] }, all with { Filters = [new("@path", ["raw/"])] }, all with { Sort = "-@path", Text = "taxol" },
        ];
    }

    private static string Text(FileValuesPage page) => System.Text.Json.JsonSerializer.Serialize(new { page.Items, page.Total, page.Missing, page.Type });

    private static string Export(FileExport begun)
    {
        var written = new ArrayBufferWriter<byte>();
        using var export = begun;
        while (export.Write(written, 7, default))
        {
        }
        return System.Text.Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static string Text(SearchPage<FileHit> page) => System.Text.Json.JsonSerializer.Serialize(new { page.Items, page.Total, page.Facets });

    private static ShelfId Id(Accession accession, int version, string? view = null) => new(accession, version, "pass", view);

    private Accession Release(int number, int files)
    {
        feed.Release(new Corpus(number).Document(number), Enumerable.Range(0, files).Select(i => new SearchFile(
            ArchivePath.Parse($"plate/image_{i:0000}.tif", null), 100 + i, "TIFF", [new("Well", "A" + (i % 4)), new("Compound", i % 2 == 0 ? "Taxol" : "DMSO")])));
        return Corpus.AccessionOf(number);
    }

    private ShelfSearch Open(long maxBytes = 1_000_000_000) =>
        new(feed, new IndexOptions(folder["index"], new byte[32]), new ShelfOptions(folder["shelves"]) { MaxBytes = maxBytes }, NullLogger<ShelfSearch>.Instance);

    private async Task<OpenShelf> OpenAsync(ShelfSearch shelves, Accession accession, int version = 1, FileView? view = null) =>
        await shelves.TryOpenAsync(Id(accession, version, view?.Name), view, Patience, Ct) ?? throw new AssertFailedException("It was not there in time.");

    private int Mapped() => File.ReadLines("/proc/self/maps").Count(line => line.Contains(folder["shelves"], StringComparison.Ordinal));
}
