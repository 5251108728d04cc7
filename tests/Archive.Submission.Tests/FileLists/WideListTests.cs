using System.Diagnostics;
using System.Globalization;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Pipeline;
using Archive.Submissions.FileLists;
using Archive.Submissions.FileLists.Proposing;
using Archive.Submissions.Revisions;
using Archive.Submissions.Staging;
using Archive.TestKit.Files;

namespace Archive.Submission.Tests.FileLists;

/// <summary>A list as wide and long as the largest dataset known, against as many staged names, in one pass and bounded memory.</summary>
[TestClass]
public sealed class WideListTests
{
    private const long MostMemoryBytes = 500L << 20;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [Timeout(3_600_000, CooperativeCancellation = true)]
    public async Task Check_WhenSixtyColumnsAndMillionsOfRows_StaysBelowHalfAGigabyte()
    {
        var wide = new WideList(IsLong ? 2_400_000 : 20_000);
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct);
        await node.Staging.ReceiveAsync(draft.Id, ArchivePath.Parse("files.tsv", null), new BlockStream(wide.WriteAsync(Ct)), null, DeclaredDigests.None, static _ => true, Ct);
        await wide.StageAsync(ground.Database.ConnectionString, draft.Id.Value, Ct);
        var study = await node.Validator.StudyAsync(draft.Id, Ct);
        var check = new FileListCheck(node.Uploads, node.Staging, FileListLimits.Default);
        var findings = new FindingList();
        using var memory = new PeakMemory();
        var clock = Stopwatch.StartNew();

        var result = await check.CheckAsync(draft.Id, study, findings, Ct);

        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{wide.Count} rows in {clock.Elapsed.TotalSeconds:0.0} s, {wide.Count / clock.Elapsed.TotalSeconds:0} rows/s, at most {memory.AddedBytes >> 20} MiB added"));
        Assert.IsEmpty(findings.ToReport().Findings, string.Join('\n', findings.ToReport().Findings.Take(5)));
        Assert.AreEqual(wide.Count + 1, result.Files);
        Assert.AreNotEqual(0, memory.AddedBytes);
        Assert.IsLessThan(MostMemoryBytes, memory.AddedBytes);
    }

    [TestMethod]
    [Timeout(3_600_000, CooperativeCancellation = true)]
    public async Task Propose_WhenMillionsOfNames_StaysBelowHalfAGigabyte()
    {
        var wide = new WideList(IsLong ? 2_400_000 : 20_000);
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        await wide.StageAsync(ground.Database.ConnectionString, draft.Id.Value, Ct);
        using var memory = new PeakMemory();
        var clock = Stopwatch.StartNew();

        var proposal = await FileListProposer.ProposeAsync(
            NextFileSet.OfStaged(draft.Id, node.Uploads, node.Staging), new("l.tsv", "plate{plate}/r{row:int}/{field:int}_image.tif", null, null, null, null, null), 10, Stream.Null, Ct);

        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wide.Count} names in {clock.Elapsed.TotalSeconds:0.0} s, at most {memory.AddedBytes >> 20} MiB added"));
        Assert.AreEqual(wide.Count, proposal.Matched);
        Assert.AreEqual(wide.Count, proposal.Hypercube!.PlanesFound);
        Assert.IsLessThan(MostMemoryBytes, memory.AddedBytes);
    }

    /// <summary>Samples the anonymous memory of this process until disposed of, and counts from what it had before.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly Timer timer;
        private readonly long before;
        private long peak;

        public PeakMemory()
        {
            // What tests before this one left goes back to the system first, as far as it does.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            before = Read();
            timer = new Timer(_ => Sample(), null, 0, 50);
        }

        public long AddedBytes
        {
            get
            {
                Sample();
                return Interlocked.Read(ref peak) - before;
            }
        }

        public void Dispose() => timer.Dispose();

        private static long Read()
        {
            var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(8).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) << 10;
        }

        private void Sample()
        {
            var now = Read();
            if (now > Interlocked.Read(ref peak)) Interlocked.Exchange(ref peak, now);
        }
    }
}

/// <summary>Blocks as a stream that is read once.</summary>
internal sealed class BlockStream(IAsyncEnumerable<ReadOnlyMemory<byte>> blocks) : Stream
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> source = blocks.GetAsyncEnumerator();
    private ReadOnlyMemory<byte> rest;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty)
        {
            if (!await source.MoveNextAsync()) return 0;
            rest = source.Current;
        }
        var bytes = Math.Min(rest.Length, buffer.Length);
        rest[..bytes].CopyTo(buffer);
        rest = rest[bytes..];
        return bytes;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
