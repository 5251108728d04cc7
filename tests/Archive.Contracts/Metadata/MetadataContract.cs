using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What the suites of all metadata stores share. A subclass opens the store over an empty database.</summary>
public abstract class MetadataContract<TStore>
    where TStore : class
{
    private TStore? store;

    public required TestContext TestContext { get; init; }

    protected CancellationToken Ct => TestContext.CancellationToken;

    protected TStore Store => store!;

    [TestInitialize]
    public async Task OpenStore() => store = await OpenAsync();

    /// <summary>A store with nothing in it.</summary>
    protected abstract Task<TStore> OpenAsync();

    /// <summary>Runs so many calls at once, none started much before the others.</summary>
    protected static async Task<IReadOnlyList<T>> RaceAsync<T>(int racers, Func<int, Task<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = Enumerable.Range(0, racers).Select(async i =>
        {
            await start.Task;
            return await run(i);
        }).ToList();
        start.SetResult();
        return await Task.WhenAll(runs);
    }

    /// <summary>Records hold lists, which compare by reference: their text tells whether they are the same.</summary>
    protected static void AreSame<T>(T expected, T actual) => Assert.AreEqual(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));

    protected static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> list = [];
        await foreach (var item in items) list.Add(item);
        return list;
    }
}
