using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>
/// Puts together what is searched: a main generation, a delta of what became public, was revised or renewed since, and the mask of what
/// was withdrawn or replaced. All of it is derived from the changes since the main generation, so it is right after a restart and
/// after going back to an older generation too.
/// </summary>
internal sealed class SnapshotComposer(IndexFeed feed, IndexOptions options, GenerationFolder folder, TimeProvider time, ILogger logger)
{
    private int deltas;

    /// <summary>Composes a snapshot, and takes over one hold on the main generation.</summary>
    /// <param name="main">The main generation.</param>
    /// <param name="answering">What answers now, whose delta may have what the new one needs; null for nothing.</param>
    /// <param name="renewed">Datasets that go into the delta though they did not change.</param>
    /// <param name="beforeDelta">Called before the delta is built, where datasets are to be hidden: they must not wait for it.</param>
    public async Task<IndexSnapshot> ComposeAsync(
        Generation main, IndexSnapshot? answering, RenewedDatasets renewed, Func<IReadOnlyCollection<Accession>, Task>? beforeDelta, CancellationToken ct)
    {
        var newest = main.Info.NewestChange;
        var shown = new Dictionary<Accession, long>();
        var hidden = new HashSet<Accession>();
        await foreach (var change in feed.ListChangesAsync(main.Info.NewestChange, ct))
        {
            newest = Math.Max(newest, change.Change);
            // What changed while changes were listed was told twice; the last holds, or what was withdrawn would come back from the delta before.
            if (change.IsPublic)
            {
                shown[change.Accession] = change.Change;
                hidden.Remove(change.Accession);
            }
            else
            {
                shown.Remove(change.Accession);
                hidden.Add(change.Accession);
            }
        }
        foreach (var accession in renewed.Since(main.Info.BuiltAt))
            if (!hidden.Contains(accession) && main.Find(accession) is >= 0 and var dataset)
                shown.TryAdd(accession, main.Record(dataset).Change);
        if (hidden.Count > 0 && beforeDelta is not null) await beforeDelta(hidden);
        var delta = shown.Count == 0 ? null : await BuildDeltaAsync(shown, newest, answering, renewed, ct);
        // What changed is either in the delta or not public: in both cases the main generation's copy is out of date.
        var segments = new List<Segment> { new(main, Cut(main, shown.Keys.Concat(hidden))) };
        if (delta is not null) segments.Add(new Segment(delta, []));
        return new IndexSnapshot(segments, feed.Facets, newest);
    }

    /// <summary>The same snapshot without some datasets; null when it has none of them.</summary>
    /// <param name="maskedChange">Whatever was hidden up to this change is among them.</param>
    public static IndexSnapshot? Without(IndexSnapshot snapshot, IReadOnlyCollection<Accession> hidden, long maskedChange)
    {
        var cut = snapshot.Segments.Select(s => hidden.Select(s.FindLive).Where(d => d >= 0).ToList()).ToList();
        if (cut.TrueForAll(c => c.Count == 0)) return null;
        var segments = new List<Segment>();
        for (var i = 0; i < snapshot.Segments.Count; i++)
        {
            var segment = snapshot.Segments[i];
            if (!segment.Generation.TryHold()) throw new InvalidOperationException("A leased snapshot has lost its generation.");
            segments.Add(new Segment(segment.Generation, segment.CutDatasets().Concat(cut[i])));
        }
        return new IndexSnapshot(segments, snapshot.Facets, snapshot.Stamp.NewestChange) { MaskedChange = Math.Max(snapshot.MaskedChange, maskedChange) };
    }

    private static IEnumerable<int> Cut(Generation generation, IEnumerable<Accession> accessions) =>
        accessions.Select(generation.Find).Where(dataset => dataset >= 0);

    private async Task<Generation?> BuildDeltaAsync(
        Dictionary<Accession, long> datasets, long newest, IndexSnapshot? answering, RenewedDatasets renewed, CancellationToken ct)
    {
        var name = $"delta-{Environment.ProcessId}-{Interlocked.Increment(ref deltas)}";
        var path = folder.TemporaryPath(name);
        using var unchanged = new UnchangedDatasets(answering, folder, feed.Recipe, renewed);
        var assembly = new GenerationAssembly(feed, options, logger) { Unchanged = unchanged };
        var written = await assembly.WriteAsync(path, name, time.GetUtcNow(), newest, datasets, ct);
        // One that is left out is to be told of as long as it is missing.
        if (written.Count > 0 || assembly.LeftOut.Count > 0) return Generation.Open(path, deleteAtEnd: true);
        File.Delete(path);
        File.Delete(path + GenerationFolder.DocumentsEnding);
        return null;
    }
}
