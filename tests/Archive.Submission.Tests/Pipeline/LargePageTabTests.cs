using System.Text;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.TestKit;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>
/// What a request over one of the largest page tabs allocates in this process, on a real database: all of it together, so that what is
/// held at any moment is less.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class LargePageTabTests
{
    private const long OneTree = 120L << 20;

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task APageTab_WhenAsLargeAsIsAccepted_IsTakenCheckedAndGivenBackWithinItsBound()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var sent = Large();
        // Once in small, so that what is made once is not counted.
        await RunAsync("");
        await RunAsync("large: ");

        async Task RunAsync(string label)
        {
            var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
            var text = label.Length == 0 ? "{}"u8.ToArray() : sent;
            var put = await MeasureAsync(() => node.Desk.SetPageTabAsync(draft.Id, new MemoryStream(text), null, Ct));
            var get = await MeasureAsync(async () =>
            {
                await using var stored = await node.Drafts.OpenPageTabAsync(draft.Id, Ct);
                await stored!.Content.CopyToAsync(Stream.Null, Ct);
            });
            var check = await MeasureAsync(async () => await node.Validator.CheckMetadataAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, null, Ct));
            var list = await MeasureAsync(() => node.Drafts.ListAsync(Node.Owner, null, 100, Ct));
            if (label.Length == 0) return;
            TestContext.WriteLine($"{label}{sent.Length >> 20} MiB; MiB allocated: put {put >> 20}, get {get >> 20}, check {check >> 20}, list {list >> 20}");
            Assert.IsLessThan(OneTree, put);
            Assert.IsLessThan(64L << 20, get);
            Assert.IsLessThan(2 * OneTree, check, "the text, the tree and the typed view");
            Assert.IsLessThan(1L << 20, list);
        }
    }

    private static async Task<long> MeasureAsync(Func<Task> work)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await work();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static byte[] Large()
    {
        var json = new StringBuilder("""{"attributes":[{"name":"ReleaseDate","value":"2024-01-01"}],"section":{"type":"Study","subsections":[""");
        for (var i = 0; json.Length < (int)PageTabLimits.Default.MaxBytes - 200; i++)
            json.Append(i == 0 ? "" : ",").Append($$"""{"type":"Author","accno":"a{{i}}","attributes":[{"name":"Name","value":"Depositor number {{i:d70}}"}]}""");
        return Encoding.UTF8.GetBytes(json.Append("]}}").ToString());
    }
}
