using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Submissions.TextMetadata;

namespace Archive.Submissions.Tests.TextMetadata;

[TestClass]
public sealed class PageTabEditTests
{
    private const string File = "a/m_log.txt";

    [TestMethod]
    public void Accept_WhenThereIsNoPageTab_MakesOneWithTheSource()
    {
        var pageTab = Accept(null, Value("Keywords", "yeast", 7));

        Assert.AreEqual("Study", pageTab.Section!.Type);
        Assert.AreEqual("Keywords=yeast [Source file=a/m_log.txt, Source line=7]", Told(pageTab.Section).Single());
    }

    [TestMethod]
    public void Accept_WhenRepeated_GivesTheVerySame()
    {
        FoundValue[] values =
        [
            Value("Keywords", "yeast", 7), Value("Strain", "s1", 2, "Biosample", "m"), Value("Name", "Ada", 3, "Author", "Ada"), Table(["a", "b"]), Table(["a", "b"], isOfFiles: true),
        ];
        var once = Accept(null, values);

        var twice = Accept(once, values);

        Assert.AreSame(once, twice);
        Assert.IsTrue(values.All(v => new PageTabLook(once).Holds(v)));
    }

    [TestMethod]
    public void Accept_WhenTheDepositorWroteThere_LeavesItAndTakesTheOtherName()
    {
        var mine = Document(Attribute("Description", "mine"), Attribute("Keywords", "fly"));
        var aim = Value("Description", "theirs", 4) with { Place = new(null, null, "Description", "Experiment aim") };

        var pageTab = Accept(mine, aim, Value("Keywords", "yeast", 7));

        CollectionAssert.AreEqual(new[]
        {
            "Description=mine", "Keywords=fly", "Keywords=yeast [Source file=a/m_log.txt, Source line=7]", "Experiment aim=theirs [Source file=a/m_log.txt, Source line=4]",
        }, Told(pageTab.Section!));
        Assert.IsTrue(new PageTabLook(pageTab).Holds(aim));
    }

    [TestMethod]
    public void Accept_WhenTheAttributeIsBlankOrSaysTheSame_PutsTheSourceToIt()
    {
        var mine = Document(Attribute("description", null), Attribute("Keywords", "yeast"));

        var pageTab = Accept(mine, Value("Description", "theirs", 4), Value("Keywords", "yeast", 7));

        CollectionAssert.AreEqual(
            new[] { "description=theirs [Source file=a/m_log.txt, Source line=4]", "Keywords=yeast [Source file=a/m_log.txt, Source line=7]" }, Told(pageTab.Section!));
    }

    [TestMethod]
    public void Accept_WhenTheFileSaysOtherwiseNow_TakesThePlaceOfWhatItSaid()
    {
        var before = Accept(null, Value("Strain", "s1", 2), Value("Strain", "s2", 3), Value("Strain", "s2", 9));

        // A line was put in before all of them; the second strain has another name.
        var after = Accept(before, Value("Strain", "s1", 3), Value("Strain", "other", 4), Value("Strain", "s2", 10));

        CollectionAssert.AreEqual(new[]
        {
            "Strain=s1 [Source file=a/m_log.txt, Source line=3]", "Strain=s2 [Source file=a/m_log.txt, Source line=10]",
            "Strain=s2 [Source file=a/m_log.txt, Source line=9]", "Strain=other [Source file=a/m_log.txt, Source line=4]",
        }, Told(after.Section!));
    }

    [TestMethod]
    public void Accept_WhenASectionIsMeant_FindsItByTypeAndTitleOrMakesIt()
    {
        var taken = new PageTabSection("Biosample-1", "biosample", [Attribute("Title", "other")], [], [], []);
        var mine = new PageTabSection(null, "Image Acquisition", [Attribute("Title", "m")], [], [], []);
        var document = new PageTabDocument(null, [], new PageTabSection(null, "Study", [], [], [], [new([taken], false), new([mine], false)]));

        var pageTab = Accept(document, Value("Z sections", "5", 8, "Image acquisition", "m"), Value("Strain", "s", 2, "Biosample", "m"));

        var sections = pageTab.Section!.Subsections.Select(e => e.Items.Single()).ToArray();
        Assert.HasCount(3, sections);
        Assert.AreSame(taken, sections[0]);
        CollectionAssert.AreEqual(new[] { "Title=m", "Z sections=5 [Source file=a/m_log.txt, Source line=8]" }, Told(sections[1]));
        Assert.AreEqual("Biosample-2", sections[2].Accession);
        CollectionAssert.AreEqual(new[] { "Title=m", "Strain=s [Source file=a/m_log.txt, Source line=2]" }, Told(sections[2]));
    }

    [TestMethod]
    public async Task Accept_WhenATable_WritesRowsThatSurviveTheFormat()
    {
        var pageTab = Accept(null, Table(["p1", "p2"]), Table(["x.tif"], isOfFiles: true));
        using var text = new MemoryStream();
        await PageTabJson.WriteAsync(pageTab, text, default);
        text.Position = 0;

        var read = (await PageTabJson.ReadAsync(text, PageTabLimits.Default, default)).Document;

        var section = read!.Section!.Subsections.Single().Items.Single();
        var rows = section.Subsections.Single();
        Assert.IsTrue(rows.IsTable);
        CollectionAssert.AreEqual(new[] { "Position", "Position" }, rows.Items.Select(r => r.Type).ToArray());
        CollectionAssert.AreEqual(new[] { "Name=p2 [Source file=a/m_log.txt, Source line=11]", "X=1" }, Told(rows.Items[1]));
        Assert.AreEqual("x.tif", section.Files.Single().Items.Single().Path);
        Assert.IsTrue(new PageTabLook(read).Holds(Table(["p1", "p2"])));
        Assert.IsFalse(new PageTabLook(read).Holds(Table(["p1", "p3"])));
    }

    [TestMethod]
    public void Accept_WhenTheTableChanged_ReplacesIt()
    {
        var before = Accept(null, Table(["p1", "p2"]));

        var after = Accept(before, Table(["p1", "p2", "p3"]));

        Assert.HasCount(3, after.Section!.Subsections.Single().Items.Single().Subsections.Single().Items);
    }

    private static PageTabDocument Accept(PageTabDocument? document, params FoundValue[] values)
    {
        var edit = new PageTabEdit(values);
        foreach (var value in values) document = edit.Accept(document, value);
        return document!;
    }

    private static FoundValue Value(string attribute, string value, long line, string? type = null, string? title = null) =>
        new(ProposalKind.KeyValue, new MetadataPlace(type, title, attribute), At(line), value, null, null);

    private static FoundValue Table(string[] names, bool isOfFiles = false) => new(
        ProposalKind.Table, new MetadataPlace("Image acquisition", "m", isOfFiles ? "Files" : "Position"), At(9), null, null,
        new FoundTable(isOfFiles, ["Name", "X"], [.. names.Select((n, i) => new FoundRow(At(10 + i), [n, i == 0 ? null : "1"], isOfFiles ? ArchivePath.Parse(n, null) : null))]));

    private static SourceLine At(long line) => new(ArchivePath.Parse(File, null), line);

    private static PageTabDocument Document(params PageTabAttribute[] attributes) => new(null, [], new PageTabSection(null, "Study", attributes, [], [], []));

    private static PageTabAttribute Attribute(string name, string? value) => new(name, value, false, [], []);

    private static string[] Told(PageTabSection section) => [.. section.Attributes.Select(a =>
        $"{a.Name}={a.Value}{(a.ValueQualifiers.Count == 0 ? "" : $" [{string.Join(", ", a.ValueQualifiers.Select(q => $"{q.Name}={q.Value}"))}]")}")];
}
