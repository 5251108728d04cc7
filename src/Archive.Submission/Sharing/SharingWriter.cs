using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Sharing;

/// <summary>
/// Reads and changes with whom things are shared, and has follow what must: at once by the writer, and for writers that died by a sweep. A
/// draft's record is led over to its dataset's once; whoever comes by the draft's address after that reads and changes the dataset's.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="drain">What does the rest.</param>
/// <param name="log">For what had to be left to the sweep.</param>
public sealed partial class SharingWriter(ISharingStore store, EffectDrain drain, ILogger<SharingWriter> log)
{
    private const int MaxRaces = 20;

    /// <summary>The record that holds of a thing; see <see cref="SharingRecord.MovedTo"/>.</summary>
    public async Task<SharingRecord> ReadAsync(SharedThing thing, CancellationToken ct)
    {
        var record = await store.ReadAsync(thing, ct);
        return record is { MovedTo: { } dataset, Collaborators.Count: 0 } ? await store.ReadAsync(dataset, ct) : record;
    }

    /// <summary>Reads, changes and writes a record until no other write comes between.</summary>
    /// <param name="thing">What is shared.</param>
    /// <param name="change">The changed record; the same to leave it. It may be that of the draft's dataset.</param>
    /// <returns>The record as it stands now.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>, or what <paramref name="change"/> throws.</exception>
    public async Task<SharingRecord> ChangeAsync(SharedThing thing, Func<SharingRecord, SharingRecord> change, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var record = await store.ReadAsync(thing, ct);
            if (record.MovedTo is { } dataset)
            {
                await FinishMoveAsync(record, dataset, ct);
                thing = dataset;
                continue;
            }
            var changed = change(record);
            if (ReferenceEquals(changed, record)) return record;
            if (await store.TryWriteAsync(changed, ct) is not { } written) continue;
            await FollowAsync(written);
            return written;
        }
        throw new ArchiveException(Problems.Conflict, "What is shared is being changed by others all the time.");
    }

    /// <summary>
    /// Shares a dataset as its draft is shared, once: what its owner changes after that stands, whichever address he names and however often
    /// this is repeated. To be done before the dataset's first version is committed: whoever worked on the draft does not lose sight of it.
    /// </summary>
    /// <param name="draft">The draft that is published, for certain.</param>
    /// <param name="accession">The dataset that it becomes.</param>
    public async Task MoveAsync(Draft draft, Accession accession, CancellationToken ct)
    {
        var (from, to) = (SharedThing.Of(draft), SharedThing.Of(accession));
        if (from == to) return;
        // Also where it is shared with nobody: whoever shares it from now on shares the dataset.
        var record = await ChangeAsync(from, stands => stands.Thing == from ? stands with { MovedTo = to } : stands, ct);
        if (record.MovedTo is not null) await FinishMoveAsync(record, to, ct);
    }

    /// <summary>Follows up every record whose effects are still to follow, and returns their number.</summary>
    public Task<int> SweepAsync(CancellationToken ct) =>
        EffectDrain.SweepAsync<SharingRecord>((last, size) => store.ListWithEffectsAsync(last?.Thing, size, ct), record => DrainAsync(record, ct));

    private async Task FinishMoveAsync(SharingRecord draft, SharedThing dataset, CancellationToken ct)
    {
        if (draft.Collaborators.Count == 0) return;
        // Nobody writes the record of a dataset that is not published yet but by way of its draft, and comes through here first.
        await ChangeAsync(dataset, stands => stands.Revision > 0 ? stands : stands with { Collaborators = draft.Collaborators }, ct);
        // A lost race is another's that did the same.
        if (await store.TryWriteAsync(draft with { Collaborators = [] }, ct) is { } emptied) await FollowAsync(emptied);
    }

    private async Task FollowAsync(SharingRecord written)
    {
        if (!written.Effects.IsEmpty && await EffectDrain.TryFollowAsync(ct => DrainAsync(written, ct), CancellationToken.None) is { } fault)
            LogLeft(log, written.Thing.Kind, written.Thing.Id, fault);
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
