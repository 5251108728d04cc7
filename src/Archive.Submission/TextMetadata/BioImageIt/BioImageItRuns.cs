using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata.BioImageIt;

/// <summary>Reads how the data of a processed dataset were made: runs, and what came from what back to the raw data.</summary>
internal sealed class BioImageItRuns(BioImageItFolder folder, BioImageItDatasets datasets, MetadataCollector into)
{
    private const string Analysis = "Image analysis";
    private const int MaxGenerations = 32;

    /// <summary>Adds the runs of a dataset and its table of derivations; nothing when all its data are raw.</summary>
    public async Task AddAsync(string title, Node dataset, List<Node> data, CancellationToken ct)
    {
        var rows = new List<FoundRow>();
        var runs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in data)
        {
            if (node.Json["origin"] is not { Members: not null } origin || origin.Told("type")?.Text is "raw") continue;
            if (origin["run"] is { } reference && await folder.FollowAsync(node.Path, reference, ct) is { } run && runs.Add(run.Path.MatchKey))
                await AddRunAsync(runs.Count == 1 ? title : $"{title} {runs.Count}", run, ct);
            // One above what is proposed, so that the collector notes it.
            foreach (var input in origin.List("inputs").Take(into.Limits.MaxRows + 1 - rows.Count)) rows.Add(await RowAsync(node, origin, input, ct));
        }
        into.Add(new MetadataPlace(Analysis, title, "Derivation"), dataset.At(dataset.Json["urls"]!),
            new FoundTable(false, ["File", "Output", "Output label", "Input", "Input file", "Input type", "Origin file"], rows));
    }

    private async Task AddRunAsync(string title, Node run, CancellationToken ct)
    {
        datasets.Reach(run.Path);
        if (run.Json["process"] is { } process)
        {
            Add(title, run, "Process", process.Told("name"));
            Add(title, run, "Process url", process.Told("url"));
        }
        else
        {
            into.Note("metadata-section-missing", run.Path, "The run has no 'process'.");
        }
        // Only looked at, so that a run whose dataset is not where it says is known; versions of the program spell it in two ways.
        foreach (var name in new[] { "processed_dataset", "processeddataset" })
            if (run.Json[name] is { } made)
                await folder.FollowAsync(run.Path, made, ct);
        foreach (var input in run.Json.List("inputs"))
        {
            var name = input.Told("name")?.Text is { } told ? "Input " + told : "Input";
            Add(title, run, name, input.Told("dataset"));
            Add(title, run, name + " query", input.Told("query"));
            Add(title, run, name + " origin output", input.Told("origin_output_name"));
        }
        foreach (var parameter in run.Json.List("parameters"))
            if (parameter.Told("name")?.Text is { } name)
                Add(title, run, "Parameter " + name, parameter.Told("value"));
    }

    private void Add(string title, Node run, string attribute, LinedJson? value)
    {
        if (value is null) return;
        if (BioImageItDatasets.IsName(attribute)) into.Add(ProposalKind.KeyValue, new MetadataPlace(Analysis, title, attribute), run.At(value), value.Text);
        else into.Note("metadata-name", run.At(value), "The name of the value is longer than a line of 200 characters; the value is left out.");
    }

    private async Task<FoundRow> RowAsync(Node node, LinedJson origin, LinedJson input, CancellationToken ct)
    {
        var file = datasets.FileOf(node)?.Value ?? node.Json["common"]!.Told("name")?.Text ?? node.Path.Value;
        var parent = await folder.FollowAsync(node.Path, input, ct);
        var from = parent is { } known && known.Json["common"] is not null ? datasets.FileOf(known)?.Value : null;
        return new FoundRow(node.At(input),
            [file, origin["output"]?.Told("name")?.Text, origin["output"]?.Told("label")?.Text, input.Told("name")?.Text,
                from ?? input.Told("url")?.Text, input.Told("type")?.Text, parent is null ? null : await OriginAsync(node, parent, ct)]);
    }

    // Walks from parent to parent, by the first input of each, to data that came from none.
    private async Task<string?> OriginAsync(Node node, Node parent, CancellationToken ct)
    {
        var walked = new HashSet<string>(StringComparer.Ordinal) { node.Path.MatchKey };
        for (var generation = 0; generation < MaxGenerations; generation++)
        {
            if (!walked.Add(parent.Path.MatchKey))
            {
                into.Note("metadata-cycle", node.Path, $"'{parent.Path}' comes from itself: its inputs go round in a circle.");
                return null;
            }
            if (parent.Json["origin"]?.List("inputs") is not [var input, ..]) return parent.Json["common"] is null ? null : datasets.FileOf(parent)?.Value;
            if (await folder.FollowAsync(parent.Path, input, ct) is not { } next) return null;
            parent = next;
        }
        into.Note("metadata-too-deep", node.Path, $"The data have more than {MaxGenerations} generations before them; the first is not looked for.");
        return null;
    }
}
