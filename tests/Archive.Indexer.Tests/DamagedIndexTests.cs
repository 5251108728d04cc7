using System.Buffers.Binary;
using System.Text.Json;
using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
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

    private async Task<byte[]> BuildAsync(TempFolder folder)
    {
        var corpus = new Corpus(4);
        var feed = new FakeFeed();
        for (var i = 1; i <= 3; i++) feed.Release(corpus.Document(i), corpus.Files().Take(9));
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
        var search = new SearchIndex(current, new IndexOptions(folder.Path, new byte[32]));
        return JsonSerializer.Serialize(new object[]
        {
            search.SearchDatasets(new DatasetQuery(), default),
            search.SearchDatasets(new DatasetQuery { Text = "cell OR (image* NOT mouse) OR \"time lapse\" OR licence:cc0", Facets = [new FacetSelection("format", ["PNG"])] }, default),
            search.SearchFiles(new FileQuery { Facets = ["Channel", "Phenotype", "@format", "Z"], Sort = "-Dose", Ranges = [new FileRange("Z", "2", "9")] }, default),
            search.SearchFiles(new FileQuery { Facets = ["Acquired", "Day", "@dataset"], Sort = "Acquired", Ranges = [new FileRange("Day", "2020-01-05", "2020-02-20")] }, default),
            search.SearchFiles(new FileQuery { Filters = [new FacetSelection("@dataset", [Corpus.AccessionOf(1).ToString(), Corpus.AccessionOf(3).ToString()])], Sort = "-@size" }, default),
            search.SearchFiles(new FileQuery { Text = "raw OR pl*", Accession = Corpus.AccessionOf(2), Facets = ["Channel"], Sort = "@size" }, default),
            search.SearchFiles(new FileQuery { Text = "*a* OR plaet~ -i?g", Sort = "-@path" }, default),
        });
    }
}
