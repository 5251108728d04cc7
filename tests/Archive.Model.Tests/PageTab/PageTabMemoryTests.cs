using System.Text;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;

namespace Archive.Model.Tests.PageTab;

/// <summary>
/// What the largest page tabs take, in bytes allocated: an upper bound of what is held at once, and the same in every run, which
/// what a process holds is not. Each shape has nearly as many bytes or items as are accepted.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class PageTabMemoryTests
{
    private const int Items = 299_000;

    // What "lean" means: the tree of the largest page tab stays below this, and so does everything that is done to make it.
    private const long TreeBytes = 120L << 20;

    // Only looked at, a page tab takes its own text, borrowed, and short-lived texts.
    private const long CheckBytes = 100L << 20;

    // What sixteen views that are kept may take each.
    private const long PartBytes = 8L << 20;

    public required TestContext TestContext { get; init; }

    // Those that a dataset can have.
    public static IEnumerable<object[]> Accepted() => Shapes().Where(s => (string)s[0] != "faults");

    public static IEnumerable<object[]> Shapes() => [["attributes"], ["sections"], ["files"], ["faults"], ["text"]];

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Read_WhenAsLargeAsIsAccepted_StaysWithinItsBound(string shape)
    {
        using var text = Large(shape);

        var (reading, allocated) = Measure(() => PageTabJson.Read(text, PageTabLimits.Default));

        TestContext.WriteLine($"{shape}: {text.LengthBytes >> 20} MiB, reading allocated {allocated >> 20} MiB");
        Assert.AreEqual(PageTabFault.None, reading.Fault);
        Assert.IsLessThan(TreeBytes, allocated);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Check_WhenAsLargeAsIsAccepted_StaysWithinItsBound(string shape)
    {
        using var text = Large(shape);

        var (reading, allocated) = Measure(() => PageTabJson.Check(text, PageTabLimits.Default));

        TestContext.WriteLine($"{shape}: {text.LengthBytes >> 20} MiB, checking allocated {allocated >> 20} MiB");
        Assert.AreEqual(PageTabFault.None, reading.Fault);
        Assert.IsNull(reading.Document);
        Assert.IsLessThan(CheckBytes, allocated);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void RembiRead_WhenAsLargeAsIsAccepted_StaysWithinItsBound(string shape)
    {
        using var text = Large(shape);
        var document = PageTabJson.Read(text, PageTabLimits.Default).Document!;

        var (study, allocated) = Measure(() => RembiReader.Read(document));

        TestContext.WriteLine($"{shape}: {text.LengthBytes >> 20} MiB, the typed view allocated {allocated >> 20} MiB");
        Assert.IsNotNull(study);
        Assert.IsLessThan(TreeBytes, allocated);
    }

    [TestMethod]
    [DynamicData(nameof(Accepted))]
    public void ReadPart_WhenAsLargeAsIsAccepted_TakesAFewMegabytes(string shape)
    {
        using var text = Large(shape);

        var (view, allocated) = Measure(() =>
        {
            var excerpt = PageTabJson.ReadPart(text, PageTabPart.Page);
            return (excerpt.IsShortened, Study: RembiReader.Read(excerpt.Document));
        });

        TestContext.WriteLine($"{shape}: {text.LengthBytes >> 20} MiB, a page's part allocated {allocated >> 10} KiB");
        // Files are never shown with the metadata, so leaving them out shortens nothing.
        Assert.AreEqual(shape != "files", view.IsShortened);
        Assert.IsNotNull(view.Study);
        Assert.IsLessThan(PartBytes, allocated);
    }

    [TestMethod]
    [DynamicData(nameof(Accepted))]
    public void EffectivePageTab_WhenAsLargeAsIsAccepted_BuildsNoTree(string shape)
    {
        using var text = Large(shape);

        var ((whole, date), allocated) = Measure(() =>
        {
            using var given = EffectivePageTab.Of(text, Accession.From("S-TEST", 1), new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero));
            return (given.LengthBytes, RembiReader.Read(PageTabJson.ReadPart(given, PageTabPart.Page).Document).ReleaseDateText);
        });

        TestContext.WriteLine($"{shape}: {text.LengthBytes >> 20} MiB, making it effective allocated {allocated >> 20} MiB");
        Assert.AreEqual("2026-03-10", date);
        Assert.IsGreaterThan(text.LengthBytes, whole);
        // The second text where the pool has no pieces left, the part, and the names of attributes, which are dropped at once.
        Assert.IsLessThan(64L << 20, allocated);
    }

    private static (T Result, long AllocatedBytes) Measure<T>(Func<T> work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = work();
        return (result, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static PageTabText Large(string shape)
    {
        var json = new StringBuilder("""{"attributes":[{"name":"ReleaseDate","value":"2024-01-01"}],"section":{"type":"Study",""");
        switch (shape)
        {
            case "attributes":
                Repeat("attributes", Items, i => $$"""{"name":"n{{i}}","value":"{{i:d32}}"}""");
                break;
            case "sections":
                Repeat("subsections", Items, i => $$"""{"type":"Author","accno":"a{{i}}"}""");
                break;
            case "files":
                Repeat("files", Items / 2, i => $$"""{"path":"folder/file{{i}}.tif","size":12,"attributes":[{"name":"Channel","value":"GFP {{i}}"}]}""");
                break;
            case "faults":
                Repeat("subsections", Items, _ => "{}");
                break;
            default:
                json.Append("\"attributes\":[{\"name\":\"Title\",\"value\":\"").Append('x', (int)PageTabLimits.Default.MaxBytes - 200).Append("\"}]}}");
                break;
        }
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(json.ToString()));
        // A stream of bytes in memory is never waited for.
        return PageTabText.ReceiveAsync(content, PageTabLimits.Default.MaxBytes, CancellationToken.None).GetAwaiter().GetResult()!;

        void Repeat(string name, int count, Func<int, string> one)
        {
            json.Append('"').Append(name).Append("\":[");
            for (var i = 0; i < count; i++) json.Append(i == 0 ? "" : ",").Append(one(i));
            json.Append("]}}");
        }
    }
}
