using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata.BioImageIt;

/// <summary>
/// Reads the <c>.md.json</c> files that BioImageIT keeps beside its data. An experiment names its raw and processed datasets, a
/// dataset its data, processed data the run that made them and their inputs; every url is relative to the file that it stands in.
/// Each dataset becomes a study component with its key values and a table of its files, each run an image analysis with its process,
/// parameters, inputs and a table of what came from what.
/// </summary>
internal sealed class BioImageItParser : ITextMetadataParser
{
    private const int MaxFileBytes = 2 << 20;

    /// <inheritdoc/>
    public string Name => "bioimageit";

    /// <inheritdoc/>
    public long MaxBytes => MaxFileBytes;

    /// <inheritdoc/>
    public bool ReadsTogether => true;

    /// <inheritdoc/>
    public bool Knows(ArchivePath path) => path.Value.EndsWith(".md.json", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public async Task ReadAsync(IReadOnlyList<TextFile> files, MetadataCollector into, CancellationToken ct)
    {
        var folder = new BioImageItFolder(files, MaxFileBytes, into);
        var datasets = new BioImageItDatasets(folder, into);
        foreach (var file in files.Where(f => f.Path.FileName.Equals("experiment.md.json", StringComparison.OrdinalIgnoreCase)))
            if (await folder.ReadAsync(file.Path, ct) is { } experiment)
                await ReadExperimentAsync(experiment, folder, datasets, into, ct);
        // A folder that was deposited without its experiment still has its datasets.
        foreach (var file in files.Where(f => !datasets.IsReached(f.Path)))
            if (await folder.ReadAsync(file.Path, ct) is { } node && node.Json["urls"]?.Items is not null)
                await datasets.ReadAsync(node, [], ct);
        foreach (var file in files.Where(f => !datasets.IsReached(f.Path)))
            if (await folder.ReadAsync(file.Path, ct) is { } node && node.Json["common"] is not null)
                into.Note("metadata-not-reached", file.Path, "No dataset names this file; it is passed over.");
    }

    private static async Task ReadExperimentAsync(
        Node experiment, BioImageItFolder folder, BioImageItDatasets datasets, MetadataCollector into, CancellationToken ct)
    {
        datasets.Reach(experiment.Path);
        if (experiment.Json["information"] is not { Members: not null } information)
        {
            into.Note("metadata-section-missing", experiment.Path, "The experiment has no 'information'.");
        }
        else
        {
            if (information.Told("name") is { } name)
                into.Add(ProposalKind.KeyValue, MetadataPlace.Root("Title", "Experiment"), experiment.At(name), name.Text);
            if (information.Told("author") is { } author)
                into.Add(ProposalKind.KeyValue, new MetadataPlace(MetadataPlace.Author, author.Text, "Name"), experiment.At(author), author.Text);
            if (information.Told("date") is { } date)
                into.Add(ProposalKind.KeyValue, MetadataPlace.Root("Experiment date"), experiment.At(date), date.Text);
        }
        var keys = experiment.Json.List("keys").Where(k => k.Text is not null && BioImageItDatasets.IsName(k.Text)).Select(k => k.Text!).Distinct(StringComparer.Ordinal).Take(into.Limits.MaxColumns).ToList();
        IEnumerable<LinedJson> named = experiment.Json["raw_dataset"] is { } raw ? [raw, .. experiment.Json.List("processed_datasets")] : experiment.Json.List("processed_datasets");
        foreach (var reference in named)
            if (await folder.FollowAsync(experiment.Path, reference, ct) is { } dataset)
                await datasets.ReadAsync(dataset, keys, ct);
    }
}
