using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Archive.TestKit.Files;

namespace Archive.Storage.Tests.Objects;

[TestClass]
public sealed class HashingTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void Hasher_WhenGivenTheCheckString_GivesThePublishedDigests()
    {
        using var hasher = new ContentHasher();
        hasher.Append("1234"u8.ToArray());
        hasher.Append("56789"u8.ToArray());
        var digests = hasher.Finish();
        // CRC-32/ISO-HDLC check value: reveng.sourceforge.io/crc-catalogue; the others by md5sum and sha256sum (coreutils).
        Assert.AreEqual(0xCBF43926u, digests.Crc32);
        Assert.AreEqual("25f9e794323b453885f5181f1b624d0b", digests.Md5);
        Assert.AreEqual("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", digests.Sha256);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(65_535)]
    [DataRow(65_536)]
    [DataRow(1_000_001)]
    public async Task Stream_WhenReadOrWritten_DigestsWhatPassed(int length)
    {
        var bytes = RandomStream.Bytes(3, length);
        await using var reading = new HashingStream(new RandomStream(3, length, 100_000));
        using var written = new MemoryStream();
        await using var writing = new HashingStream(written);
        await reading.CopyToAsync(writing, 81_920, TestContext.CancellationToken);

        Assert.AreEqual(length, reading.LengthBytes);
        Assert.AreEqual(Digests.Of(bytes), reading.Finish());
        Assert.AreEqual(Digests.Of(bytes), writing.Finish());
        CollectionAssert.AreEqual(bytes, written.ToArray());
    }

    [TestMethod]
    public void Stream_WhenMemoryIsNoArray_DigestsItAlike()
    {
        var bytes = RandomStream.Bytes(4, 200_000);
        using var hasher = new ContentHasher();
        hasher.Append(new Unmanaged(bytes).Memory);
        Assert.AreEqual(Digests.Of(bytes), hasher.Finish());
    }

    [TestMethod]
    public void SyncFolder_WhenThereIsNone_SaysSo() =>
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => Durable.SyncFolder("/nowhere/at/all"));

    [TestMethod]
    public void Sync_WhenTheDescriptorCannotBeSynced_Throws()
    {
        // fsync(2): EINVAL for a descriptor bound to a special file that does not support synchronisation.
        using var null_ = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        var error = Assert.ThrowsExactly<IOException>(() => Durable.Sync(null_));
        Assert.AreEqual(22, error.HResult);
        StringAssert.Contains(error.Message, "Invalid argument");
    }

    private sealed class Unmanaged(byte[] bytes) : System.Buffers.MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => bytes;

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
