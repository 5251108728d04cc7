using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of nodes' reports promises.</summary>
public abstract class NodeReportStoreContract : MetadataContract<INodeReportStore>
{
    [TestMethod]
    public async Task ReportAsync_WhenANodeSaysMore_ReplacesWhatItSaidAndNoOthers()
    {
        await Store.ReportAsync("b", """{"at": 1}""", Ct);
        await Store.ReportAsync("a", """{"at": 2}""", Ct);
        await Store.ReportAsync("b", """{"at": 3}""", Ct);

        var said = await Store.ListAsync(TimeSpan.FromMinutes(1), Ct);

        Assert.AreEqual("a 2, b 3", string.Join(", ", said.Select(s => $"{s.Node} {System.Text.Json.JsonDocument.Parse(s.Json).RootElement.GetProperty("at")}")));
        Assert.IsTrue(said.All(s => s.Age >= TimeSpan.Zero && s.Age < TimeSpan.FromMinutes(1)));
    }

    [TestMethod]
    public async Task ListAsync_WhenANodeFellSilent_LeavesItOut()
    {
        await Store.ReportAsync("silent", "{}", Ct);
        await Poll.Until(async () => (await Store.ListAsync(TimeSpan.FromMilliseconds(50), Ct)).Count == 0, "it is old", Ct);
        await Store.ReportAsync("alive", "{}", Ct);

        Assert.AreEqual("alive", (await Store.ListAsync(TimeSpan.FromMilliseconds(50), Ct)).Single().Node);
    }
}
