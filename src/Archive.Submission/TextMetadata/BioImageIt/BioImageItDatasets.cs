using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata.BioImageIt;

/// <summary>Reads datasets and the data that they name.</summary>
internal sealed class BioImageItDatasets(BioImageItFolder folder, MetadataCollector into)
{
    private const int MaxValuesOfKey = 50;
    private const int MaxNameChars = 200;

    private readonly HashSet<string> reached = new(StringComparer.Ordinal);
    private readonly HashSet<string> titles = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the file was named, or read as what others are named by.</summary>
    public bool IsReached(ArchivePath path) => reached.Contains(path.MatchKey);

    /// <summary>Marks a file as read; false when it was before.</summary>
    public bool Reach(ArchivePath path) => reached.Add(path.MatchKey);

    /// <summary>Reads a dataset: its component, and how it was made.</summary>
    /// <param name="keys">Names of the key values in the experiment's order; others follow them.</param>
    public async Task ReadAsync(Node dataset, IReadOnlyList<string> keys, CancellationToken ct)
    {
        if (!Reach(dataset.Path))
        {
            into.Note("metadata-cycle", dataset.Path, "The dataset is named again, or names itself; it is read once.");
            return;
        }
        if (dataset.Json["urls"]?.Items is null)
        {
            into.Note("metadata-kind", dataset.Path, "The file is named as a dataset but has no list 'urls'.");
            return;
        }
        var name = dataset.Json.Told("name");
        var title = TitleOf(name?.Text, dataset.Path);
        if (name is not null) into.Add(ProposalKind.KeyValue, new MetadataPlace(MetadataPlace.Component, title, "Name"), dataset.At(name), title);
        var data = await DataOfAsync(dataset, ct);
        AddKeyValues(title, data);
        AddFiles(title, dataset, data, keys);
        await new BioImageItRuns(folder, this, into).AddAsync(title, dataset, data, ct);
    }

    private async Task<List<Node>> DataOfAsync(Node dataset, CancellationToken ct)
    {
        var found = new List<Node>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var reference in dataset.Json.List("urls"))
        {
            if (await folder.FollowAsync(dataset.Path, reference, ct) is not { } node) continue;
            if (!named.Add(node.Path.MatchKey)) into.Note("metadata-named-twice", dataset.At(reference), $"The dataset names '{node.Path}' a second time.");
            else if (node.Json["common"] is null) into.Note("metadata-kind", dataset.At(reference), $"'{node.Path}' is named as data but has no 'common'.");
            else if (Reach(node.Path)) found.Add(node);
            else into.Note("metadata-cycle", dataset.At(reference), $"'{node.Path}' belongs to another dataset too; it is read there.");
        }
        return found;
    }

    // What the values of a key are over all data, each once with the line on which it first stands.
    private void AddKeyValues(string title, List<Node> data)
    {
        var found = data.SelectMany(n => Pairs(n).Select(p => (p.Key, Value: p.Value.Text!, At: n.At(p.Value)))).GroupBy(p => p.Key, StringComparer.Ordinal);
        foreach (var key in found)
        {
            var distinct = key.DistinctBy(p => p.Value, StringComparer.Ordinal).ToList();
            foreach (var (_, value, at) in distinct.Take(MaxValuesOfKey))
                into.Add(ProposalKind.KeyValue, new MetadataPlace(MetadataPlace.Component, title, key.Key), at, value);
            if (distinct.Count > MaxValuesOfKey)
                into.Note("metadata-values-too-many", distinct[MaxValuesOfKey].At, $"The key '{BioImageItFolder.Short(key.Key)}' has {distinct.Count} values; {MaxValuesOfKey} are proposed for the component, and all for the files.");
        }
    }

    private void AddFiles(string title, Node dataset, List<Node> data, IReadOnlyList<string> keys)
    {
        var all = keys.Concat(data.SelectMany(n => Pairs(n).Select(p => p.Key))).Distinct(StringComparer.Ordinal).ToList();
        var columns = all.Where(k => data.Any(n => n.Json["key_value_pairs"]?.Told(k) is not null)).Take(into.Limits.MaxColumns - 3).ToList();
        var rows = new List<FoundRow>();
        foreach (var node in data)
        {
            var common = node.Json["common"]!;
            if (FileOf(node) is not { } file) continue;
            rows.Add(new FoundRow(node.At(common),
                [common.Told("name")?.Text ?? file.FileName, common.Told("author")?.Text, common.Told("date")?.Text,
                    .. columns.Select(c => node.Json["key_value_pairs"]?.Told(c)?.Text)], file));
        }
        into.Add(new MetadataPlace(MetadataPlace.Component, title, "Files"), dataset.At(dataset.Json["urls"]!),
            new FoundTable(true, ["Name", "Author", "Date", .. columns], rows));
    }

    /// <summary>The path of the file that data describes; null, with a note, when it names none.</summary>
    public ArchivePath? FileOf(Node data)
    {
        if (data.Json["common"]?.Told("url") is { } url) return folder.Resolve(data.Path, url);
        into.Note("metadata-target-missing", data.Path, "The data name no file: 'common.url' is missing.");
        return null;
    }

    private static IEnumerable<(string Key, LinedJson Value)> Pairs(Node data) =>
        (data.Json["key_value_pairs"]?.Members ?? []).Where(p => p.Value.Text is { Length: > 0 } && IsName(p.Key)).Select(p => (p.Key, p.Value));

    /// <summary>Whether a key may be the name of an attribute: one line of at most 200 characters.</summary>
    public static bool IsName(string key) => key.Length is > 0 and <= MaxNameChars && CleanText.OfLine(key) == key;

    // Datasets of several experiments may have one name: the file then tells them apart.
    private string TitleOf(string? name, ArchivePath path)
    {
        var title = name is not null && IsName(name) ? name : path.Value;
        return titles.Add(title) ? title : $"{title} ({path})";
    }
}
