using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.Indexes;

/// <summary>One process builds the index, two serve it: three real processes on one database and one object store.</summary>
[TestClass]
[TestCategory("Index")]
public sealed class ManyReadersTests : DurabilityTest
{
    [TestMethod]
    public async Task Publish_WhenTwoReadersAreSearched_IsTakenInWithoutAFailedRequest()
    {
        await using var nodes = await IndexNodes.StartAsync(Folder, 2, Ct);
        var client = await nodes.RegisterAsync(Ct);
        for (var i = 0; i < 4; i++) await DepositAsync(client, SampleDeposit.Generate(i, 12, 500));
        await IndexNodes.AnswersFromAsync(await nodes.BuildAsync(Ct), Ct, nodes.Readers);
        // A release is found on nodes that did not take it in, within seconds and without a build.
        var last = await DepositAsync(client, SampleDeposit.Generate(4, 12, 500, "lighthouse"));
        foreach (var reader in nodes.Readers) await Poll.Until(async () => await IndexNodes.FindAsync(reader, "lighthouse", Ct) == 1, "it is found", Ct, TimeSpan.FromSeconds(5));

        await using var load = new SearchLoad(nodes.Readers);
        await Poll.Until(() => load.Answers > 20, "searches are answered", Ct, TimeSpan.FromSeconds(30));
        for (var i = 0; i < 5; i++) await IndexNodes.AnswersFromAsync(await nodes.BuildAsync(Ct), Ct, nodes.Readers);
        var before = load.Answers;
        await Poll.Until(() => load.Answers > before + 20, "searches go on", Ct, TimeSpan.FromSeconds(30));

        Assert.IsEmpty(load.Failures, string.Join('\n', load.Failures.Take(5)));
        Assert.IsGreaterThanOrEqualTo(5, load.Generations.Count());
        var state = await IndexNodes.StateAsync(nodes.Readers[0], Ct);
        Assert.AreEqual(last.Accession, state.GetProperty("stamp").GetProperty("newestAccession").GetString());
        Assert.AreEqual(3, state.GetProperty("published").GetArrayLength());
        await Poll.Until(async () => (await IndexNodes.StateAsync(nodes.Readers[0], Ct)).GetProperty("nodes").EnumerateArray()
            .Select(n => n.GetProperty("generation").GetString()).ToList() is { Count: 3 } told && told.Distinct().Count() == 1, "a reader tells that all three answer from one generation", Ct);
        await GoBackAsync(nodes, state);
        Say($"{load.Answers} answers of {load.Generations.Count()} generations, the slowest after {load.TakeLongest().TotalMilliseconds:0} ms");
    }

    [TestMethod]
    public async Task Fetch_WhenTheStoredBytesAreDamagedOrTheReaderIsKilled_LeavesTheOldGenerationServing()
    {
        await using var nodes = await IndexNodes.StartAsync(Folder, 2, Ct);
        var client = await nodes.RegisterAsync(Ct);
        await DepositAsync(client, SampleDeposit.Generate(1, 12, 500));
        var first = await nodes.BuildAsync(Ct);
        await IndexNodes.AnswersFromAsync(first, Ct, nodes.Readers);

        // The readers stand still while a byte flips in what they are to fetch.
        foreach (var reader in nodes.Readers) reader.Pause();
        var second = await nodes.BuildAsync(Ct);
        var stored = Path.Combine(nodes.Published, "generations", second);
        var sound = await File.ReadAllBytesAsync(stored, Ct);
        var damaged = (byte[])sound.Clone();
        damaged[damaged.Length / 2] ^= 1;
        await IndexNodes.ReplaceAsync(stored, damaged, Ct);
        foreach (var reader in nodes.Readers) reader.Continue();
        foreach (var reader in nodes.Readers)
        {
            await Poll.Until(() => reader.Output.Contains($"Generation {second} of the index cannot be used", StringComparison.Ordinal), "it is refused", Ct, TimeSpan.FromMinutes(1));
            Assert.AreEqual(first, await IndexNodes.GenerationAsync(reader, Ct));
            Assert.AreEqual(1, await IndexNodes.FindAsync(reader, "images", Ct));
        }
        await IndexNodes.ReplaceAsync(stored, sound, Ct);
        await IndexNodes.AnswersFromAsync(second, Ct, nodes.Readers);

        await KillInFetchAsync(nodes, nodes.Readers[0], second);
    }

    private async Task KillInFetchAsync(IndexNodes nodes, ArchiveProcess reader, string before)
    {
        string third;
        await using (await SystemCallTrace.AttachAsync(reader.ProcessId, ["-e", "trace=openat", "-e", "inject=openat:delay_exit=300000"], call =>
        {
            // The thread that opened the file is held back: nothing was written to it yet, or a part.
            if (call.Arguments.Contains(".fetched.tmp", StringComparison.Ordinal)) reader.KillAsync().Forget();
        }, Ct))
        {
            third = await nodes.BuildAsync(Ct);
            await Poll.Until(() => !reader.IsRunning, "the reader was killed as it fetched", Ct, TimeSpan.FromMinutes(1));
        }
        var folder = IndexNodes.FolderOf(reader);
        Assert.HasCount(1, Directory.GetFiles(folder, $"{third}.fetched.tmp"), "It was not killed in the middle of a fetch.");
        Assert.AreEqual(before, await File.ReadAllTextAsync(Path.Combine(folder, "current"), Ct));
        // The store is away as it comes back: what it has answers.
        var published = Path.Combine(nodes.Published, "generations");
        Directory.Move(published, published + "-away");
        await reader.StartAsync(Ct);
        await IndexNodes.AnswersFromAsync(before, Ct, reader);
        Assert.IsEmpty(Directory.GetFiles(folder, "*.fetched.tmp"));
        Directory.Move(published + "-away", published);
        await IndexNodes.AnswersFromAsync(third, Ct, reader);
    }

    // Asked of one reader, done on all; what was released since the older generation is found all the same.
    private async Task GoBackAsync(IndexNodes nodes, System.Text.Json.JsonElement state)
    {
        var older = state.GetProperty("published")[2].GetProperty("generation").GetString()!;
        using var body = new StringContent($$"""{"generation":"{{older}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await nodes.Readers[1].Http.PostAsync(new Uri("/api/index/rollback", UriKind.Relative), body, Ct);
        Assert.AreEqual(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        Assert.AreEqual(older, await IndexNodes.GenerationAsync(nodes.Readers[1], Ct));
        await IndexNodes.AnswersFromAsync(older, Ct, [nodes.Readers[0], nodes.Builder]);
        Assert.AreEqual(5, await IndexNodes.FindAsync(nodes.Readers[0], "images", Ct));
        await IndexNodes.AnswersFromAsync(await nodes.BuildAsync(Ct), Ct, nodes.Readers);
    }
}

/// <summary>Work whose end nobody waits for here.</summary>
internal static class Forgotten
{
    /// <summary>Lets it run.</summary>
    public static void Forget(this Task task) => _ = task;
}
