using System.Collections.Concurrent;
using System.Diagnostics;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.Indexes;

/// <summary>Clients that search one after the other without a pause, and remember what went wrong and how long each answer took.</summary>
internal sealed class SearchLoad : IAsyncDisposable
{
    private static readonly string[] Addresses =
        ["/api/search?q=images", "/api/files?q=plate&facets=Compound&facets=Well&filter.Compound=Taxol", "/api/search?facet.organism=Homo%20sapiens", "/api/files?sort=-%40size&size=20"];

    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentDictionary<string, int> generations = new(StringComparer.Ordinal);
    private readonly List<Task> clients;
    private long answers;
    private long longestTicks;

    public SearchLoad(params IEnumerable<ArchiveProcess> nodes) => clients = [.. nodes.Select(n => Task.Run(() => SearchAsync(n)))];

    /// <summary>Answers so far.</summary>
    public long Answers => Interlocked.Read(ref answers);

    /// <summary>What was not answered rightly.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>Generations that answered.</summary>
    public IEnumerable<string> Generations => generations.Keys;

    /// <summary>How long the slowest answer took since this was asked last.</summary>
    public TimeSpan TakeLongest() => Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref longestTicks, 0));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        stop.Dispose();
    }

    private async Task SearchAsync(ArchiveProcess node)
    {
        var client = new ArchiveClient(node.Http);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var page = await client.GetJsonAsync(Addresses[i % Addresses.Length], stop.Token);
                var took = Stopwatch.GetTimestamp() - began;
                for (var seen = Interlocked.Read(ref longestTicks); took > seen; seen = Interlocked.Read(ref longestTicks))
                    if (Interlocked.CompareExchange(ref longestTicks, took, seen) == seen) break;
                generations.TryAdd(page.GetProperty("index").GetProperty("generation").GetString()!, 0);
                if (page.GetProperty("total").GetInt64() == 0) failures.Enqueue($"{Addresses[i % Addresses.Length]} found nothing: {page}");
                Interlocked.Increment(ref answers);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException e)
            {
                failures.Enqueue(e.Message);
            }
        }
    }
}
