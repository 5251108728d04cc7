using System.Buffers.Binary;
using System.Text.Json;
using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Oracle;
using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;
using Archive.Model.Search;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class DamagedIndexTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Open_WhenAnyByteIsFlipped_RefusesOrAnswersRightly()
    {
        using var folder = new TempFolder();
        var sound = await BuildAsync(folder);
        var expected = Answers(folder, sound);
        var refused = 0;
        for (var i = 0; i < sound.Length; i += IsLong ? 1 : 3)
        {
            var bytes = (byte[])sound.Clone();
            bytes[i] ^= (byte)(1 << (i & 7));
            try
            {
                Assert.AreEqual(expected, Answers(folder, bytes), $"byte {i}");
            }
            catch (DamagedIndexException e)
            {
                Assert.AreNotEqual("", e.Section);
                refused++;
            }
        }
        Assert.IsTrue(refused > sound.Length / 6, $"only {refused} flips were refused");
    }

    [TestMethod]
    public async Task Open_WhenCutOff_Refuses()
    {
        using var folder = new TempFolder();
        var sound = await BuildAsync(folder);
        foreach (var length in new[] { 0, 1, 63, 64, 95, 96, 1000, sound.Length / 2, sound.Length - 33, sound.Length - 32, sound.Length - 1 })
            Assert.ThrowsExactly<DamagedIndexException>(() => Answers(folder, sound[..length]), $"length {length}");
    }

    [TestMethod]
    public async Task Search_WhenStructureIsDamagedBehindItsChecksums_NeverCrashes()
    {
        using var folder = new TempFolder();
        var sound = await BuildAsync(folder);
        for (var i = 64; i < sound.Length - 400; i += IsLong ? 1 : 17)
        {
            var bytes = (byte[])sound.Clone();
            bytes[i] ^= 0x81;
            Reseal(bytes);
            Try(folder, bytes);
        }
    }

    private static void Try(TempFolder folder, byte[] bytes)
    {
        try
        {
            Answers(folder, bytes);
        }
        catch (Exception e) when (e is DamagedIndexException or InvalidDataException or ArgumentException or IndexOutOfRangeException
            or OverflowException or OutOfMemoryException or JsonException or FormatException)
        {
            // Refused in words: that is what is asked for. A violation of memory would end the process.
        }
    }

    [TestMethod]
    public async Task Open_WhenAnySectionIsDamaged_NamesIt()
    {
        using var folder = new TempFolder();
        var sound = await BuildManyAsync(folder);
        // The answers look at what spelling is suggested from, too.
        Assert.IsTrue(Answers(folder, sound).Contains("\"Suggestions\":[\"nucleus\"", StringComparison.Ordinal));
        foreach (var section in Sections(folder["sound"]))
        {
            // A section without bytes would be tested by nothing.
            Assert.IsGreaterThan(0, section.Length, section.Name);
            foreach (var at in new[] { 0, section.Length / 3, section.Length / 2, section.Length - 1 }.Distinct())
            {
                var bytes = (byte[])sound.Clone();
                bytes[section.Offset + at] ^= 0x10;
                Assert.AreEqual(section.Name, Assert.ThrowsExactly<DamagedIndexException>(() => Answers(folder, bytes), $"{section.Name} {at}").Section);
            }
        }
    }

    [TestMethod]
    public async Task Search_WhenAnySectionIsDamagedBehindItsChecksum_NeverCrashes()
    {
        using var folder = new TempFolder();
        var sound = await BuildManyAsync(folder);
        foreach (var section in Sections(folder["sound"]))
        {
            var tries = IsLong ? section.Length : Math.Min(section.Length, 24);
            for (var i = 0; i < tries; i++)
            {
                var bytes = (byte[])sound.Clone();
                bytes[section.Offset + (section.Length * i / tries)] ^= (byte)(i % 2 == 0 ? 0x81 : 0x7f);
                Reseal(bytes);
                Try(folder, bytes);
            }
        }
    }

    private static List<SectionRecord> Sections(string path)
    {
        using var file = IndexFile.Open(path);
        return [.. file.Sections];
    }

    // Writes right checksums over wrong content, as a faulty writer would.
    private static void Reseal(byte[] bytes)
    {
        var footer = bytes.AsSpan(bytes.Length - IndexFile.FooterBytes);
        var at = (int)BinaryPrimitives.ReadInt64LittleEndian(footer);
        var table = bytes.AsSpan(at, BinaryPrimitives.ReadInt32LittleEndian(footer[8..]));
        for (var rest = table; rest.Length > 24;)
        {
            var name = BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (name is < 0 or > 64) return;
            rest = rest[(4 + name)..];
            var offset = BinaryPrimitives.ReadInt64LittleEndian(rest);
            var length = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]);
            if (offset < 0 || length < 0 || offset + length > bytes.Length) return;
            BinaryPrimitives.WriteUInt32LittleEndian(rest[16..], Checksum.Of(bytes.AsSpan((int)offset, (int)length)));
            rest = rest[20..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(footer[12..], Checksum.Of(table));
    }

    private Task<byte[]> BuildAsync(TempFolder folder)
    {
        var corpus = new Corpus(4);
        var feed = new FakeFeed();
        for (var i = 1; i <= 3; i++) feed.Release(corpus.Document(i), corpus.Files().Take(9));
        return BuildAsync(folder, feed);
    }

    // So many that words have places to go on from: no section is empty.
    private Task<byte[]> BuildManyAsync(TempFolder folder)
    {
        var corpus = new Corpus(4);
        var feed = new FakeFeed();
        for (var i = 1; i <= SkipEntry.Every + 20; i++)
        {
            var document = corpus.Document(i);
            feed.Release(document with { Texts = [.. document.Texts, new SearchText("keyword", "cell")] }, corpus.Files().Take(i % 30 == 2 ? 9 : 0));
        }
        return BuildAsync(folder, feed);
    }

    private async Task<byte[]> BuildAsync(TempFolder folder, FakeFeed feed)
    {
        var path = folder["sound"];
        await new GenerationAssembly(feed, new IndexOptions(folder.Path, new byte[32]), NullLogger.Instance)
            .WriteAsync(path, "sound", DateTimeOffset.UnixEpoch, 3, feed.Public, TestContext.CancellationToken);
        return await File.ReadAllBytesAsync(path, TestContext.CancellationToken);
    }

    private static string Answers(TempFolder folder, byte[] bytes)
    {
        var path = folder["tried"];
        File.WriteAllBytes(path, bytes);
        using var current = new CurrentIndex();
        var generation = Generation.Open(path, deleteAtEnd: false);
        try
        {
            current.Swap(new IndexSnapshot([new Segment(generation, [])], TestFacets.Catalogue, 3));
        }
        catch
        {
            generation.Release();
            throw;
        }
        var search = new SearchIndex(current, new IndexOptions(folder.Path, new byte[32])) { Names = DatasetOracle.SomeNames() };
        return JsonSerializer.Serialize(new object[]
        {
            search.SearchDatasets(new DatasetQuery(), default),
            search.SearchDatasets(new DatasetQuery { Text = "cell OR (image* NOT mouse) OR \"time lapse\" OR licence:cc0", Facets = [new FacetSelection("format", ["PNG"])] }, default),
            search.SearchFiles(new FileQuery { Facets = ["Channel", "Phenotype", "@format", "Z"], Sort = "-Dose", Ranges = [new FileRange("Z", "2", "9")] }, default),
            search.SearchFiles(new FileQuery { Facets = ["Acquired", "Day", "@dataset"], Sort = "Acquired", Ranges = [new FileRange("Day", "2020-01-05", "2020-02-20")] }, default),
            search.SearchFiles(new FileQuery { Filters = [new FacetSelection("@dataset", [Corpus.AccessionOf(1).ToString(), Corpus.AccessionOf(3).ToString()])], Sort = "-@size" }, default),
            search.SearchFiles(new FileQuery { Text = "raw OR pl*", Accession = Corpus.AccessionOf(2), Facets = ["Channel"], Sort = "@size" }, default),
            search.SearchDatasets(new DatasetQuery { Text = "mouse OR \"cell nuclei\"~5 OR imagng~1 OR title:{a TO f]", Sort = "title" }, default),
            search.SearchDatasets(new DatasetQuery { Text = "nucleuz" }, default),
            search.Complete("im", 10, default),
            search.FindSimilar(Corpus.AccessionOf(2), 5, default),
            search.SearchFiles(new FileQuery { Text = "*a* OR plaet~ -i?g", Sort = "-@path" }, default),
        });
    }
}
