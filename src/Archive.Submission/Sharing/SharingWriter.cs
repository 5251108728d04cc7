using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Sharing;

/// <summary>Changes with whom things are shared, and has follow what must: at once by the writer, and for writers that died by a sweep.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="drain">What does the rest.</param>
/// <param name="log">For what had to be left to the sweep.</param>
public sealed partial class SharingWriter(ISharingStore store, EffectDrain drain, ILogger<SharingWriter> log)
{
    private const int Batch = 100;
    private const int MaxRaces = 20;

    // The write has happened: a caller that hangs up must not keep its effects from following, nor may they hold it up for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads, changes and writes a record until no other write comes between.</summary>
    /// <param name="thing">What is shared.</param>
    /// <param name="change">The changed record; the same to leave it.</param>
    /// <returns>The record as it stands now.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>, or what <paramref name="change"/> throws.</exception>
    public async Task<SharingRecord> ChangeAsync(SharedThing thing, Func<SharingRecord, SharingRecord> change, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var record = await store.ReadAsync(thing, ct);
            var changed = change(record);
            if (ReferenceEquals(changed, record)) return record;
            if (await store.TryWriteAsync(changed, ct) is not { } written) continue;
            await FollowAsync(written);
            return written;
        }
        throw new ArchiveException(Problems.Conflict, "What is shared is being changed by others all the time.");
    }

    /// <summary>
    /// Shares a dataset as its draft is shared. To be done before the dataset's first version is committed: whoever worked on the draft
    /// does not lose sight of it for a moment. A repetition changes nothing.
    /// </summary>
    /// <param name="draft">The draft that is published.</param>
    /// <param name="accession">The dataset that it becomes.</param>
    public async Task CarryAsync(Draft draft, Accession accession, CancellationToken ct)
    {
        var (from, to) = (SharedThing.Of(draft), SharedThing.Of(accession));
        if (from == to || await store.ReadAsync(from, ct) is not { Collaborators: { Count: > 0 } shared }) return;
        await ChangeAsync(to, record =>
        {
            var missing = shared.Where(s => !record.Collaborators.Any(c => c.Id == s.Id)).ToList();
            return missing.Count == 0 ? record : record with { Collaborators = [.. record.Collaborators, .. missing] };
        }, ct);
    }

    /// <summary>Follows up every record whose effects are still to follow, and returns their number.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var (count, after) = (0, default(SharedThing?));
        while (await store.ListWithEffectsAsync(after, Batch, ct) is { Count: > 0 } batch)
        {
            foreach (var record in batch) await DrainAsync(record, ct);
            (count, after) = (count + batch.Count, batch[^1].Thing);
        }
        return count;
    }

    private async Task FollowAsync(SharingRecord written)
    {
        if (written.Effects.IsEmpty) return;
        using var limited = new CancellationTokenSource(Patience);
        try
        {
            await DrainAsync(written, limited.Token);
        }
        catch (Exception fault) when (fault is ArchiveException or OperationCanceledException)
        {
            LogLeft(log, written.Thing.Kind, written.Thing.Id, fault);
        }
    }

    // A record that was written meanwhile still has them; whoever wrote it follows them up once more, which changes nothing.
    private async Task DrainAsync(SharingRecord record, CancellationToken ct)
    {
        await drain.ApplyAsync(record.Effects, ct);
        await store.TryClearEffectsAsync(record, ct);
    }

    [LoggerMessage(LogLevel.Warning, "What must follow a change of who reads the {Kind} {Id} waits for the next sweep")]
    private static partial void LogLeft(ILogger log, string kind, string id, Exception fault);
}
