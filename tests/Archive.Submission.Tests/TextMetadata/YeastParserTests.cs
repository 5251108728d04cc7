using System.Text;
using Archive.Model.Files;
using Archive.Submissions.TextMetadata;

namespace Archive.Submissions.Tests.TextMetadata;

[TestClass]
public sealed class YeastParserTests
{
    private const string Log = "28-Sep-2018\r\nMicroscope name is: M\r\nExperiment details:\r\nAim: Test\r\n------Time point_1------\r\nAim: not this\r\n";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("a/x_Acq.txt", "yeast-acquisition")]
    [DataRow("xacq.txt", "yeast-acquisition")]
    [DataRow("Log.txt", "yeast-log")]
    [DataRow("a/b_log.txt", "yeast-log")]
    [DataRow("experiment.md.json", "bioimageit")]
    [DataRow("x_ACQ.txt", null)]
    [DataRow("x_Acq.txt.bak", null)]
    [DataRow("md.json", null)]
    public void Knows_WhenNamed_IsTheOneParser(string name, string? parser)
    {
        var knowing = TextMetadataParsers.All.Where(p => p.Knows(ArchivePath.Parse(name, null))).Select(p => p.Name).ToArray();

        CollectionAssert.AreEqual(parser is null ? [] : new[] { parser }, knowing);
    }

    // The facts are those of shared/design/formats.md, the lines those that `grep -n` gives for the files.
    [TestMethod]
    public async Task ReadReal_WhenTheAcquisition_GivesEveryFact()
    {
        var found = await Reading.OfReal("synthsys-demo").ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[]
        {
            "Brightfield|30|1|1|1|2|270|1.000 @ 3", "DIC|30|1|1|1|2|270|1.000 @ 4", "GFP|60|1|1|1|3|270|4.000 @ 5",
        }, found.Rows("Channel"));
        CollectionAssert.AreEqual(
            new[] { "Channel name", "Exposure time", "Skip", "Z sect.", "Start time", "Camera mode", "EM gain", "Voltage" }, found.Table("Channel").Columns.ToArray());
        CollectionAssert.AreEqual(new[] { "5 @ 8" }, found.At("Z sections"));
        CollectionAssert.AreEqual(new[] { "0.60 @ 8" }, found.At("Z spacing"));
        CollectionAssert.AreEqual(new[] { "0 @ 8" }, found.At("Z sectioning: PFSon?"));
        CollectionAssert.AreEqual(new[] { "2 @ 8" }, found.At("Z sectioning: Method"));
        CollectionAssert.AreEqual(new[] { "1 @ 10" }, found.At("Time lapse"));
        CollectionAssert.AreEqual(new[] { "300 s @ 10" }, found.At("Time interval"));
        CollectionAssert.AreEqual(new[] { "288 @ 10" }, found.At("Time points"));
        CollectionAssert.AreEqual(new[] { "86400 s @ 10" }, found.At("Total time"));
        Assert.IsEmpty(found.Notes);
    }

    [TestMethod]
    public async Task ReadReal_WhenThePositions_KeepsTheExposuresOfEach()
    {
        var found = await Reading.OfReal("synthsys-demo").ReadAsync(TestContext.CancellationToken);
        var rows = found.Rows("Position");

        Assert.HasCount(25, rows);
        CollectionAssert.AreEqual(
            new[] { "Position name", "X position", "Y position", "Z position", "PFS offset", "Group", "Exposure time Brightfield", "Exposure time DIC", "Exposure time GFP" },
            found.Table("Position").Columns.ToArray());
        Assert.AreEqual("pos001|10846.50|10208.10|3431.425|19.225|1|30|30|7 @ 13", rows[0]);
        Assert.AreEqual("pos011|9234.50|8586.40|3429.950|19.225|3|30|30|35 @ 23", rows[10]);
        Assert.AreEqual("pos025|11631.40|10250.70|3428.150|19.225|5|30|30|60 @ 37", rows[24]);
    }

    [TestMethod]
    public async Task ReadReal_WhenThePumps_GivesTheirStatesAndSwitching()
    {
        var found = await Reading.OfReal("synthsys-demo").ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "2 @ 40" }, found.At("Syringe pumps"));
        CollectionAssert.AreEqual(new[] { "COM5|14.43|4.00|INF|1|2% glucose in SC @ 43", "COM6|14.43|4.00|INF|0|No media @ 44" }, found.Rows("Pump"));
        CollectionAssert.AreEqual(new[] { "0 @ 48" }, found.At("Number of pump changes"));
        CollectionAssert.AreEqual(new[] { "50 @ 51" }, found.At("Pump switching: Infuse/withdraw volumes"));
        CollectionAssert.AreEqual(new[] { "100 @ 53" }, found.At("Pump switching: Infuse/withdraw rates"));
        CollectionAssert.AreEqual(new[] { "0 @ 59" }, found.At("Pump switching: Switched from"));
        CollectionAssert.AreEqual(new[] { "0.4 @ 61", "4 @ 62" }, found.At("Flow post switch"));
    }

    [TestMethod]
    public async Task ReadReal_WhenTheLog_GivesTheExperiment()
    {
        var found = await Reading.OfReal("synthsys-demo").ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "Compare morphology markers across microscopes" }, found.Of(ProposalKind.Description));
        CollectionAssert.AreEqual(new[] { "Mig1-GFP @ 6", "Dot6-GFP @ 7", "Maf1-GFP @ 8", "Sfp1-GFP @ 9", "Msn2-GFP @ 10" }, found.At("Strain"));
        CollectionAssert.AreEqual(new[] { "Julian Pietsch @ 12", "Ivan Clark @ 13" }, found.At("Name", "Author"));
        CollectionAssert.AreEqual(new[] { "Low OD O/N. Log growth from OD0.1 for four hours. @ 15" }, found.At("Comments"));
        CollectionAssert.AreEqual(new[] { "Morphology detection @ 34" }, found.At("Project"));
        CollectionAssert.AreEqual(new[] { "28-Sep-2018", "Batgirl" }, found.Of(ProposalKind.Tag));
        CollectionAssert.AreEqual(new[] { "28-Sep-2018 17:18:14 @ 39" }, found.At("Experiment started at"));
        CollectionAssert.AreEqual(
            new[] { @"C:\Users\Public\Microscope control\Micromanager config files\Batgirl5_9_18noemissionfilter.txt @ 32" }, found.At("Micromanager config file"));
        CollectionAssert.AreEqual(
            new[] { "\"White LED\n->(polarizer + prism + condenser)\"]\n->Filter block:[\"No exciter, No dichroic, Analyser]\n->Emission filter wheel:[] @ 23" },
            found.At("Microscope setup DIC"));
        Assert.HasCount(1, found.At("Microscope setup Brightfield"));
        Assert.HasCount(1, found.At("Microscope setup GFP"));
    }

    [TestMethod]
    [DataRow("\n")]
    [DataRow("\r\n")]
    [DataRow("\r\r\n")]
    [DataRow("\r")]
    public async Task Read_WhenLinesEndInAnyWay_CountsThemAlike(string end)
    {
        var text = "Channels:\nChannel name ,  Exposure time\n   GFP  ,   60\nTime_settings:\n 1, 300 ,2,600\n";

        var found = await new Reading().With("x_acq.txt", text.Replace("\n", end, StringComparison.Ordinal)).ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "GFP|60 @ 3" }, found.Rows("Channel"));
        CollectionAssert.AreEqual(new[] { "300 s @ 5" }, found.At("Time interval"));
    }

    [TestMethod]
    public async Task Read_WhenSectionsAreMissingOrInOtherOrder_ReadsTheRestAndSaysWhichAreNot()
    {
        var found = await new Reading()
            .With("b_Acq.txt", "Points:\r\nGroup, Position name, X position, cy5\r\n 1, pos1, 2.5, 40\r\nSurprise:\r\n1,2\r\nChannels:\r\nExposure time, Channel name\r\n")
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEquivalent(new[]
        {
            "metadata-header-missing @ b_Acq.txt, line 2", "metadata-section-unknown @ b_Acq.txt, line 4", "metadata-header-missing @ b_Acq.txt, line 7",
            "metadata-section-missing @ b_Acq.txt", "metadata-section-missing @ b_Acq.txt", "metadata-section-missing @ b_Acq.txt",
        }, found.Notes);
        Assert.IsEmpty(found.Reading.Values);
    }

    [TestMethod]
    public async Task Read_WhenColumnsAreInOtherOrderBehindTheFirst_KnowsThemByTheirHeads()
    {
        var found = await new Reading()
            .With("b_Acq.txt", "Time_settings:\n0,0,1,0\nPoints:\nPosition name, cy5, Group, Y position\np1, 40, 2, 7.5\nZ_sectioning:\nSections,Drift,Spacing\n3,1,0.25\nChannels:\nChannel name, Voltage\ncy5, 2\nFlow_control:\n")
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "Position name", "Exposure time cy5", "Group", "Y position" }, found.Table("Position").Columns.ToArray());
        CollectionAssert.AreEqual(new[] { "0.25 @ 8" }, found.At("Z spacing"));
        Assert.IsEmpty(found.Notes);
    }

    [TestMethod]
    public async Task Read_WhenRowsAreOfOtherWidth_SaysSoAndKeepsWhatStandsUnderHeads()
    {
        var found = await new Reading()
            .With("b_Acq.txt", "Channels:\nChannel name, Skip\nGFP\nDIC, 1, 2\n, 5\nFlow_control:\nPump states at beginning of experiment:\nPump port, Contents\nCOM1, glucose: 2%, raffinose, and water\n")
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "GFP| @ 3", "DIC|1 @ 4" }, found.Rows("Channel"));
        CollectionAssert.AreEqual(new[] { "COM1|glucose: 2%, raffinose, and water @ 9" }, found.Rows("Pump"));
        CollectionAssert.IsSubsetOf(new[] { "metadata-row-width @ b_Acq.txt, line 3", "metadata-row-width @ b_Acq.txt, line 4", "metadata-row-unnamed @ b_Acq.txt, line 5" }, found.Notes);
    }

    [TestMethod]
    public async Task Read_WhenTheLogIsInOtherOrder_KeepsColonsOfValues()
    {
        const string text = "x\nExperiment details:\nExperiment started at: 1:02:03\nOmero tags: a:b, ,c\nMicroscope setup for used channels:\nmCherry:\nLED: 550\nfilter\nGFP: blue: bright\nAuthors: Ada: Example\nAim:\nfirst: line\nsecond line\nPFS is locked, status: 2\nStrain:\n";

        var found = await new Reading().With("run/a_Log.txt", text).ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "1:02:03 @ 3" }, found.At("Experiment started at"));
        CollectionAssert.AreEqual(new[] { "a:b", "c" }, found.Of(ProposalKind.Tag));
        CollectionAssert.AreEqual(new[] { "LED: 550\nfilter @ 7" }, found.At("Microscope setup mCherry"));
        CollectionAssert.AreEqual(new[] { "blue: bright @ 9" }, found.At("Microscope setup GFP"));
        CollectionAssert.AreEqual(new[] { "Ada: Example @ 10" }, found.At("Name"));
        CollectionAssert.AreEqual(new[] { "first: line\nsecond line" }, found.Of(ProposalKind.Description));
        Assert.IsEmpty(found.At("Strain"));
        Assert.AreEqual("run/a", found.Reading.Values[0].Place.SectionTitle);
    }

    [TestMethod]
    public async Task Read_WhenBytesAreLatin1_GivesTheirLetters()
    {
        // The first line is Latin-1, the second UTF-8.
        byte[] bytes = [.. "Experiment details:\r\nAim: 5 "u8, 0xB5, .. "m "u8, 0xE9, .. "tape\r\n"u8, .. "Comments: µ of UTF-8\r\n"u8];

        var found = await new Reading().With("log.txt", bytes).ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "5 µm étape" }, found.Of(ProposalKind.Description));
        CollectionAssert.AreEqual(new[] { "µ of UTF-8 @ 3" }, found.At("Comments"));
    }

    [TestMethod]
    public async Task Read_WhenTheRunGoesOnForLong_ReadsOnlyTheDetails()
    {
        var reads = 0;
        var bytes = Encoding.UTF8.GetBytes(Log + new string('x', 50_000_000));
        var file = new TextFile(ArchivePath.Parse("a_log.txt", null), _ => Task.FromResult<Stream>(new Counted(bytes, n => reads += n)));
        var into = new MetadataCollector(TextMetadataLimits.Default);

        await TextMetadataParsers.All.Single(p => p.Name == "yeast-log").ReadAsync([file], into, TestContext.CancellationToken);

        var reading = into.ToReading();
        Assert.AreEqual("Test", reading.Values.Single().Value);
        Assert.IsLessThan(100_000, reads);
    }

    [TestMethod]
    public async Task Read_WhenLinesAndFilesAreTooLong_SaysSo()
    {
        var found = await new Reading()
            .With("a_log.txt", "Experiment details:\nAim: " + new string('y', 20_000) + "\nComments: c\n" + new string('\n', 2_000_000))
            .With("b_acq.txt", new string('z', 3_000_000))
            .With("c_log.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Log)])
            .ReadAsync(TestContext.CancellationToken);

        CollectionAssert.AreEqual(new[] { "c @ 3" }, found.At("Comments"));
        CollectionAssert.IsSubsetOf(new[]
        {
            "metadata-line-too-long @ a_log.txt", "metadata-file-too-long @ a_log.txt", "metadata-line-too-long @ b_acq.txt", "metadata-encoding @ c_log.txt",
        }, found.Notes);
    }

    [TestMethod]
    public async Task Read_WhenThereIsMoreThanTheBounds_KeepsToThemAndSaysSo()
    {
        var text = new StringBuilder("Experiment details:\nStrain:\n");
        for (var i = 0; i < 50; i++) text.Append("strain ").Append(i).Append('\n');
        var table = new StringBuilder("Channels:\nChannel name, Skip\n");
        for (var i = 0; i < 50; i++) table.Append('c').Append(i).Append(",1\n");

        var found = await new Reading().With("a_log.txt", text.ToString()).With("a_acq.txt", table.ToString())
            .ReadAsync(TestContext.CancellationToken, new TextMetadataLimits(MaxValues: 20, MaxRows: 10));

        Assert.HasCount(20, found.Reading.Values);
        Assert.HasCount(10, found.Rows("Channel"));
        CollectionAssert.IsSubsetOf(new[] { "metadata-table-too-long @ a_acq.txt, line 2", "metadata-values-too-many @ a_acq.txt" }, found.Notes);
    }

    private sealed class Counted(byte[] bytes, Action<int> count) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            count(read);
            return read;
        }
    }
}
