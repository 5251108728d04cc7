using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.Indexes;

/// <summary>What is not public when a generation is built is in no byte of it.</summary>
[TestClass]
[TestCategory("Index")]
public sealed class PrivacyTests : DurabilityTest
{
    private readonly Random random = new(20261120);
    private readonly List<string> hidden = [];
    private readonly List<string> shown = [];

    [TestMethod]
    public async Task Build_WhenDatasetsAreNotPublic_HasNoneOfTheirWords()
    {
        await using var nodes = await IndexNodes.StartAsync(Folder, 1, Ct);
        var depositor = await nodes.RegisterAsync(Ct);
        var curator = await nodes.RegisterAsync(Ct, asCurator: true);
        await DepositAsync(depositor, Deposit(1, shown, "2024-01-01"));
        var (draft, withdrawn, undone) = (new Depositing(depositor, Deposit(2, hidden, "2024-01-01")), Deposit(3, hidden, "2024-01-01"), Deposit(4, hidden, "2024-01-01"));
        await draft.BeginAsync(Ct);
        await draft.UploadAsync(Ct);
        var embargoed = new Depositing(depositor, Deposit(5, hidden, DateTime.UnixEpoch.AddYears(57).ToString("yyyy-MM-dd", null)));
        Assert.AreEqual("Private", (await embargoed.ContinueAsync(Ct)).GetProperty("state").GetString());
        // Once public, as the next build begins no more: the delta that had them goes with their release.
        var gone = await DepositAsync(depositor, withdrawn);
        var taken = await DepositAsync(depositor, undone);
        foreach (var node in nodes.Readers.Append(nodes.Builder)) await Poll.Until(async () => await IndexNodes.FindAsync(node, "images", Ct) == 3, "three are public", Ct, TimeSpan.FromSeconds(30));
        using (var withdrawal = JsonContent.Create(new { reason = "Its owner asked for it." }))
        using (var answer = await curator.SendAsync(HttpMethod.Post, $"/api/datasets/{gone.Accession}/withdrawal", withdrawal, Ct)) Assert.IsTrue(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        using (var later = JsonContent.Create(new { releaseDate = DateTime.UnixEpoch.AddYears(57).ToString("yyyy-MM-dd", null) }))
        using (var answer = await curator.SendAsync(HttpMethod.Patch, $"/api/datasets/{taken.Accession}", later, Ct)) Assert.IsTrue(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        foreach (var node in nodes.Readers.Append(nodes.Builder)) await Poll.Until(async () => await IndexNodes.FindAsync(node, "images", Ct) == 1, "one is public", Ct, TimeSpan.FromSeconds(30));
        await Poll.Until(() => Hidden(nodes).Count == 0, $"deltas are without them: {string.Join('\n', Hidden(nodes).Take(5))}", Ct, TimeSpan.FromSeconds(30));

        var generation = await nodes.BuildAsync(Ct);
        await IndexNodes.AnswersFromAsync(generation, Ct, nodes.Readers);

        var found = Hidden(nodes);
        Assert.IsEmpty(found, string.Join('\n', found.Take(20)));
        // The same look finds what is public, word for word, in the builder's file, the store's and the reader's.
        foreach (var folder in new[] { IndexNodes.FolderOf(nodes.Builder), IndexNodes.FolderOf(nodes.Readers[0]), nodes.Published })
            Assert.AreEqual(shown.Count, shown.Count(word => Holding(folder, word).Any(f => f.Contains(generation, StringComparison.Ordinal))), folder);
        Assert.HasCount(16, hidden);
    }

    private List<string> Hidden(IndexNodes nodes) =>
        [.. new[] { IndexNodes.FolderOf(nodes.Builder), IndexNodes.FolderOf(nodes.Readers[0]), nodes.Published }.SelectMany(folder => hidden.SelectMany(word => Holding(folder, word).Select(f => $"{word} in {f}")))];

    // Dictionaries leave out how a word begins when the one before it begins so too: its end is looked for.
    private static IEnumerable<string> Holding(string folder, string word)
    {
        var end = Encoding.ASCII.GetBytes(word[4..]);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] bytes;
            try
            {
                bytes = Bytes(file);
            }
            catch (FileNotFoundException)
            {
                continue; // a delta that was replaced meanwhile
            }
            if (bytes.AsSpan().IndexOf(end) >= 0) yield return file;
        }
    }

    private static byte[] Bytes(string file)
    {
        using var content = File.OpenRead(file);
        using var plain = new MemoryStream();
        if (!file.EndsWith(".documents", StringComparison.Ordinal)) content.CopyTo(plain);
        else using (var unpacked = new DeflateStream(content, CompressionMode.Decompress)) unpacked.CopyTo(plain);
        return plain.ToArray();
    }

    // A word of its own in the title, in a path, in an attribute's value and in its name.
    private SampleDeposit Deposit(int seed, List<string> words, string date)
    {
        var (title, path, value, name) = (Word(), Word(), Word(), Word());
        words.AddRange([title, path, value, name]);
        var sample = SampleDeposit.Generate(seed, 2, 50, title);
        var file = sample.Files[0] with { Path = $"plate/{path}.tif" };
        return new(sample.PageTabJson.Replace("2024-01-01", date, StringComparison.Ordinal), [file], [SampleFile.OfText("file_list.tsv", $"Files\t{name}\n{file.Path}\t{value}\n")]);

        // Letters only, so that it is one word and stays whole.
        string Word() => string.Concat(Enumerable.Range(0, 16).Select(i => "bcdfghjklmnpqrtvwxz"[random.Next(19)]));
    }
}
