using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Publishing;

namespace Archive.Indexer.Building;

/// <summary>What was found of one generation.</summary>
/// <param name="Generation">Its name.</param>
/// <param name="Place">node: the file on this node; delta: what was added to it since; store: what other nodes fetch.</param>
/// <param name="Sections">Sections that were checked; 0 for the store, whose copy is checked as a whole.</param>
/// <param name="Damages">What is wrong, a section each; empty when it is sound.</param>
public sealed record GenerationCheck(string Generation, string Place, int Sections, IReadOnlyList<string> Damages);

/// <summary>Checks all generations within reach of a node.</summary>
internal sealed class IndexVerification(GenerationFolder folder, CurrentIndex current, PublishedIndex? published)
{
    /// <summary>Checks them; progress is told in sections and published copies.</summary>
    public async Task<IReadOnlyList<GenerationCheck>> RunAsync(IndexActivity.Progress progress, CancellationToken ct)
    {
        using var lease = current.TryLease();
        var files = folder.List().Select(name => (Name: name, Place: "node", Path: folder.PathOf(name))).ToList();
        if (lease?.Snapshot.Segments is [_, var delta]) files.Add((delta.Generation.Info.Name, "delta", delta.Generation.Path));
        var manifests = published is null ? [] : await published.ListAsync(ct);
        var sections = lease?.Snapshot.Segments[0].Generation.Parts.Count ?? 0;
        progress.Expect((files.Count * (long)sections) + manifests.Count);
        var found = new List<GenerationCheck>();
        foreach (var (name, place, path) in files) found.Add(Check(name, place, path, progress, ct));
        foreach (var manifest in manifests)
        {
            found.Add(new(manifest.Generation, "store", 0, await published!.CheckAsync(manifest, ct) is { } damage ? [damage] : []));
            progress.Step();
        }
        return found;
    }

    /// <summary>The outcome in one sentence.</summary>
    public static string Tell(IReadOnlyList<GenerationCheck> checks)
    {
        var damaged = checks.Where(c => c.Damages.Count > 0).Select(c => $"{c.Generation} ({c.Place}): {string.Join("; ", c.Damages)}").ToList();
        return damaged.Count == 0 ? $"{checks.Count} generations are sound." : $"{damaged.Count} of {checks.Count} generations are damaged: {string.Join(" | ", damaged)}";
    }

    private static GenerationCheck Check(string name, string place, string path, IndexActivity.Progress progress, CancellationToken ct)
    {
        var damages = new List<string>();
        var sections = 0;
        try
        {
            sections = IndexFile.Check(path, (section, isSound) =>
            {
                ct.ThrowIfCancellationRequested();
                if (!isSound) damages.Add($"section {section} has another checksum");
                progress.Step();
            });
            // What the checksums cannot tell: whether the parts fit each other.
            if (damages.Count == 0) Generation.Open(path, deleteAtEnd: false).Release();
        }
        catch (DamagedIndexException e)
        {
            damages.Add(e.Message);
        }
        catch (FileNotFoundException)
        {
            damages.Add("it was removed meanwhile");
        }
        return new(name, place, sections, damages);
    }
}
