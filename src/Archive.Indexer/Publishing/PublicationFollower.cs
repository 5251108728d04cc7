using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Publishing;

/// <summary>
/// Has this node search the generation that was published last: fetched, checked and renamed before it answers, while the old one does.
/// What is damaged is tried again after growing pauses. A node that builds publishes by it, and catches up on a publication that was cut off.
/// </summary>
internal sealed class PublicationFollower(
    PublishedIndex published, GenerationFolder folder, CurrentIndex current, ServedIndex served, IndexActivity activity, bool builds, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private (string Generation, DateTimeOffset NotBefore, TimeSpan Pause)? refused;

    /// <summary>Publishes a finished file: here first, then for the other nodes.</summary>
    /// <returns>What answers here.</returns>
    /// <exception cref="DamagedIndexException">The file is not what was written; nothing changes.</exception>
    /// <exception cref="IOException">It answers here, and the store did not take it; the next <see cref="FollowAsync"/> tries again.</exception>
    public async Task<IndexBuild> PublishAsync(string temporary, string name, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            var build = await served.TakeInAsync(folder.Publish(temporary, name), ct);
            await SendAsync(ct);
            return build;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Goes back to a generation that this node or the store has, on all nodes.</summary>
    /// <returns>False when there is none of that name.</returns>
    /// <exception cref="DamagedIndexException">It is damaged; nothing changes.</exception>
    public async Task<bool> TryGoBackAsync(string name, CancellationToken ct)
    {
        if ((await published.ListAsync(ct)).FirstOrDefault(m => m.Generation == name) is { } manifest)
        {
            if (!folder.Has(name) && await published.CheckAsync(manifest, ct) is { } damage) throw new DamagedIndexException(name, "object", damage);
            await published.GoBackAsync(manifest, ct);
            await FollowAsync(ct);
            return true;
        }
        if (!folder.List().Contains(name, StringComparer.Ordinal)) return false;
        await oneAtATime.WaitAsync(ct);
        try
        {
            var main = folder.Open(name);
            folder.SetCurrent(name);
            await served.TakeInAsync(main, ct);
            await SendAsync(ct);
            return true;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Brings this node to what was published last. What cannot be used is logged, and what answers stays.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            served.Renewed = await published.ListRenewedAsync(ct);
            var manifests = await published.ListAsync(ct);
            var answers = Answering();
            if (builds && answers is not null && manifests.All(m => string.CompareOrdinal(m.Generation, answers) < 0)) await SendAsync(ct);
            else if (manifests.Count > 0 && manifests[0].Generation != answers) await TakeInOneAsync(manifests, ct);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => oneAtATime.Dispose();

    private string? Answering()
    {
        using var lease = current.TryLease();
        return lease?.Snapshot.Stamp.Generation;
    }

    private async Task SendAsync(CancellationToken ct)
    {
        using var lease = current.Lease();
        var main = lease.Snapshot.Segments[0];
        await published.PublishAsync(folder.PathOf(main.Generation.Info.Name), main.Generation.Info, IndexSnapshot.Newest([new Segment(main.Generation, [])]), ct);
    }

    // Where nothing answers, an older one is better than none.
    private async Task TakeInOneAsync(IReadOnlyList<GenerationManifest> manifests, CancellationToken ct)
    {
        foreach (var manifest in current.IsOpen ? manifests.Take(1) : manifests)
        {
            if (refused is { } before && before.Generation == manifest.Generation && time.GetUtcNow() < before.NotBefore) continue;
            try
            {
                await TakeInAsync(manifest, ct);
                refused = null;
                return;
            }
            catch (Exception fault) when (fault is DamagedIndexException or InvalidDataException)
            {
                var pause = refused?.Generation == manifest.Generation ? TimeSpan.FromTicks(Math.Min(refused.Value.Pause.Ticks * 2, LongestPause.Ticks)) : FirstPause;
                refused = (manifest.Generation, time.GetUtcNow() + pause, pause);
                logger.LogError(fault, "Generation {Generation} of the index cannot be used as it was published; what answers stays", manifest.Generation);
            }
        }
    }

    private async Task TakeInAsync(GenerationManifest manifest, CancellationToken ct)
    {
        if (await OpenKeptAsync(manifest.Generation, ct) is { } kept)
        {
            folder.SetCurrent(manifest.Generation);
            await served.TakeInAsync(kept, ct);
            return;
        }
        await activity.RunAsync("fetch", manifest.Generation, async progress =>
        {
            progress.Expect(manifest.LengthBytes);
            var temporary = folder.TemporaryPath($"{manifest.Generation}.fetched");
            await published.FetchAsync(manifest, temporary, progress.Reach, ct);
            try
            {
                return await served.TakeInAsync(folder.Publish(temporary, manifest.Generation), ct);
            }
            finally
            {
                File.Delete(temporary);
            }
        }, build => $"{build.Generation}: {build.GenerationBytes} bytes");
    }

    private async Task<Generation?> OpenKeptAsync(string name, CancellationToken ct)
    {
        if (!folder.Has(name)) return null;
        try
        {
            var kept = folder.Open(name);
            if (await served.IsOfThisArchiveAsync(kept, ct)) return kept;
            kept.Release();
        }
        catch (DamagedIndexException fault)
        {
            logger.LogWarning(fault, "A generation of the index is damaged here and is fetched again");
        }
        folder.Delete(name);
        return null;
    }
}
