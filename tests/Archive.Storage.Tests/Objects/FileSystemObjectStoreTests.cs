using Archive.Contracts.Objects;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Archive.TestKit;
using Archive.TestKit.Files;

namespace Archive.Storage.Tests.Objects;

[TestClass]
public sealed class FileSystemObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FileSystemObjectStore store;

    public FileSystemObjectStoreTests() => store = new FileSystemObjectStore(folder["store"]);

    protected override IObjectStore Store => store;

    protected override TempFolder Files => folder;

    protected override bool CreatesExclusively => true;

    [TestInitialize]
    public Task ClaimAsync() => store.ClaimAsync("an-archive", Ct);

    [TestCleanup]
    public void LeavesNoTemporaries() => Assert.IsEmpty(Directory.GetFiles(folder["store/tmp"]), "a temporary file was left");

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Probe_WhenStoreIsNew_HasNoIdentity() =>
        Assert.IsNull((await new FileSystemObjectStore(folder["new"]).ProbeAsync(Ct)).ArchiveId);

    [TestMethod]
    public async Task Probe_WhenContentHasNoIdentity_Fails()
    {
        await PutAsync("k");
        File.Delete(folder["store/archive-id"]);
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => store.ProbeAsync(Ct));
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => store.ClaimAsync("an-archive", Ct));
        File.WriteAllText(folder["store/archive-id"], "an-archive");
    }

    [TestMethod]
    public async Task Probe_WhenClaimed_TellsTheVolumesSpace()
    {
        var status = await store.ProbeAsync(Ct);
        Assert.IsTrue(status.FreeBytes > 0 && status.TotalBytes > status.FreeBytes);
    }

    [TestMethod]
    public async Task TryPut_WhenVolumeIsNotMounted_FailsAndCreatesNothing()
    {
        var unmounted = new FileSystemObjectStore(folder["unmounted"]);
        await Assert.ThrowsAsync<IOException>(() => unmounted.TryPutAsync(new("k"), new RandomStream(1, 10), 10, null, Ct));
        await Assert.ThrowsAsync<IOException>(() => unmounted.PutFilesAsync([Source("k", 1, 10, mayLink: true)], Ct));
        Assert.IsFalse(Directory.Exists(folder["unmounted"]));
    }

    [TestMethod]
    public async Task PutFiles_WhenOnOneVolume_LinksTheSameInode()
    {
        var source = Source("a/k", 1, 1000, mayLink: true);
        Assert.AreEqual(PutOutcome.Linked, (await store.PutFilesAsync([source], Ct))[0]);
        File.Delete(source.FilePath);
        CollectionAssert.AreEqual(RandomStream.Bytes(1, 1000), await ReadAsync("a/k", 0, null));
    }

    [TestMethod]
    public async Task PutFiles_WhenOnAnotherVolume_Copies()
    {
        using var volume = SmallVolume.TryMount(1_000_000, out var reason);
        if (volume is null) Assert.Inconclusive($"Mounting a small volume is not possible here: {reason}");
        var source = Source("a/k", 1, 1000, mayLink: true);
        File.Move(source.FilePath, Path.Combine(volume.FullPath, "f"), overwrite: true);
        var outcomes = await store.PutFilesAsync([source with { FilePath = Path.Combine(volume.FullPath, "f") }], Ct);
        Assert.AreEqual(PutOutcome.Copied, outcomes[0]);
        CollectionAssert.AreEqual(RandomStream.Bytes(1, 1000), await ReadAsync("a/k", 0, null));
    }

    [TestMethod]
    public async Task Put_WhenAKeyIsAFolderOfAnother_SaysSo()
    {
        await PutAsync("a/b/c");
        var above = await Assert.ThrowsExactlyAsync<IOException>(() => store.PutFilesAsync([Source("a/b", 1, 10, mayLink: false)], Ct));
        StringAssert.Contains(above.Message, "other keys go on behind its name");
        var below = await Assert.ThrowsExactlyAsync<IOException>(() => store.PutFilesAsync([Source("a/b/c/d", 1, 10, mayLink: false)], Ct));
        StringAssert.Contains(below.Message, "a part of its key is an object already");
    }

    [TestMethod]
    public async Task Put_WhenTheVolumeIsFull_SaysSoAndWorksWhenThereIsRoom()
    {
        using var volume = SmallVolume.TryMount(6_000_000, out var reason);
        if (volume is null) Assert.Inconclusive($"Mounting a small volume is not possible here: {reason}");
        var small = new FileSystemObjectStore(Path.Combine(volume.FullPath, "s"));
        await small.ClaimAsync("x", Ct);
        // Below and above the length from which room is reserved in advance.
        foreach (var length in new[] { 3_900_000, 5_000_000 })
        {
            var filler = Path.Combine(volume.FullPath, "filler");
            File.WriteAllBytes(filler, new byte[3_000_000]);
            var full = await Assert.ThrowsExactlyAsync<VolumeFullException>(
                () => small.TryPutAsync(new($"k{length}"), new RandomStream(1, length), length, null, Ct));
            Assert.AreEqual(28, full.HResult); // ENOSPC, errno(3)
            await Assert.ThrowsExactlyAsync<VolumeFullException>(() => small.PutFilesAsync([Source($"k{length}", 1, length, mayLink: true)], Ct));
            Assert.IsNull(await small.FindAsync(new($"k{length}"), Ct));
            Assert.IsEmpty(Directory.GetFiles(Path.Combine(volume.FullPath, "s/tmp")));
            File.Delete(filler);
            Assert.IsTrue(await small.TryPutAsync(new($"k{length}"), new RandomStream(1, length), length, null, Ct));
            await small.DeleteAsync(new($"k{length}"), Ct);
        }
    }

    [TestMethod]
    public async Task Delete_WhenFoldersAreEmptied_RemovesThemUpToTheRoot()
    {
        await PutAsync("a/b/c/d");
        await PutAsync("a/x");
        await store.DeleteAsync(new("a/b/c/d"), Ct);
        Assert.IsFalse(Directory.Exists(folder["store/objects/a/b"]));
        await store.DeleteAsync(new("a/x"), Ct);
        Assert.IsEmpty(Directory.GetDirectories(folder["store/objects"]));
        await store.DeleteAsync(new("a/x"), Ct);
    }

    [TestMethod]
    public async Task List_WhenAFolderHasMoreNamesThanAreHeld_ListsEachOnce()
    {
        for (var i = 0; i < 25; i++) await PutAsync($"f/{i}");
        var names = Enumerable.Range(0, 25).Select(i => $"f/{i}").Order(StringComparer.Ordinal).ToList();
        foreach (var held in new[] { 1, 5, 24, 25, 26 })
            CollectionAssert.AreEqual(names, KeyListing.Of(folder["store/objects"], "", held).ToList(), $"{held} held");
    }

    [TestMethod]
    public async Task ListFolders_WhenThereAreMoreThanAreHeld_GivesEachOnce()
    {
        for (var i = 0; i < 12; i++)
        {
            await PutAsync($"d{i}/x");
            await PutAsync($"f{i}");
        }
        var folders = Enumerable.Range(0, 12).Select(i => $"d{i}/").Order(StringComparer.Ordinal).ToList();
        foreach (var held in new[] { 1, 5, 11, 12, 13 })
            CollectionAssert.AreEqual(folders, KeyListing.FoldersOf(folder["store/objects"], "", held).ToList(), $"{held} held");
    }

    [TestMethod]
    public async Task List_WhenAFolderHasAMillionObjects_TakesBoundedMemory()
    {
        if (Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") != "1") Assert.Inconclusive("A million files take long: set ARCHIVE_TEST_LONG=1.");
        const int count = 1_000_000;
        const string attempt = "S-1/v1/7/";
        Directory.CreateDirectory(folder[$"store/objects/{attempt}"]);
        for (var i = 0; i < count; i++) File.Create(folder[$"store/objects/{attempt}{i * 7919L % count:0000000}.tif"]).Dispose();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (seen, highest, last) = (0, 0L, "");
        await foreach (var found in store.ListAsync("", Ct))
        {
            Assert.IsLessThan(0, string.CompareOrdinal(last, found.Key.Value), "out of order");
            last = found.Key.Value;
            if (++seen % 20_000 == 0) highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        TestContext.WriteLine($"{highest} bytes held at most");
        Assert.AreEqual(count, seen);
        // The names that are held at once are 50,000 of about 50 bytes; a million would be 50 MB.
        Assert.IsLessThan(10_000_000, highest);
    }

    [TestMethod]
    public async Task RemoveAbandoned_WhenAFileIsOld_RemovesItAndNoYoungOne()
    {
        File.WriteAllText(folder["store/tmp/old"], "");
        File.SetLastWriteTimeUtc(folder["store/tmp/old"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.WriteAllText(folder["store/tmp/young"], "");
        Assert.AreEqual(1, await store.RemoveAbandonedAsync(TimeSpan.FromHours(1), TimeProvider.System, Ct));
        Assert.AreEqual(1, await store.RemoveAbandonedAsync(TimeSpan.FromDays(-1), TimeProvider.System, Ct));
    }
}
