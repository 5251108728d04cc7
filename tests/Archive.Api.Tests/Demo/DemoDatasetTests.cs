using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Archive.Demo;
using Archive.Demo.Datasets;

namespace Archive.Api.Tests.Demo;

/// <summary>What the demonstration draws is what it says: read back without the code that wrote it.</summary>
[TestClass]
public sealed class DemoDatasetTests
{
    private static readonly XNamespace Ome = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    private static readonly DateOnly Day = new(2026, 11, 20);
    private static readonly IReadOnlyList<GeneratedDataset> All = DemoDatasets.All(Day);

    [TestMethod]
    public void All_EachOmeTiff_HasThePagesThatItsOmeXmlNames()
    {
        var images = All.SelectMany(d => d.Files).Where(f => f.Path.Contains(".ome.", StringComparison.Ordinal)).ToList();
        Assert.HasCount(216, images); // 4 positions, 96 wells x 2 channels, 6 stacks, 6 sections, 8 micrographs
        foreach (var image in images)
        {
            var tiff = new TiffPages(Bytes(image));
            var pixels = XDocument.Parse(tiff.Description).Descendants(Ome + "Pixels").Single();
            var samples = Number(pixels.Elements(Ome + "Channel").First(), "SamplesPerPixel");
            var planes = Number(pixels, "SizeZ") * Number(pixels, "SizeT") * Number(pixels, "SizeC") / samples;
            Assert.HasCount(planes, tiff.Pages, image.Path);
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, planes).ToList(), pixels.Elements(Ome + "TiffData").Select(d => Number(d, "IFD")).ToList(), image.Path);
            foreach (var page in tiff.Pages)
            {
                Assert.AreEqual((uint)Number(pixels, "SizeX"), page[256][0]);
                Assert.AreEqual((uint)Number(pixels, "SizeY"), page[257][0]);
                Assert.AreEqual((uint)samples, page[277][0]);
                CollectionAssert.AreEqual(Enumerable.Repeat((string)pixels.Attribute("Type")! == "uint16" ? 16u : 8u, samples).ToList(), page[258]);
            }
        }
    }

    [TestMethod]
    public void All_TimeLapse_BrightensInTheNucleusAfterTheStress()
    {
        var files = All[0].Files.ToList();
        // Channel 1 of 2, plane 1 of 3: page = 1 + 2 * (1 + 3 * t). The stress comes with time point 2 (from 0).
        ushort Brightest(int file, int t) => new TiffPages(Bytes(files[file])).Gray16(1 + 2 * (1 + 3 * t)).Max();

        Assert.IsGreaterThan(2 * Brightest(0, 1), Brightest(0, 2), "stressed cells answer");
        Assert.IsLessThan(2 * Brightest(2, 1), Brightest(2, 2), "unstressed cells do not");
    }

    [TestMethod]
    public void All_Plate_PutsEveryWellOnce()
    {
        var wells = All[1].Files
            .Select(f => XDocument.Parse(new TiffPages(Bytes(f)).Description).Descendants(Ome + "Well").Single())
            .GroupBy(w => (Number(w, "Row"), Number(w, "Column"))).ToList();

        Assert.HasCount(96, wells);
        Assert.IsTrue(wells.TrueForAll(w => w.Count() == 2 && w.Key.Item1 < 8 && w.Key.Item2 < 12));
    }

    [TestMethod]
    public void All_PageTabs_NameTheirFileListsAndTheLicencesDiffer()
    {
        foreach (var dataset in All)
        {
            using var document = JsonDocument.Parse(dataset.PageTabJson);
            var root = document.RootElement.GetProperty("section");
            var named = root.GetProperty("subsections").EnumerateArray()
                .Where(s => s.GetProperty("type").GetString() == "Study Component").Select(s => Value(s, "File List")).ToList();
            CollectionAssert.AreEqual(dataset.FileLists.Select(l => l.Path).ToList(), named);
            Assert.AreEqual(dataset.Title, Value(root, "Title"));
            Assert.IsGreaterThanOrEqualTo(25, dataset.Title.Length); // REMBI template: 25 characters or more
            Assert.AreEqual("2026-11-20", Value(document.RootElement, "ReleaseDate"));
        }

        CollectionAssert.AreEquivalent(
            (string[])["CC0", "CC BY 4.0"], All.Select(d => Value(JsonDocument.Parse(d.PageTabJson).RootElement.GetProperty("section"), "License")).Distinct().ToList());
    }

    [TestMethod]
    public void Create_WhenSeedIsEqual_GivesEqualBytesAndElseOthers()
    {
        static List<string> Digests(long seed) => [.. NumberedDataset.Create(30, seed, Day).Files.Select(f => Convert.ToHexString(SHA256.HashData(Bytes(f))))];

        var first = Digests(7);
        Assert.AreEqual(30, first.Distinct().Count());
        CollectionAssert.AreEqual(first, Digests(7));
        Assert.IsFalse(first.Intersect(Digests(8)).Any());
    }

    [TestMethod]
    public void ToText_WhenListIsTsv_HasACellForEachAttribute()
    {
        var list = NumberedDataset.Create(3, 1, Day).FileLists[0];
        var lines = list.ToText().TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).ToList();

        Assert.HasCount(4, lines);
        CollectionAssert.AreEqual((string[])["Files", "Plate", "Well", "Compound", "Concentration (µM)", "Channel", "Z", "Time point"], lines[0]);
        CollectionAssert.AreEqual((string[])["plate1/A01/000000_DAPI.ome.tiff", "1", "A01", "DMSO", "0", "DAPI", "1", "1"], lines[1]);
        Assert.IsTrue(lines.TrueForAll(line => line.Length == 8));
    }

    private static byte[] Bytes(GeneratedFile file)
    {
        using var buffer = new MemoryStream();
        file.WriteTo(buffer);
        return buffer.ToArray();
    }

    private static int Number(XElement element, string attribute) => (int)element.Attribute(attribute)!;

    private static string? Value(JsonElement section, string name) => section.GetProperty("attributes").EnumerateArray()
        .Where(a => a.GetProperty("name").GetString() == name).Select(a => a.GetProperty("value").GetString()).Single();
}
