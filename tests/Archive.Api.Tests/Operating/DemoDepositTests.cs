using Archive.Demo.Datasets;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Operating;

/// <summary>The demonstration fills an archive through its public API, once.</summary>
[TestClass]
public sealed class DemoDepositTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Deposit_WhenRunTwice_DepositsFiveDatasetsAndThenNone()
    {
        var ct = TestContext.CancellationToken;
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"]);
        await archive.StartAsync(ct);
        string[] arguments = ["deposit", "--url", archive.Address.ToString(), "--mail", folder["data/mail"], "--state", folder["state.json"]];

        var first = Lines(await Script.RunDemoAsync(arguments, ct));
        var second = Lines(await Script.RunDemoAsync(arguments, ct));

        Assert.HasCount(5, first.Where(line => line.EndsWith("  Released", StringComparison.Ordinal)), string.Join('\n', first));
        Assert.HasCount(5, second);
        Assert.IsTrue(second.TrueForAll(line => line.Contains("is there already", StringComparison.Ordinal)), string.Join('\n', second));
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["state.json"]));
        // Without its notes it asks the archive's search, once that knows them.
        foreach (var dataset in DemoDatasets.All(default))
            await Poll.Until(async () => (await archive.Http.GetStringAsync($"/api/search?q={Uri.EscapeDataString($"\"{dataset.Title}\"")}", ct))
                .Contains(dataset.Title, StringComparison.Ordinal), $"search finds {dataset.Title}", ct, TimeSpan.FromMinutes(1));
        CollectionAssert.AreEqual(second, Lines(await Script.RunDemoAsync(arguments[..5], ct)));
    }

    private static List<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
