using System.Diagnostics.Metrics;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Generations;

namespace Archive.Api.Indexing;

/// <summary>What operators watch of the index. Read when somebody asks; nothing is counted on the way of a search.</summary>
internal sealed class IndexMeters : IDisposable
{
    private readonly Meter meter = new("Archive.Index");
    private readonly ISearchIndex index;
    private readonly IndexBuilder builder;

    public IndexMeters(ISearchIndex index, CurrentIndex current, IndexBuilder builder, TimeProvider time)
    {
        this.index = index;
        this.builder = builder;
        Gauge("archive.index.age", "s", "Age of the generation that answers", now => (time.GetUtcNow() - now.Stamp.BuiltAt).TotalSeconds);
        Gauge("archive.index.datasets", null, "Datasets that can be found", now => now.Datasets);
        Gauge("archive.index.files", null, "Files that are searched", now => now.Files);
        Gauge("archive.index.generation", "By", "Size of the main generation", now => now.GenerationBytes);
        Gauge("archive.index.delta", "By", "Size of what was added since it was built", now => now.DeltaBytes);
        Gauge("archive.index.delta.datasets", null, "Datasets that were added since it was built", now => now.DeltaDatasets);
        Gauge("archive.index.left.out.datasets", null, "Public datasets that are missing since they could not be read", now => now.LeftOut.Count);
        Gauge("archive.index.masked.datasets", null, "Datasets that the mask cuts out", now => now.CutDatasets);
        meter.CreateObservableCounter("archive.index.swaps", () => current.Swaps, null, "How often what is searched was replaced");
        meter.CreateObservableGauge("archive.index.pinned.generations", () => current.PinnedGenerations, null, "Older generations that searches keep mapped");
        meter.CreateObservableGauge("archive.index.work.seconds", () => Ended(w => w.Seconds), null, "How long the last work of each kind took on this node");
        meter.CreateObservableGauge("archive.index.work.succeeded", () => Ended(w => w.Succeeded ? 1 : 0), null, "Whether the last work of each kind succeeded on this node");
        meter.CreateObservableGauge("archive.index.work.done", () => Running(w => w.Done), null, "How far the work under way is");
        meter.CreateObservableGauge("archive.index.work.total", () => Running(w => w.Total), null, "Of how many");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private void Gauge(string name, string? unit, string meaning, Func<IndexDescription, double> read) =>
        meter.CreateObservableGauge(name, () => index.Describe() is { } now ? [new Measurement<double>(read(now))] : Array.Empty<Measurement<double>>(), unit, meaning);

    private IEnumerable<Measurement<double>> Ended(Func<IndexWorkDone, double> read) =>
        builder.Activity.Last.Select(w => new Measurement<double>(read(w), KeyValuePair.Create("kind", (object?)w.Kind)));

    private IEnumerable<Measurement<double>> Running(Func<IndexWork, double> read) =>
        builder.Activity.Running.Select(w => new Measurement<double>(read(w), KeyValuePair.Create("kind", (object?)w.Kind)));
}
