using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>
/// Puts together what is searched: a main generation, a delta of what became public or was revised since, and the mask of what
/// was withdrawn or replaced. All of it is derived from the changes since the main generation, so it is right after a restart and
/// after going back to an older generation too.
/// </summary>
internal sealed class SnapshotComposer(IndexFeed feed, IndexOptions options, GenerationFolder folder, TimeProvider time, ILogger logger)
{
    private int deltas;

    /// <summary>Composes a snapshot, and takes over one hold on the main generation.</summary>
    /// <param name="main">The main generation.</param>
    /// <param name="beforeDelta">Called before the delta is built, where datasets are to be hidden: they must not wait for it.</param>
    public async Task<IndexSnapshot> ComposeAsync(Generation main, Action<IReadOnlyCollection<Accession>>? beforeDelta, CancellationToken ct)
    {
        var newest = main.Info.NewestChange;
        var shown = new List<Accession>();
        var hidden = new HashSet<Accession>();
        await foreach (var change in feed.ListChangesAsync(main.Info.NewestChange, ct))
        {
            newest = Math.Max(newest, change.Change);
            if (change.IsPublic) shown.Add(change.Accession);
            else hidden.Add(change.Accession);
        }
        if (hidden.Count > 0) beforeDelta?.Invoke(hidden);
        var delta = shown.Count == 0 ? null : await BuildDeltaAsync(shown, newest, ct);
        // What changed is either in the delta or not public: in both cases the main generation's copy is out of date.
        var segments = new List<Segment> { new(main, Cut(main, shown.Concat(hidden))) };
        if (delta is not null) segments.Add(new Segment(delta, []));
        return new IndexSnapshot(segments, options.Facets, newest);
    }

    /// <summary>The same snapshot without some datasets; null when it has none of them.</summary>
    public static IndexSnapshot? Without(IndexSnapshot snapshot, IReadOnlyCollection<Accession> hidden)
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
        return new IndexSnapshot(segments, snapshot.Facets, snapshot.Stamp.NewestChange);
    }

    private static IEnumerable<int> Cut(Generation generation, IEnumerable<Accession> accessions) =>
        accessions.Select(generation.Find).Where(dataset => dataset >= 0);

    private async Task<Generation?> BuildDeltaAsync(List<Accession> accessions, long newest, CancellationToken ct)
    {
        var name = $"delta-{Environment.ProcessId}-{Interlocked.Increment(ref deltas)}";
        var path = folder.TemporaryPath(name);
        var written = await new GenerationAssembly(feed, options, logger).WriteAsync(path, name, time.GetUtcNow(), newest, accessions, ct);
        if (written.Count > 0) return Generation.Open(path, deleteAtEnd: true);
        File.Delete(path);
        return null;
    }
}
