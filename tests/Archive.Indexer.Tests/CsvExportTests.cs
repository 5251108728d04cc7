using System.Buffers;
using System.Globalization;
using System.Text;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>Tables of files with more attributes than a table has columns.</summary>
[TestClass]
public sealed class CsvExportTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task ExportAsCsv_WhenThereAreMoreAttributesThanColumns_PutsTheRarestIntoOne()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        // 300 attributes that all have and 300 of each one's own: 1,200 in all.
        for (var d = 1; d <= 3; d++)
            index.Feed.Release(new Corpus(d).Document(d), [File("a.tif", d, 600), File("b.tif", d, 600)]);
        await index.Builder.OpenAsync(TestContext.CancellationToken);

        var lines = Export(index).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split(',');

        Assert.HasCount(4 + 1000, names);
        Assert.AreEqual("other attributes", names[^1]);
        Assert.HasCount(7, lines);
        for (var d = 1; d <= 3; d++)
        {
            var cells = lines[1 + ((d - 1) * 2)].Split(',');
            var said = names.Zip(cells).Skip(4).SkipLast(1).Where(c => c.Second.Length > 0).Select(c => $"{c.First}={c.Second}").Concat(cells[^1].Split("; ", StringSplitOptions.RemoveEmptyEntries));
            CollectionAssert.AreEquivalent(File("a.tif", d, 600).Attributes.Select(a => $"{a.Name}={a.Value}").ToList(), said.ToList());
        }
    }

    private static SearchFile File(string path, int dataset, int attributes) => new(ArchivePath.Parse(path, null), 1, "TIFF",
        [.. Enumerable.Range(0, attributes).Select(i => new FileAttribute(string.Create(CultureInfo.InvariantCulture, $"{(i < attributes / 2 ? "s" : $"d{dataset}x")}{i:000}"), $"v{i % 7}"))]);

    private static string Export(IndexUnderTest index)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var export = index.Search.ExportFiles(new FileQuery(), FileExportForm.Csv, default);
        while (export.Write(bytes, 100, default))
        {
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
