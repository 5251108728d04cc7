using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of file references promises.</summary>
public abstract class FileReferenceStoreContract : MetadataContract<IFileReferenceStore>
{
    private readonly Accession accession = Sample.Number(1);
    private readonly SubmissionId[] passes = [SubmissionId.New(), SubmissionId.New(), SubmissionId.New()];

    [TestMethod]
    public async Task FindAsync_WhenAdded_GivesTheRowBackWhole()
    {
        var row = Sample.Reference(accession, passes[0], 1, "pos 1/Δ.png") with { Attributes = [new("a", "1"), new("a", "\"\\\t"), new("", "")] };
        var bare = Sample.Reference(accession, passes[0], 1, "bare") with { Attributes = [] };
        AreSame([row, bare], await Store.AddAsync([row, bare], Ct));

        AreSame(row, await Store.FindAsync(Head(1), row.Path, 1, Ct));
        AreSame(bare, await Store.FindAsync(Head(1), bare.Path, 1, Ct));
        Assert.IsNull(await Store.FindAsync(Head(1), Sample.Path("pos 1"), 1, Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenSomeRowsStandAlready_KeepsThemAndTellsSoInOrder()
    {
        var earlier = Sample.Reference(accession, passes[0], 1, "b", seed: 1);
        await Store.AddAsync([earlier], Ct);
        var (a, b, c) = (Row("a", 2), Row("b", 2), Row("c", 2));

        var stored = await Store.AddAsync([c, b, a], Ct);

        AreSame([c, earlier, a], stored);
        AreSame([c, earlier, a], await Store.AddAsync([c, b, a], Ct));
        AreSame(earlier, await Store.FindAsync(Head(1), b.Path, 1, Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenAttemptsRace_AllAreToldTheSameRows()
    {
        var paths = Enumerable.Range(0, 200).Select(i => $"f{i}").ToList();
        var answers = await RaceAsync(8, i =>
        {
            // Each in another order, which must not deadlock.
            var rows = paths.Select(p => Row(p, i)).OrderBy(r => HashCode.Combine(r.Path, i)).ToList();
            return Store.AddAsync(rows, Ct);
        });

        var expected = await ToListAsync(Store.ListPassAsync(accession, passes[0], null, Ct));
        Assert.HasCount(200, expected);
        foreach (var answer in answers) AreSame(expected, answer.OrderBy(r => r.Path).ToList());
    }

    [TestMethod]
    public async Task FindAllAsync_WhenSomePathsHaveNoFile_GivesTheNewestRowsOfTheOthers()
    {
        // v1: a b c; v2 changes b, removes c.
        await Store.AddAsync([Row("a"), Row("b"), Row("c")], Ct);
        await Store.AddAsync([Row("b", 2, 2), Sample.Removal(accession, passes[1], 2, "c")], Ct);
        ArchivePath[] asked = [Sample.Path("c"), Sample.Path("b"), Sample.Path("absent"), Sample.Path("a")];

        var first = await Store.FindAllAsync(Head(2), asked, 1, Ct);
        var second = await Store.FindAllAsync(Head(2), asked, 2, Ct);

        Assert.AreEqual("a1 b1 c1", string.Join(' ', first.OrderBy(r => r.Path).Select(r => $"{r.Path}{r.Version}")));
        Assert.AreEqual("a1 b2", string.Join(' ', second.OrderBy(r => r.Path).Select(r => $"{r.Path}{r.Version}")));
        Assert.IsEmpty(await Store.FindAllAsync(Head(2), [], 2, Ct));
    }

    [TestMethod]
    public async Task FindDigestsAsync_WhenAskedOfSeveralDatasets_AnswersInOrderFromTheVersions()
    {
        // v1: a b c; v2 changes b, removes c; another dataset has an a and a d, and a pass that is not committed an e.
        var (other, pass) = (Sample.Number(2), SubmissionId.New());
        await Store.AddAsync([Row("a"), Row("b"), Row("c")], Ct);
        await Store.AddAsync([Row("b", 2, 2), Sample.Removal(accession, passes[1], 2, "c")], Ct);
        await Store.AddAsync([Sample.Reference(other, pass, 1, "a", 7), Sample.Reference(other, pass, 1, "d", 8)], Ct);
        await Store.AddAsync([Sample.Reference(other, SubmissionId.New(), 1, "e", 9)], Ct);
        var (one, two) = (Head(2), Sample.Dataset(other, [pass]));
        VersionFile Of(Dataset dataset, string path) => new(dataset, dataset.Latest.Number, Sample.Path(path));

        var found = await Store.FindDigestsAsync([Of(one, "c"), Of(two, "a"), Of(one, "b"), Of(two, "e"), Of(one, "a"), Of(one, "d"), Of(two, "d"), Of(one, "b")], Ct);

        CollectionAssert.AreEqual(new[] { null, Sample.Digests(7), Sample.Digests(2), null, Sample.Digests(1), null, Sample.Digests(8), Sample.Digests(2) }, found.ToList());
        Assert.AreEqual(Sample.Digests(1), (await Store.FindDigestsAsync([new VersionFile(one, 1, Sample.Path("b"))], Ct))[0]);
        Assert.IsEmpty(await Store.FindDigestsAsync([], Ct));
    }

    [TestMethod]
    public async Task FindFoldersAsync_WhenFilesComeAndGo_NamesFoldersThatHaveOneInTheVersion()
    {
        // v1: a/x, a/b/y, a-c, d/z; v2 removes d/z, adds e/\u00e9/z; v3 brings d/z back and removes everything below a.
        await Store.AddAsync([Row("a/x"), Row("a/b/y"), Row("a-c"), Row("d/z")], Ct);
        await Store.AddAsync([Sample.Removal(accession, passes[1], 2, "d/z"), Row("e/\u00e9/z", 2, 2)], Ct);
        await Store.AddAsync([Row("d/z", 3, 3), Sample.Removal(accession, passes[2], 3, "a/x"), Sample.Removal(accession, passes[2], 3, "a/b/y")], Ct);
        ArchivePath[] asked = [.. new[] { "a", "a/b", "a/x", "a-c", "d", "e", "e/e\u0301", "x" }.Select(Sample.Path)];

        Assert.AreEqual("a a/b d", await FoldersAsync(1));
        Assert.AreEqual("a a/b e e/e\u0301", await FoldersAsync(2));
        Assert.AreEqual("d e e/e\u0301", await FoldersAsync(3));
        Assert.IsEmpty(await Store.FindFoldersAsync(Head(3), [], 3, Ct));

        async Task<string> FoldersAsync(int version) =>
            string.Join(' ', (await Store.FindFoldersAsync(Head(3), asked, version, Ct)).Select(f => f.Value).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public async Task FindAllAsync_WhenAPathIsAskedTwice_GivesItOnce()
    {
        await Store.AddAsync([Row("a"), Row("b")], Ct);

        Assert.HasCount(1, await Store.FindAllAsync(Head(1), [Sample.Path("a"), Sample.Path("a")], 1, Ct));
    }

    [TestMethod]
    public async Task ListAsync_WhenSeveralVersions_GivesTheNewestRowOfEachPath()
    {
        // v1: a b c; v2 changes b, removes c; v3 adds d, brings c back.
        await Store.AddAsync([Row("a"), Row("b"), Row("c")], Ct);
        await Store.AddAsync([Row("b", 2, 2), Sample.Removal(accession, passes[1], 2, "c")], Ct);
        await Store.AddAsync([Row("c", 3, 3), Row("d", 3, 3)], Ct);

        Assert.AreEqual("a1 b1 c1", await SetAsync(Head(3), 1));
        Assert.AreEqual("a1 b2", await SetAsync(Head(3), 2));
        Assert.AreEqual("a1 b2 c3 d3", await SetAsync(Head(3), 3));
        Assert.IsNull(await Store.FindAsync(Head(3), Sample.Path("c"), 2, Ct));
        Assert.AreEqual(3, (await Store.FindAsync(Head(3), Sample.Path("c"), 3, Ct))!.Version);
        Assert.AreEqual(1, (await Store.FindAsync(Head(3), Sample.Path("b"), 1, Ct))!.Version);
    }

    [TestMethod]
    public async Task ListAsync_WhenAPassIsNotCommitted_ItsRowsAreInvisible()
    {
        var lost = SubmissionId.New();
        await Store.AddAsync([Row("a")], Ct);
        await Store.AddAsync([Sample.Reference(accession, lost, 2, "a", 9), Sample.Reference(accession, lost, 2, "z", 9)], Ct);
        await Store.AddAsync([Sample.Reference(Sample.Number(2), passes[0], 1, "other", 9)], Ct);

        Assert.AreEqual("a1", await SetAsync(Head(1), 1));
        Assert.IsNull(await Store.FindAsync(Head(1), Sample.Path("z"), 1, Ct));
        Assert.AreEqual(1, (await Store.FindAsync(Head(2), Sample.Path("a"), 2, Ct))!.Version);
        Assert.HasCount(2, await ToListAsync(Store.ListPassAsync(accession, lost, null, Ct)));
    }

    [TestMethod]
    public async Task ListAsync_WhenLongerThanAnyPortion_IsWholeAndOrdered()
    {
        // 4,500 files; v2 replaces every third, removes every fifth of v1's and adds 1,200 behind and between.
        var first = Enumerable.Range(0, 4500).Select(i => Row($"f{i:d5}")).ToList();
        var second = Enumerable.Range(0, 4500).Where(i => i % 3 == 0).Select(i => Row($"f{i:d5}", 2, 2))
            .Concat(Enumerable.Range(0, 4500).Where(i => i % 5 == 0 && i % 3 != 0).Select(i => Sample.Removal(accession, passes[1], 2, $"f{i:d5}")))
            .Concat(Enumerable.Range(0, 1200).Select(i => Row($"f{i * 5:d5}x", 2, 2))).ToList();
        await Store.AddAsync(first, Ct);
        await Store.AddAsync(second, Ct);
        var expected = first.Concat(second).GroupBy(r => r.Path).Select(g => g.MaxBy(r => r.Version)!)
            .Where(r => r.ObjectKey is not null).OrderBy(r => r.Path.Value, StringComparer.Ordinal).ToList();

        AreSame(expected, await ToListAsync(Store.ListAsync(Head(2), 2, null, Ct)));
        AreSame(expected.Skip(1000).ToList(), await ToListAsync(Store.ListAsync(Head(2), 2, expected[999].Path, Ct)));
        AreSame(first, await ToListAsync(Store.ListAsync(Head(2), 1, null, Ct)));
        Assert.IsEmpty(await ToListAsync(Store.ListAsync(Head(2), 2, expected[^1].Path, Ct)));
    }

    [TestMethod]
    public async Task ListSentOtherwiseAsync_WhenPathsAreNotInFormC_NamesThoseUpToTheVersion()
    {
        await Store.AddAsync([Row("a"), Row("e\u0301/1"), Row("\u00e9/2")], Ct);
        await Store.AddAsync([Row("o\u0308", 2, 2)], Ct);
        await Store.AddAsync([Sample.Reference(Sample.Number(2), passes[0], 1, "u\u0308")], Ct);

        var first = await Store.ListSentOtherwiseAsync(Head(2), 1, Ct);
        var second = await Store.ListSentOtherwiseAsync(Head(2), 2, Ct);

        Assert.AreEqual("e\u0301/1", string.Join(' ', first));
        Assert.AreEqual("e\u0301/1 o\u0308", string.Join(' ', second.Order()));
    }

    [TestMethod]
    public async Task ListPassAsync_WhenAfterAPath_GoesOnByCodePoint()
    {
        // Expected order: bytes of UTF-8.
        string[] expected = ["A", "a", "a b", "a/b", "a0", "é", "\uff5e", "\U00010000"];
        await Store.AddAsync([.. expected.Reverse().Select(p => Row(p))], Ct);

        var all = await ToListAsync(Store.ListPassAsync(accession, passes[0], null, Ct));
        var later = await ToListAsync(Store.ListPassAsync(accession, passes[0], Sample.Path("a/b"), Ct));

        CollectionAssert.AreEqual(expected, all.Select(r => r.Path.Value).ToArray());
        CollectionAssert.AreEqual(expected[4..], later.Select(r => r.Path.Value).ToArray());
    }

    [TestMethod]
    public async Task FindReferencedAsync_WhenSomeAreReferred_NamesThoseWhateverTheirPass()
    {
        var (mine, uncommitted) = (Row("a"), Sample.Reference(accession, SubmissionId.New(), 2, "b"));
        await Store.AddAsync([mine], Ct);
        await Store.AddAsync([uncommitted], Ct);
        string[] keys = [mine.ObjectKey!, uncommitted.ObjectKey!, mine.ObjectKey + "x", "nothing"];

        var found = await Store.FindReferencedAsync(accession, keys, Ct);

        CollectionAssert.AreEquivalent(keys[..2], found.ToArray());
        Assert.IsEmpty(await Store.FindReferencedAsync(Sample.Number(2), keys, Ct));
        Assert.IsEmpty(await Store.FindReferencedAsync(accession, [], Ct));
    }

    [TestMethod]
    public async Task RemovePassAsync_WhenItsPassFailed_LeavesTheOthers()
    {
        await Store.AddAsync([Row("a")], Ct);
        await Store.AddAsync([Row("a", 2, 2), Row("b", 2, 2)], Ct);

        await Store.RemovePassAsync(accession, passes[1], Ct);
        await Store.RemovePassAsync(accession, passes[1], Ct);

        Assert.IsEmpty(await ToListAsync(Store.ListPassAsync(accession, passes[1], null, Ct)));
        Assert.AreEqual("a1", await SetAsync(Head(1), 1));
    }

    private FileReference Row(string path, int seed = 1, int version = 1) => Sample.Reference(accession, passes[version - 1], version, path, seed);

    private Dataset Head(int versions) => Sample.Dataset(accession, passes[..versions]);

    private async Task<string> SetAsync(Dataset dataset, int version) => string.Join(
        ' ', (await ToListAsync(Store.ListAsync(dataset, version, null, Ct))).Select(r => $"{r.Path}{r.Version}"));
}
