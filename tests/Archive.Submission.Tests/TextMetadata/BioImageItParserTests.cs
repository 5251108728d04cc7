using Archive.Submissions.TextMetadata;

namespace Archive.Submissions.Tests.TextMetadata;

[TestClass]
public sealed class BioImageItParserTests
{
    private const string Folder = "tests/test_metadata_local/";

    public required TestContext TestContext { get; init; }

    // Values and lines are read off the files of the folder of real inputs.
    [TestMethod]
    public async Task ReadReal_WhenTheExperiment_GivesTheDatasetAndItsKeyValues()
    {
        var found = await Reading.OfReal("bioimageit").ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "myexperiment @ 4" }, found.At("Title"));
        CollectionAssert.AreEqual(new[] { "Sylvain Prigent @ 5" }, found.At("Name", "Author"));
        CollectionAssert.AreEqual(new[] { "2020-03-04 @ 6" }, found.At("Experiment date"));
        CollectionAssert.AreEqual(new[] { "data @ 3", "process1 @ 3", "process2 @ 3" }, found.At("Name", "Study Component"));
        CollectionAssert.AreEqual(new[] { "population1 @ 15" }, found.At("Population"));
        CollectionAssert.AreEqual(new[] { "001 @ 16", "002 @ 16", "003 @ 16" }, found.At("number"));
        var table = found.Table("Files", "data");
        CollectionAssert.AreEqual(new[] { "Name", "Author", "Date", "Population", "number" }, table.Columns.ToArray());
        CollectionAssert.AreEqual(
            new[] { "population1_001.tif|Sylvain Prigent|2019-03-17|population1|001 @ 6", "population1_002.tif|Sylvain Prigent|2019-03-17|population1|002 @ 3", "population1_003.tif|Sylvain Prigent|2019-03-17|population1|003 @ 3" },
            found.Rows("Files", "data"));
        CollectionAssert.AreEqual(
            new[] { Folder + "data/population1_001.tif", Folder + "data/population1_002.tif", Folder + "data/population1_003.tif" },
            table.Rows.Select(r => r.File!.Value.Value).ToArray());
    }

    [TestMethod]
    public async Task ReadReal_WhenDataWereProcessed_GivesProcessParametersInputsAndOrigin()
    {
        var found = await Reading.OfReal("bioimageit").ReadAsync(TestContext.CancellationToken);

        foreach (var title in new[] { "process1", "process2" })
        {
            string? Of(string attribute) => found.Reading.Values.SingleOrDefault(v => v.Place.SectionType == "Image analysis" && v.Place.SectionTitle == title && v.Place.Attribute == attribute)?.Value;
            Assert.AreEqual("SPARTION 2D", Of("Process"));
            Assert.AreEqual("../galaxytools/tools/svdeconv/svdeconv2d.xml", Of("Process url"));
            Assert.AreEqual("data", Of("Input i"));
            Assert.IsNull(Of("Input i query"));
            Assert.AreEqual("3", Of("Parameter sigma"));
            Assert.AreEqual("0.1", Of("Parameter weighting"));
            Assert.AreEqual("2", Of("Parameter regularization"));
            Assert.AreEqual("SV", Of("Parameter method"));
        }
        Assert.AreEqual(
            $"{Folder}process1/population1_001_o.tif|o|Denoised image|i|{Folder}data/population1_001.tif|raw|{Folder}data/population1_001.tif @ 17",
            found.Rows("Derivation", "process1")[0]);
        Assert.AreEqual(
            $"{Folder}process2/population1_002_o_o.tif|o|Denoised image|i|{Folder}process1/population1_002_o.tif|processed|{Folder}data/population1_002.tif @ 17",
            found.Rows("Derivation", "process2")[1]);
    }

    [TestMethod]
    public async Task ReadReal_WhenTheFolderHasFaults_SaysWhere()
    {
        var found = await Reading.OfReal("bioimageit").ReadAsync(TestContext.CancellationToken);

        // The folder is given as the program's tests have it: a run that names its dataset wrongly, and a dataset that names one file twice and one not.
        CollectionAssert.AreEquivalent(new[]
        {
            $"metadata-target-missing @ {Folder}process1/run.md.json, line 9", $"metadata-named-twice @ {Folder}process2/processeddataset.md.json, line 13",
            $"metadata-not-reached @ {Folder}process2/population1_003_o_o.md.json",
        }, found.Notes);
    }

    [TestMethod]
    public async Task Read_WhenTheFolderIsWhole_FollowsUrlsFromEachFile()
    {
        var found = await AFolder().ReadAsync(TestContext.CancellationToken);

        Assert.IsEmpty(found.Notes);
        CollectionAssert.AreEqual(new[] { "a.tif|Ada|2026-01-01|x @ 1", "b.tif|Ada|2026-01-01|y @ 1" }, found.Rows("Files", "raw"));
        CollectionAssert.AreEqual(new[] { "p/out.tif|o|Sum|i|raw/a.tif|raw|raw/a.tif @ 2", "p/out.tif|o|Sum|j|raw/b.tif|raw|raw/b.tif @ 3" }, found.Rows("Derivation"));
        CollectionAssert.AreEqual(new[] { "a:b @ 1" }, found.At("Parameter mode"));
    }

    [TestMethod]
    public async Task Read_WhenUrlsGoRoundOrAstray_SaysSoAndGoesOn()
    {
        var found = await AFolder()
            .With("raw/rawdataset.md.json", """{"name":"raw","urls":[{"url":"a.md.json"},{"url":"gone.md.json"},{"url":"../../b.md.json"},{"url":"/etc/passwd"},{"url":"http://x/y"},{"url":"rawdataset.md.json"},{"url":"..\\p\\run.md.json"}]}""")
            .With("p/out.md.json", """{"common":{"name":"o","url":"out.tif"},"origin":{"type":"processed","inputs":[{"name":"i","url":"../p/two.md.json"}]}}""")
            .With("p/two.md.json", """{"common":{"name":"t","url":"two.tif"},"origin":{"type":"processed","inputs":[{"name":"i","url":"out.md.json"}]}}""")
            .With("bad.md.json", "{\"urls\":\n[1,\n}")
            .ReadAsync(TestContext.CancellationToken);

        var raw = "raw/rawdataset.md.json, line 1";
        foreach (var note in new[]
        {
            $"metadata-target-missing @ {raw}", $"metadata-target-outside @ {raw}", $"metadata-kind @ {raw}", "metadata-cycle @ p/out.md.json", "metadata-not-json @ bad.md.json, line 3",
        })
            Assert.Contains(note, found.Notes, string.Join('\n', found.Notes));
        Assert.AreEqual(3, found.Notes.Count(n => n == $"metadata-target-outside @ {raw}"));
        CollectionAssert.AreEqual(new[] { "a.tif|Ada|2026-01-01|x @ 1" }, found.Rows("Files", "raw"));
        CollectionAssert.AreEqual(new[] { "p/out.tif|||i|p/two.tif|| @ 1" }, found.Rows("Derivation"));
    }

    [TestMethod]
    public async Task Read_WhenGenerationsAreMany_StopsAndSaysSo()
    {
        var reading = new Reading().With("d/processeddataset.md.json", """{"name":"d","urls":[{"url":"0.md.json"}]}""");
        for (var i = 0; i < 60; i++)
            reading.With($"d/{i}.md.json", $$$"""{"common":{"name":"{{{i}}}","url":"{{{i}}}.tif"},"origin":{"type":"processed","inputs":[{"name":"i","url":"{{{i + 1}}}.md.json"}]}}""");

        var found = await reading.ReadAsync(TestContext.CancellationToken);

        Assert.Contains("metadata-too-deep @ d/0.md.json", found.Notes);
    }

    [TestMethod]
    public async Task Read_WhenNestedDeepOrHuge_RefusesTheFile()
    {
        var found = await new Reading()
            .With("deep.md.json", new string('[', 10_000))
            .With("half.md.json", """{"urls":[],"name":"\ud800"}""")
            .With("long.md.json", "{\"urls\":[" + new string(' ', 3_000_000) + "]}")
            .With("many.md.json", "{\"urls\":[" + string.Join(',', Enumerable.Repeat("1", 600_000)) + "]}")
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEquivalent(new[]
        {
            "metadata-not-json @ deep.md.json, line 1", "metadata-not-json @ half.md.json, line 1", "metadata-file-too-long @ long.md.json", "metadata-not-json @ many.md.json, line 1",
        }, found.Notes);
        Assert.IsEmpty(found.Reading.Values);
    }

    [TestMethod]
    public async Task Read_WhenThereIsNoExperiment_ReadsDatasetsByThemselves()
    {
        var found = await new Reading()
            .With("x/rawdataset.md.json", """{"name":"lone","urls":[{"url":"./a.md.json"}]}""")
            .With("x/a.md.json", """{"common":{"url":"a.tif"},"key_value_pairs":{"dose":5,"ok":true,"none":null,"blank":" "}}""")
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "5 @ 1" }, found.At("dose"));
        CollectionAssert.AreEqual(new[] { "a.tif|||5|true @ 1" }, found.Rows("Files"));
        Assert.IsEmpty(found.Notes);
    }

    private static Reading AFolder() => new Reading()
        .With("experiment.md.json", """{"information":{"name":"e"},"raw_dataset":{"url":"raw/rawdataset.md.json"},"processed_datasets":[{"url":"p/processeddataset.md.json"}],"keys":["k"]}""")
        .With("raw/rawdataset.md.json", """{"name":"raw","urls":[{"url":"a.md.json"},{"url":"b.md.json"}]}""")
        .With("raw/a.md.json", """{"common":{"name":"a.tif","author":"Ada","date":"2026-01-01","url":"a.tif"},"origin":{"type":"raw"},"key_value_pairs":{"k":"x"}}""")
        .With("raw/b.md.json", """{"common":{"name":"b.tif","author":"Ada","date":"2026-01-01","url":"b.tif"},"origin":{"type":"raw"},"key_value_pairs":{"k":"y"}}""")
        .With("p/processeddataset.md.json", """{"name":"p","urls":[{"url":"out.md.json"}]}""")
        .With("p/out.md.json", """
            {"common":{"name":"o","url":"out.tif"},"origin":{"type":"processed","run":{"url":"run.md.json"},"inputs":[
            {"name":"i","url":"../raw/a.md.json","type":"raw"},
            {"name":"j","url":"../raw/b.md.json","type":"raw"}],"output":{"name":"o","label":"Sum"}}}
            """)
        .With("p/run.md.json", """{"process":{"name":"Adder"},"processed_dataset":{"url":"processeddataset.md.json"},"parameters":[{"name":"mode","value":"a:b"}]}""");
}
