using System.Globalization;
using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>
/// Chains of random revisions, each held against a first version deposited afresh with the same files and lists: whatever a revision does
/// not look at again must come out as if it had.
/// </summary>
[TestClass]
public sealed class RevisionOracleTests
{
    private static readonly string[] Folders = ["", "p/", "p/q/", "r/", "é/"];

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    public async Task Revise_WhenManyTimesAtRandom_EqualsAFreshDepositEachTime(int seed)
    {
        var random = new Random(seed);
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var files = Enumerable.Range(0, 12).ToDictionary(i => NameOf(i), i => $"v1 {i}", StringComparer.Ordinal);
        var lists = new Dictionary<string, string>(StringComparer.Ordinal) { ["one.tsv"] = List(random, files, 0.7), ["two.tsv"] = List(random, files, 0.4) };
        var named = new List<string> { "one.tsv", "two.tsv" };
        var dataset = await node.CommitAsync(await StageAsync(node, null, files, lists, named), Ct);
        var history = new List<string> { await node.FilesAsync(dataset, 1, Ct) };

        for (var version = 2; version <= 5; version++)
        {
            var (nextFiles, nextLists) = (new Dictionary<string, string>(files, StringComparer.Ordinal), new Dictionary<string, string>(lists, StringComparer.Ordinal));
            Change(random, version, nextFiles, nextLists, named);
            var draft = await node.ReviseAsync(dataset, Ct);
            await StageAsync(node, draft, Differing(files, nextFiles), Differing(lists, nextLists), named);
            foreach (var gone in files.Keys.Except(nextFiles.Keys).Concat(lists.Keys.Except(nextLists.Keys)))
                await node.Staging.MarkRemovedAsync(draft.Id, ArchivePath.Parse(gone, null), Ct);
            (files, lists) = (nextFiles, nextLists);
            dataset = await node.CommitAsync(draft, Ct, Revising.Curator);
            history.Add(await node.FilesAsync(dataset, version, Ct));

            var fresh = await node.CommitAsync(await StageAsync(node, null, files, lists, named), Ct);
            Assert.AreEqual(await node.FilesAsync(fresh, 1, Ct), history[^1], $"version {version}");
            Assert.AreEqual((fresh.Latest.FileCount, fresh.Latest.TotalBytes), (dataset.Latest.FileCount, dataset.Latest.TotalBytes));
        }
        for (var version = 1; version <= 5; version++) Assert.AreEqual(history[version - 1], await node.FilesAsync(dataset, version, Ct), $"version {version} later");
        await node.CountsAreRightAsync(dataset, Ct);
        TestContext.WriteLine(string.Join(Environment.NewLine, dataset.Versions.Select(v => v.Changes)));
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"{Folders[i % Folders.Length]}f{i:00}.tif");

    // Each kind of change alone is what most revisions are; the others have several.
    private static void Change(Random random, int version, Dictionary<string, string> files, Dictionary<string, string> lists, List<string> named)
    {
        var kinds = random.Next(2) == 0 ? [random.Next(6)] : Enumerable.Range(0, 6).Where(_ => random.Next(2) == 0).ToList();
        if (kinds.Contains(0))
            for (var i = 0; i < 3; i++) files[NameOf((version * 20) + i)] = $"v{version} {i}";
        if (kinds.Contains(1)) files[files.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(files.Count))] = $"v{version} changed";
        if (kinds.Contains(2))
        {
            var gone = files.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(files.Count));
            files.Remove(gone);
            foreach (var list in lists.Keys.ToList()) lists[list] = string.Concat(lists[list].Split('\n').Where(l => l.Length > 0 && !l.StartsWith(gone + "\t", StringComparison.Ordinal)).Select(l => l + "\n"));
        }
        if (kinds.Contains(3)) lists["one.tsv"] = List(random, files, 0.6);
        if (kinds.Contains(4))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"added{version}.tsv");
            lists[name] = List(random, random.Next(2) == 0 ? files : files.Where(f => f.Value.StartsWith($"v{version}", StringComparison.Ordinal)).DefaultIfEmpty(files.First()), 0.8);
            named.Insert(random.Next(named.Count + 1), name);
        }
        if (kinds.Contains(5) && named.Count > 1) named.RemoveAt(random.Next(named.Count));
        // Folders that lost their last file, and lists that lost their last row, would be refused.
        foreach (var list in named)
        {
            lists[list] = string.Concat(lists[list].Split('\n').Where(l => l.Length > 0).Where(l => !l.StartsWith("p/q\t", StringComparison.Ordinal) || files.Keys.Any(f => f.StartsWith("p/q/", StringComparison.Ordinal))).Select(l => l + "\n"));
            if (lists[list].Split('\n').Length <= 2) lists[list] += files.Keys.Order(StringComparer.Ordinal).First() + "\tonly\t\n";
        }
    }

    // Rows of files, and now and then of a folder.
    private static string List(Random random, IEnumerable<KeyValuePair<string, string>> files, double share)
    {
        var text = new StringBuilder("Files\tWell\tDye\n");
        var all = files.Select(f => f.Key).Order(StringComparer.Ordinal).ToList();
        if (random.Next(3) == 0 && all.Exists(f => f.StartsWith("p/q/", StringComparison.Ordinal))) text.Append(CultureInfo.InvariantCulture, $"p/q\tW{random.Next(3)}\t\n");
        foreach (var file in all.Where((_, i) => i == 0 || random.NextDouble() < share))
            text.Append(CultureInfo.InvariantCulture, $"{file}\tW{random.Next(4)}\t{(random.Next(2) == 0 ? "" : "GFP")}\n");
        return text.ToString();
    }

    private static Dictionary<string, string> Differing(Dictionary<string, string> before, Dictionary<string, string> after) =>
        after.Where(f => before.GetValueOrDefault(f.Key) != f.Value).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);

    private async Task<Draft> StageAsync(Node node, Draft? draft, Dictionary<string, string> files, Dictionary<string, string> lists, IEnumerable<string> named)
    {
        draft ??= await node.Desk.BeginAsync(Node.Owner, null, Ct);
        foreach (var (path, text) in files.Concat(lists)) await node.UploadAsync(draft, path, text, Ct);
        await node.DescribeAsync(draft, Ct, lists: named);
        return draft;
    }
}
