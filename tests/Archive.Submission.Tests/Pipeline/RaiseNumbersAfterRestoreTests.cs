using Archive.Storage.Objects;
using Archive.Submissions.Accessioning;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Numbers that objects name are not given again.</summary>
[TestClass]
public sealed class RaiseNumbersAfterRestoreTests
{
    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["plate/a1.tif"] = [1, 2, 3],
        ["plate/b2.tif"] = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))],
        ["readme.txt"] = [],
    };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task RaiseNumbersAfterRestore_WhenObjectsAreNewerThanMetadata_StartsAboveThem()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        using var content = new MemoryStream([1]);
        await node.Objects.TryPutAsync(new("S-BIAR41/v1/977/a/b.tif"), content, 1, null, Ct);
        await node.Objects.TryPutAsync(new("S-BIAR9/v2/1003/a"), new MemoryStream([1]), 1, null, Ct);
        await node.Objects.TryPutAsync(new("S-PLATE2/v1/5/a"), new MemoryStream([1]), 1, null, Ct);
        // A dataset without files has nothing but its shelf.
        await node.Objects.TryPutAsync(new("shelves/S-BIAR52/v1/00ff"), new MemoryStream([1]), 1, null, Ct);
        var listings = 0;
        var objects = new Faults(call =>
        {
            if (call == nameof(IObjectStore.ListAsync)) listings++;
            return Fault.None;
        }).Over(node.Objects);
        var draft = await node.PrepareAsync(Files, Ct);

        var highest = await new RaiseNumbersAfterRestore(node.Collections, node.Datasets, node.Submissions, objects).RunAsync(Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(52, highest["S-BIAR"]);
        Assert.AreEqual(2, highest["S-PLATE"]);
        Assert.AreEqual("S-BIAR53", submission.Accession.ToString());
        Assert.AreEqual(1004, ended.Attempt);
        Assert.AreEqual(0, listings, "objects were listed, where folders are enough");
    }
}
