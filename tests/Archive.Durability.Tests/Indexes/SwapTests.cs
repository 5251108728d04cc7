using System.Globalization;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.Indexes;

/// <summary>A process whose index is replaced again and again while it is searched, and one that is killed while it replaces it.</summary>
[TestClass]
[TestCategory("Index")]
public sealed class SwapTests : DurabilityTest
{
    [TestMethod]
    public async Task Swap_WhenTwentyTimesUnderLoad_FailsNoRequestAndReleasesFilesAndMemory()
    {
        await using var nodes = await IndexNodes.StartAsync(Folder, 0, Ct);
        var client = await nodes.RegisterAsync(Ct);
        for (var i = 0; i < 5; i++) await DepositAsync(client, SampleDeposit.Generate(i, 100, 100));
        await using var load = new SearchLoad(nodes.Builder, nodes.Builder);
        // The first builds and searches compile and fill pools: memory is held against what it is after them.
        for (var i = 0; i < 5; i++) await BuildAsync(nodes, load);
        var before = Memory(nodes.Builder);
        for (var i = 0; i < 20; i++) await BuildAsync(nodes, load);

        Assert.IsEmpty(load.Failures, string.Join('\n', load.Failures.Take(5)));
        Assert.IsGreaterThanOrEqualTo(20, load.Generations.Count());
        await Poll.Until(() => IndexNodes.Mapped(nodes.Builder).Count == 1, "only the generation that answers is mapped", Ct);
        // That mapped files are let go of is told above; this is what the collector keeps for later, whose bound is generous.
        await Poll.Until(() => Memory(nodes.Builder) < before + 60_000_000, $"memory is at its level of {before / 1_000_000} MB again", Ct, TimeSpan.FromMinutes(1));
        var metrics = await nodes.Builder.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Ct);
        foreach (var name in new[] { "archive_index_age_seconds", "archive_index_datasets 5", "archive_index_swaps_total", "archive_index_pinned_generations 0", "archive_index_work_succeeded{kind=\"build\"} 1" })
            Assert.Contains(name, metrics);
        Say($"{load.Answers} answers of {load.Generations.Count()} generations; memory {before / 1_000_000} MB before and {Memory(nodes.Builder) / 1_000_000} MB after");
    }

    [TestMethod]
    public async Task Kill_WhenAtAnyMomentOfBuildAndPublication_LeavesTheOldOneServingAndNothingBehind()
    {
        await using var nodes = await IndexNodes.StartAsync(Folder, 0, Ct);
        var node = nodes.Builder;
        var client = await nodes.RegisterAsync(Ct);
        for (var i = 0; i < 3; i++) await DepositAsync(client, SampleDeposit.Generate(i, 40, 100));
        var last = await nodes.BuildAsync(Ct);
        var cut = 0;
        // A call that makes, renames or removes a file is held back, and the process dies in it.
        foreach (var instant in IsLong ? Enumerable.Range(1, 40) : [1, 4, 7, 10, 14])
        {
            var seen = 0;
            await using (await SystemCallTrace.AttachAsync(node.ProcessId, ["-e", "trace=rename,renameat,renameat2,link,linkat,fsync,unlink", "-e", "inject=rename,renameat,renameat2,link,linkat,fsync,unlink:delay_exit=100000"], call =>
            {
                if ((call.Arguments.Contains("/index/", StringComparison.Ordinal) || call.Arguments.Contains("/objects/tmp/", StringComparison.Ordinal)) && ++seen == instant) node.KillAsync().Forget();
            }, Ct))
            {
                using var asked = await node.Http.PostAsync(new Uri("/api/jobs/index/runs", UriKind.Relative), null, Ct);
                await Poll.Until(async () => !node.IsRunning || await EndedAsync(node, last), "it was killed, or has ended", Ct, TimeSpan.FromMinutes(1));
            }
            if (node.IsRunning) break;
            cut++;
            await node.StartAsync(Ct, TimeSpan.FromMinutes(2));
            Assert.AreEqual(3, await IndexNodes.FindAsync(node, "images", Ct), $"after instant {instant}");
            await CheckFolderAsync(node, instant);
            last = (await IndexNodes.GenerationAsync(node, Ct))!;
        }
        Assert.IsGreaterThanOrEqualTo(3, cut, "It was never killed in the middle.");
        last = await nodes.BuildAsync(Ct);
        await CheckFolderAsync(node, 0);
        // What was cut is published by another loop, which removes what is too old last.
        await Poll.Until(() => Named(nodes) is { Count: <= 3 } names && names.Contains(last), "three generations at most are named, the newest among them", Ct, TimeSpan.FromMinutes(1));
        var (named, published) = (Named(nodes), Directory.GetFiles(Path.Combine(nodes.Published, "generations")).Select(f => Path.GetFileName(f)).ToHashSet());
        Assert.IsEmpty(named.Except(published), "Each manifest has its bytes.");
        // Bytes that were stored when the process died before their manifest was: they may be another node's, and go after an hour.
        Assert.IsLessThanOrEqualTo(cut, published.Except(named).Count());
        Say($"killed at {cut} instants");
    }

    private static async Task<bool> EndedAsync(ArchiveProcess node, string before)
    {
        try
        {
            var state = await IndexNodes.StateAsync(node, CancellationToken.None);
            var now = state.GetProperty("stamp").GetProperty("generation").GetString();
            return now != before && state.GetProperty("published")[0].GetProperty("generation").GetString() == now && state.GetProperty("running").GetArrayLength() == 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // A delta may be there, with its documents; each generation has its documents or none.
    private async Task CheckFolderAsync(ArchiveProcess node, int instant)
    {
        await Poll.Until(() =>
        {
            var files = Directory.GetFiles(IndexNodes.FolderOf(node)).Select(f => Path.GetFileName(f)).ToList();
            var generations = files.Where(f => f.EndsWith(".index", StringComparison.Ordinal)).ToList();
            var stray = files.Except(generations).Except(generations.Select(g => g + ".documents")).Where(f => f != "current" && !f.StartsWith("delta-", StringComparison.Ordinal)).ToList();
            return generations.Count is >= 1 and <= 3 && stray.Count == 0 && files.Count(f => f.StartsWith("delta-", StringComparison.Ordinal)) <= 2;
        }, $"after instant {instant} the folder holds generations only: {string.Join(", ", Directory.GetFiles(IndexNodes.FolderOf(node)).Select(Path.GetFileName))}", Ct);
    }

    private async Task BuildAsync(IndexNodes nodes, SearchLoad load)
    {
        var before = load.Answers;
        await nodes.BuildAsync(Ct);
        await Poll.Until(() => load.Answers > before + 8, "searches are answered", Ct, TimeSpan.FromSeconds(30));
    }

    private static HashSet<string> Named(IndexNodes nodes) =>
        [.. Directory.GetFiles(Path.Combine(nodes.Published, "manifests")).Select(f => Path.GetFileName(f).Split('-', 2)[1])];

    private static long Memory(ArchiveProcess node) => long.Parse(
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{node.ProcessId}/status")).First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
