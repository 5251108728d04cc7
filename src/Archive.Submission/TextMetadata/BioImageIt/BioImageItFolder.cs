using System.Text.Json;
using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata.BioImageIt;

/// <summary>The <c>.md.json</c> files of a draft: each is read when it is first asked for, and once.</summary>
internal sealed class BioImageItFolder(IReadOnlyList<TextFile> files, int maxBytes, MetadataCollector into)
{
    // What was read stays in memory until all is: some 60 MB of it at most.
    private const int MaxValuesInAll = 500_000;

    private readonly Dictionary<string, TextFile> byKey = files.DistinctBy(f => f.Path.MatchKey, StringComparer.Ordinal).ToDictionary(f => f.Path.MatchKey, StringComparer.Ordinal);
    private readonly Dictionary<string, Node?> read = new(StringComparer.Ordinal);
    private int valuesLeft = MaxValuesInAll;

    /// <summary>Files in path order.</summary>
    public IReadOnlyList<TextFile> Files => files;

    /// <summary>The file's content; null, with a note, when it cannot be read.</summary>
    public async Task<Node?> ReadAsync(ArchivePath path, CancellationToken ct)
    {
        if (read.TryGetValue(path.MatchKey, out var known)) return known;
        var file = byKey[path.MatchKey];
        Node? node = null;
        try
        {
            if (await BytesAsync(file, ct) is { } bytes) node = new Node(file.Path, LinedJson.Parse(bytes, ref valuesLeft));
        }
        catch (JsonException e)
        {
            var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            into.Note("metadata-not-json", new SourceLine(file.Path, e.LineNumber.GetValueOrDefault() + 1),
                "The file is not the JSON that is expected: " + (end < 0 ? e.Message : e.Message[..end]));
        }
        read[path.MatchKey] = node;
        return node;
    }

    /// <summary>The file that a member <c>url</c> names, relative to the file that it stands in; null, with a note, when it is not there.</summary>
    public async Task<Node?> FollowAsync(ArchivePath from, LinedJson? reference, CancellationToken ct)
    {
        if (reference?.Told("url") is not { } url) return null;
        if (Resolve(from, url) is not { } path) return null;
        if (byKey.ContainsKey(path.MatchKey)) return await ReadAsync(path, ct);
        into.Note("metadata-target-missing", new SourceLine(from, url.Line), $"'{Short(url.Text!)}' is not among the uploaded files: '{path}' is missing.");
        return null;
    }

    /// <summary>The path that a url means, relative to the file that it stands in; null, with a note, when it is none inside the dataset.</summary>
    public ArchivePath? Resolve(ArchivePath from, LinedJson url)
    {
        var text = url.Text!.Replace('\\', '/');
        var parts = from.Value.Split('/')[..^1].ToList();
        var inside = text.Length <= 4 * ArchivePath.MaxBytes && text[0] != '/' && !text.Contains(':', StringComparison.Ordinal);
        foreach (var part in inside ? text.Split('/') : [])
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else inside = false;
        }
        if (inside && ArchivePath.TryParse(string.Join('/', parts), null, out var path)) return path;
        into.Note("metadata-target-outside", new SourceLine(from, url.Line), $"'{Short(url.Text!)}' is no place inside the dataset and is not followed.");
        return null;
    }

    /// <summary>A text as messages quote it.</summary>
    public static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private async Task<byte[]?> BytesAsync(TextFile file, CancellationToken ct)
    {
        await using var content = await file.Open(ct);
        // These files are small documents, of which the reader needs every byte at once.
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (await content.ReadAsync(buffer.AsMemory(length), ct) is > 0 and var count)
        {
            length += count;
            if (length > maxBytes)
            {
                into.Note("metadata-file-too-long", file.Path, $"The file is longer than {maxBytes} bytes and is not read.");
                return null;
            }
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(maxBytes + 1, buffer.Length * 2));
        }
        return buffer[..length];
    }
}

/// <summary>A file that was read.</summary>
internal sealed record Node(ArchivePath Path, LinedJson Json)
{
    /// <summary>A line of the file.</summary>
    public SourceLine At(LinedJson value) => new(Path, value.Line);
}
