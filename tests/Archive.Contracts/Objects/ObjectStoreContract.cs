using Archive.Model.Files;
using Archive.Storage.Objects;
using Archive.TestKit;
using Archive.TestKit.Files;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Objects;

/// <summary>What every object store promises. A subclass gives the store and says what its kind promises beyond.</summary>
public abstract partial class ObjectStoreContract
{
    private static readonly byte[] Content = RandomStream.Bytes(1, 1000);

    public required TestContext TestContext { get; init; }

    /// <summary>A store that is empty and claimed.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>A folder for files to be put.</summary>
    protected abstract TempFolder Files { get; }

    /// <summary>Whether a taken key is refused (the file-system store) or replaced as a whole.</summary>
    protected abstract bool CreatesExclusively { get; }

    protected CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task FindAndOpen_WhenKeyIsMissing_GiveNull()
    {
        await PutAsync("a/b/c");
        foreach (var missing in new[] { "a", "a/b", "a/b/d", "a/b/c/d", "x" })
        {
            Assert.IsNull(await Store.FindAsync(new(missing), Ct), missing);
            Assert.IsNull(await Store.OpenAsync(new(missing), 0, null, Ct), missing);
            await Store.DeleteAsync(new(missing), Ct);
        }
        Assert.IsNotNull(await Store.FindAsync(new("a/b/c"), Ct));
    }

    [TestMethod]
    [DataRow(0L, null, 0, 1000)]
    [DataRow(0L, 0L, 0, 0)]
    [DataRow(0L, 1L, 0, 1)]
    [DataRow(999L, 1L, 999, 1)]
    [DataRow(999L, 50L, 999, 1)]
    [DataRow(1000L, 50L, 1000, 0)]
    [DataRow(1000L, null, 1000, 0)]
    [DataRow(400L, 300L, 400, 300)]
    public async Task Open_WhenRangeIsGiven_ReadsItsBytes(long offset, long? length, int from, int count)
    {
        await PutAsync("k");
        CollectionAssert.AreEqual(Content[from..(from + count)], await ReadAsync("k", offset, length));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(262_144)]
    [DataRow(262_145)]
    [DataRow(5_000_000)]
    public async Task TryPut_WhenLengthIsAnywhereAboutAPiece_StoresEveryByte(int length)
    {
        var bytes = RandomStream.Bytes(7, length);
        Assert.IsTrue(await Store.TryPutAsync(new("S-1/v1/ä b.tif"), new RandomStream(7, length, 70_000), length, Digests.Of(bytes), Ct));
        CollectionAssert.AreEqual(bytes, await ReadAsync("S-1/v1/ä b.tif", 0, null));
        Assert.AreEqual(length, (await Store.FindAsync(new("S-1/v1/ä b.tif"), Ct))!.LengthBytes);
    }

    [TestMethod]
    public async Task TryPut_WhenLengthDiffers_LeavesNothing()
    {
        await Assert.ThrowsExactlyAsync<DigestMismatchException>(() => Store.TryPutAsync(new("k"), new RandomStream(1, 1000), 1001, null, Ct));
        await Assert.ThrowsExactlyAsync<DigestMismatchException>(() => Store.TryPutAsync(new("k"), new RandomStream(1, 1000), 999, null, Ct));
        await AssertEmptyAsync();
    }

    [TestMethod]
    [DataRow("md5")]
    [DataRow("sha256")]
    [DataRow("crc32")]
    public async Task TryPut_WhenADigestDiffers_LeavesNothing(string which)
    {
        await Assert.ThrowsExactlyAsync<DigestMismatchException>(
            () => Store.TryPutAsync(new("k"), new RandomStream(1, 1000), 1000, Spoil(Digests.Of(Content), which), Ct));
        await AssertEmptyAsync();
    }

    [TestMethod]
    public async Task TryPut_WhenCancelledInTheMiddle_LeavesNothing()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var content = new RandomStream(1, 3_000_000, 100_000)
        {
            BeforeRead = (at, _) => at > 1_500_000 ? stop.CancelAsync() : Task.CompletedTask,
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Store.TryPutAsync(new("k"), content, 3_000_000, null, stop.Token));
        await AssertEmptyAsync();
    }

    [TestMethod]
    public async Task TryPut_WhenTheContentFails_LeavesNothing()
    {
        var content = new RandomStream(1, 3_000_000, 100_000)
        {
            BeforeRead = (at, _) => at > 1_500_000 ? throw new InvalidDataException("torn") : Task.CompletedTask,
        };
        await Assert.ThrowsExactlyAsync<InvalidDataException>(() => Store.TryPutAsync(new("k"), content, 3_000_000, null, Ct));
        await AssertEmptyAsync();
    }

    [TestMethod]
    public async Task TryPut_WhenSixtyFourRace_NoReaderEverSeesAMixture()
    {
        const int length = 300_000;
        var whole = Enumerable.Range(0, 64).Select(i => Digests.Of(RandomStream.Bytes(i, length)).Sha256).ToHashSet(StringComparer.Ordinal);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = 0;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await Task.Yield();
                if (await Store.OpenAsync(new("k/k"), 0, null, Ct) is not { } stream) continue;
                await using (stream) Assert.Contains(Digests.Of(await AllOfAsync(stream)).Sha256, whole);
                Interlocked.Increment(ref seen);
            }
        })).ToArray();

        var puts = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            i => Task.Run(() => Store.TryPutAsync(new("k/k"), new RandomStream(i, length, 50_000), length, null, Ct))));
        Assert.Contains(Digests.Of(await ReadAsync("k/k", 0, null)).Sha256, whole);
        while (seen == 0) await Task.Yield();
        await done.CancelAsync();
        await Task.WhenAll(readers);

        if (CreatesExclusively) Assert.AreEqual(1, puts.Count(won => won));
    }

    [TestMethod]
    public async Task TryPut_WhenKeyIsTaken_KeepsTheFirst()
    {
        if (!CreatesExclusively) Assert.Inconclusive("This kind of store does not create exclusively; keys are never reused.");
        await PutAsync("k");
        Assert.IsFalse(await Store.TryPutAsync(new("k"), new RandomStream(2, 1000), 1000, null, Ct));
        CollectionAssert.AreEqual(Content, await ReadAsync("k", 0, null));
    }

    [TestMethod]
    public async Task PutFiles_WhenFilesAreGood_StoresThemAllAndAgain()
    {
        var batch = Enumerable.Range(0, 300).Select(i => Source($"S-1/v1/p{i % 7}/f{i}", i, 1000 + i, mayLink: i % 2 == 0)).ToList();
        var first = await Store.PutFilesAsync(batch, Ct);
        var second = await Store.PutFilesAsync(batch, Ct);

        Assert.HasCount(300, first);
        Assert.IsTrue(first.All(o => o is PutOutcome.Copied or PutOutcome.Linked));
        Assert.IsTrue(batch.Where(s => !s.MayLink).All(s => first[batch.IndexOf(s)] == PutOutcome.Copied), "linked without leave");
        Assert.IsTrue(second.All(o => o == PutOutcome.Existed));
        for (var i = 0; i < batch.Count; i++)
            CollectionAssert.AreEqual(RandomStream.Bytes(i, 1000 + i), await ReadAsync(batch[i].Key.Value, 0, null));
    }

    [TestMethod]
    public async Task PutFiles_WhenBatchIsEmpty_DoesNothing() => Assert.IsEmpty(await Store.PutFilesAsync([], Ct));

    [TestMethod]
    public async Task PutFiles_WhenOneFileWasChanged_RefusesIt()
    {
        var good = Source("g", 1, 2000, mayLink: false);
        var bad = Source("b", 2, 2000, mayLink: false);
        await File.WriteAllBytesAsync(bad.FilePath, RandomStream.Bytes(3, 2000), Ct);
        var failure = await Assert.ThrowsExactlyAsync<DigestMismatchException>(() => Store.PutFilesAsync([good, bad], Ct));
        Assert.AreEqual(bad.Key, failure.Key);
        Assert.IsNull(await Store.FindAsync(bad.Key, Ct));

        var cut = Source("c", 2, 2000, mayLink: true) with { LengthBytes = 2001 };
        await Assert.ThrowsExactlyAsync<DigestMismatchException>(() => Store.PutFilesAsync([cut], Ct));
        Assert.IsNull(await Store.FindAsync(cut.Key, Ct));
    }

    [TestMethod]
    public async Task PutFiles_WhenKeyIsTakenByAnotherLength_Refuses()
    {
        await PutAsync("k");
        await Assert.ThrowsExactlyAsync<DigestMismatchException>(() => Store.PutFilesAsync([Source("k", 1, 999, mayLink: true)], Ct));
        CollectionAssert.AreEqual(Content, await ReadAsync("k", 0, null));
    }

    [TestMethod]
    public async Task Delete_WhenObjectIsThere_RemovesItAlone()
    {
        await PutAsync("a/1");
        await PutAsync("a/2");
        await Store.DeleteAsync(new("a/1"), Ct);
        CollectionAssert.AreEqual(new[] { "a/2" }, await ListAsync(""));
        await Store.DeleteAsync(new("a/2"), Ct);
        Assert.IsEmpty(await ListAsync(""));
        await PutAsync("a/1");
        CollectionAssert.AreEqual(Content, await ReadAsync("a/1", 0, null));
    }

    [TestMethod]
    public async Task Delete_WhenItRacesPutsNearby_LosesNoPut()
    {
        for (var round = 0; round < 30; round++)
        {
            var r = round;
            await PutAsync($"f/{r}/deep/old");
            await Task.WhenAll(
                Task.Run(() => Store.DeleteAsync(new($"f/{r}/deep/old"), Ct)),
                Task.Run(() => PutAsync($"f/{r}/deep/new")),
                Task.Run(() => Store.PutFilesAsync([Source($"f/{r}/deep/file", r, 100, mayLink: true)], Ct)));
            CollectionAssert.AreEqual(new[] { $"f/{r}/deep/file", $"f/{r}/deep/new" }, await ListAsync($"f/{r}/"));
        }
    }

    [TestMethod]
    public async Task Open_WhenDeletedMeanwhile_ReadsToTheEndOrFails()
    {
        const int length = 2_000_000;
        await Store.TryPutAsync(new("k"), new RandomStream(5, length), length, null, Ct);
        await using var reader = await Store.OpenAsync(new("k"), 0, null, Ct);
        await Store.DeleteAsync(new("k"), Ct);
        try
        {
            CollectionAssert.AreEqual(RandomStream.Bytes(5, length), await AllOfAsync(reader!));
        }
        catch (IOException)
        {
            Assert.IsFalse(CreatesExclusively, "A file that is open outlives its name.");
        }
    }

    [TestMethod]
    public async Task Claim_WhenRepeatedOrForeign_KeepsTheFirstIdentity()
    {
        var id = (await Store.ProbeAsync(Ct)).ArchiveId;
        Assert.IsNotNull(id);
        await Store.ClaimAsync(id, Ct);
        await Assert.ThrowsAsync<IOException>(() => Store.ClaimAsync("another", Ct));
        Assert.AreEqual(id, (await Store.ProbeAsync(Ct)).ArchiveId);
    }

    protected async Task PutAsync(string key) => Assert.IsTrue(
        await Store.TryPutAsync(new(key), new RandomStream(1, 1000), 1000, Digests.Of(Content), Ct), key);

    protected ObjectSource Source(string key, int seed, int length, bool mayLink)
    {
        var bytes = RandomStream.Bytes(seed, length);
        var file = Files[Guid.NewGuid().ToString("N")];
        File.WriteAllBytes(file, bytes);
        return new ObjectSource(new(key), file, length, Digests.Of(bytes), mayLink);
    }

    protected async Task<List<string>> ListAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, Ct)) keys.Add(found.Key.Value);
        return keys;
    }

    protected async Task<byte[]> ReadAsync(string key, long offset, long? length)
    {
        await using var stream = await Store.OpenAsync(new(key), offset, length, Ct) ?? throw new AssertFailedException($"{key} is missing");
        return await AllOfAsync(stream);
    }

    private async Task<byte[]> AllOfAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Ct);
        return all.ToArray();
    }

    private async Task AssertEmptyAsync()
    {
        Assert.IsNull(await Store.FindAsync(new("k"), Ct));
        Assert.IsEmpty(await ListAsync(""));
    }

    private static FileDigests Spoil(FileDigests good, string which) => which switch
    {
        "md5" => good with { Md5 = new string('0', 32) },
        "sha256" => good with { Sha256 = new string('0', 64) },
        _ => good with { Crc32 = good.Crc32 ^ 1 },
    };
}
