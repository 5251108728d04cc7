using System.Buffers;
using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Reads the block of <c>*log.txt</c> from <c>Experiment details:</c> to the first time point: tags with their values behind them or
/// on the lines up to the next tag. Everything after it is the protocol of the run, which is not read.
/// </summary>
internal sealed class YeastLogParser : ITextMetadataParser
{
    /// <inheritdoc/>
    public string Name => "yeast-log";

    /// <inheritdoc/>
    public long MaxBytes => YeastFiles.MaxBytes;

    /// <inheritdoc/>
    public bool ReadsTogether => false;

    /// <inheritdoc/>
    public bool Knows(ArchivePath path) => YeastFiles.EndsIn(path, "log");

    /// <inheritdoc/>
    public async Task ReadAsync(IReadOnlyList<TextFile> files, MetadataCollector into, CancellationToken ct)
    {
        foreach (var file in files)
        {
            await using var content = await file.Open(ct);
            var lines = new TextLines(content, MaxBytes, into.Limits.MaxLineBytes);
            var begun = false;
            while (!begun && await lines.NextAsync(ct) is { } line) begun = line.StartsWith("Experiment details:", StringComparison.OrdinalIgnoreCase);
            if (!begun)
            {
                YeastFiles.NoteBounds(lines, file.Path, into);
                into.Note("metadata-section-missing", file.Path, "The file has no line 'Experiment details:'; nothing is read from it.");
                continue;
            }
            var details = new YeastExperiment(file.Path, into);
            var ended = false;
            while (!ended && await lines.NextAsync(ct) is { } line)
            {
                ended = line.StartsWith("------Time point_1------", StringComparison.OrdinalIgnoreCase);
                if (!ended) details.Take(line, lines.Number);
            }
            details.End();
            YeastFiles.NoteBounds(lines, file.Path, into);
            if (!ended && lines.IsCut) into.Note("metadata-file-too-long", file.Path, $"Only the first {MaxBytes} bytes were read; the first time point is not among them.");
        }
    }
}

/// <summary>The experiment's details on their way through the parser.</summary>
internal sealed class YeastExperiment(ArchivePath file, MetadataCollector into)
{
    private const string Setup = "Microscope setup for used channels";

    private static readonly string[] Tags =
        ["Aim", "Authors", "Strain", "Comments", Setup, "Micromanager config file", "Omero project", "Omero tags", "Experiment started at"];

    private static readonly string[] Channels = ["Brightfield", "DIC", "GFPFast", "GFP", "cy5"];

    private static readonly SearchValues<char> NeverInName = SearchValues.Create("[]\"(),;>");

    private readonly string title = YeastFiles.TitleOf(file, "log");
    private readonly List<(string Text, SourceLine At)> values = [];
    private string? tag;
    private string? channel;

    /// <summary>Takes the next line.</summary>
    public void Take(string line, long number)
    {
        if (line.Length == 0 || line.StartsWith("PFS is locked", StringComparison.OrdinalIgnoreCase)) return;
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && Begins(line, colon))
        {
            var name = line[..colon].Trim();
            End();
            tag = Tags.FirstOrDefault(t => t.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? Setup;
            channel = tag != Setup || name.Equals(Setup, StringComparison.OrdinalIgnoreCase) ? null : name;
            line = line[(colon + 1)..].Trim();
        }
        if (line.Length == 0) return;
        // The lines of one value count as one; of any text there are no more than the file has lines.
        if (tag is null) into.Note("metadata-line-unknown", new SourceLine(file, number), "The line stands under no tag and is passed over.");
        else values.Add((line, new SourceLine(file, number)));
    }

    /// <summary>Ends the tag that is open.</summary>
    public void End()
    {
        if (values.Count > 0) Add(values);
        values.Clear();
    }

    // Inside the setup any bare name begins a channel, whatever it is called; a line of the setup itself begins with an arrow or a quote.
    private bool Begins(string line, int colon)
    {
        var name = line.AsSpan(0, colon).Trim();
        foreach (var known in Tags)
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        var isBare = colon == line.Length - 1;
        foreach (var known in Channels)
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return isBare || tag == Setup;
        return tag == Setup && isBare && name.Length is > 0 and <= 60 && char.IsLetterOrDigit(name[0]) && name.IndexOfAny(NeverInName) < 0;
    }

    private void Add(List<(string Text, SourceLine At)> found)
    {
        switch (tag)
        {
            case "Aim":
                into.Add(ProposalKind.Description, MetadataPlace.Root("Description", "Experiment aim"), found[0].At, Joined(found));
                break;
            case "Authors":
                foreach (var (name, at) in found) into.Add(ProposalKind.KeyValue, new MetadataPlace(MetadataPlace.Author, name, "Name"), at, name);
                break;
            case "Strain":
                foreach (var (strain, at) in found) into.Add(ProposalKind.KeyValue, new MetadataPlace("Biosample", title, "Strain"), at, strain);
                break;
            case "Omero tags":
                foreach (var (text, at) in found)
                    foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        into.Add(ProposalKind.Tag, MetadataPlace.Root("Keywords"), at, word);
                break;
            case "Omero project":
                into.Add(ProposalKind.KeyValue, MetadataPlace.Root("Project"), found[0].At, Joined(found));
                break;
            case "Comments":
                into.Add(ProposalKind.KeyValue, MetadataPlace.Root("Comments"), found[0].At, Joined(found));
                break;
            case Setup:
                into.Add(ProposalKind.KeyValue, Acquisition(channel is null ? "Microscope setup" : "Microscope setup " + channel), found[0].At, Joined(found));
                break;
            default:
                into.Add(ProposalKind.KeyValue, Acquisition(tag!), found[0].At, Joined(found));
                break;
        }
    }

    private MetadataPlace Acquisition(string attribute) => new(YeastFiles.AcquisitionSection, title, attribute);

    private static string Joined(IEnumerable<(string Text, SourceLine At)> found) => string.Join('\n', found.Select(v => v.Text));
}
