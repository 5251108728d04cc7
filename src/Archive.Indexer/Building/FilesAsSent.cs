using System.Runtime.CompilerServices;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Storage.Metadata;

namespace Archive.Indexer.Building;

/// <summary>
/// The files of a version in the order of their paths as sent, by code point. Stores list them by match key, which is another order where a path
/// is not in form C, as those from macOS are not: an é of two characters comes before f as it was sent, and after z as it is matched.
/// </summary>
internal sealed class FilesAsSent(IFileReferenceStore files, Dataset dataset, int version)
{
    private const int PortionSize = 1000;

    /// <summary>Lists them. Paths that are not in form C are held in memory meanwhile; all else is streamed.</summary>
    public async IAsyncEnumerable<FileReference> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var sent = (await files.ListSentOtherwiseAsync(dataset, version, ct)).Order().ToList();
        await using var others = ReadAsync(sent, ct).GetAsyncEnumerator(ct);
        var hasOther = await others.MoveNextAsync();
        await foreach (var file in files.ListAsync(dataset, version, null, ct))
        {
            if (sent.Count > 0 && file.Path.MatchKey != file.Path.Value) continue;
            for (; hasOther && others.Current.Path.CompareTo(file.Path) < 0; hasOther = await others.MoveNextAsync()) yield return others.Current;
            yield return file;
        }
        for (; hasOther; hasOther = await others.MoveNextAsync()) yield return others.Current;
    }

    // Some may have been removed or replaced up to the version, also by a file whose path was spelled otherwise.
    private async IAsyncEnumerable<FileReference> ReadAsync(List<ArchivePath> sent, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var portion in sent.Chunk(PortionSize))
        {
            var found = (await files.FindAllAsync(dataset, portion, version, ct)).ToDictionary(file => file.Path);
            foreach (var path in portion)
                if (found.TryGetValue(path, out var file))
                    yield return file;
        }
    }
}
