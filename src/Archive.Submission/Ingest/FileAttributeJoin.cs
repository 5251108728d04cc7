using System.Globalization;
using System.Text;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submissions.FileLists;

namespace Archive.Submissions.Ingest;

/// <summary>
/// Attributes of files from any number of file lists, looked up by path. The rows lie in a scratch file that goes with this
/// object; only 24 bytes of each (hash and place) stay in memory.
/// </summary>
internal sealed class FileAttributeJoin : IDisposable
{
    private readonly FileStream scratch;
    private readonly BinaryWriter writer;
    private readonly BinaryReader reader;
    private UInt128[] hashes = new UInt128[1024];
    private long[] places = new long[1024];
    private int count;
    private readonly IdentifyingValues named = new();
    private (string Folder, List<FileAttribute> Attributes) folderOfLast = ("", []);

    /// <summary>An empty join whose rows go to a new file in the folder.</summary>
    public FileAttributeJoin(string scratchFolder)
    {
        Directory.CreateDirectory(scratchFolder);
        scratch = new FileStream(Path.Combine(scratchFolder, $"attributes-{Guid.NewGuid():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 1 << 16,
        });
        // Without a name it goes with the process, however that ends.
        File.Delete(scratch.Name);
        writer = new BinaryWriter(scratch, Encoding.UTF8, leaveOpen: true);
        reader = new BinaryReader(scratch, Encoding.UTF8, leaveOpen: true);
    }

    /// <summary>Whom the rows name in columns that say who somebody is.</summary>
    public IReadOnlyList<IdentifyingText> Named => named.Found;

    /// <summary>Adds the rows of a list. Rows without attributes or with an unsound path say nothing of a file.</summary>
    public async Task AddAsync(IAsyncEnumerable<FileListRow> rows, CancellationToken ct)
    {
        await foreach (var row in rows.WithCancellation(ct)) Add(row.Path, row.Attributes);
    }

    /// <summary>Adds inline files.</summary>
    public void Add(IEnumerable<RembiInlineFile> files)
    {
        foreach (var file in files) Add(file.Path, file.Attributes);
    }

    /// <summary>Ends adding; from here on attributes are looked up.</summary>
    public void Complete()
    {
        writer.Flush();
        Array.Sort(hashes, places, 0, count);
    }

    /// <summary>
    /// What the lists say of a file: what they say of each folder that it lies in, outermost first, then of the file itself, in the
    /// order of lists and columns; a repetition of name and value is left out.
    /// </summary>
    public IReadOnlyList<FileAttribute> Find(ArchivePath path)
    {
        if (count == 0) return [];
        var key = path.MatchKey;
        var folder = key[..(key.LastIndexOf('/') + 1)];
        if (folder != folderOfLast.Folder) folderOfLast = (folder, OfFolders(folder));
        var own = Read(key);
        if (folderOfLast.Attributes.Count == 0) return own;
        return [.. folderOfLast.Attributes.Concat(own).Distinct()];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        writer.Dispose();
        scratch.Dispose();
    }

    private List<FileAttribute> OfFolders(string folder)
    {
        var found = new List<FileAttribute>();
        for (var slash = folder.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = folder.IndexOf('/', slash + 1))
            found.AddRange(Read(folder[..slash]));
        return found;
    }

    private void Add(string path, IReadOnlyList<FileAttribute> attributes)
    {
        if (attributes.Count == 0 || !ArchivePath.TryParse(path, CultureInfo.InvariantCulture, out var sound)) return;
        if (count == hashes.Length)
        {
            Array.Resize(ref hashes, count * 2);
            Array.Resize(ref places, count * 2);
        }
        hashes[count] = PathHash.Of(sound.MatchKey);
        places[count++] = scratch.Position;
        writer.Write7BitEncodedInt(attributes.Count);
        foreach (var attribute in attributes)
        {
            writer.Write(attribute.Name);
            writer.Write(attribute.Value);
            named.Add(attribute.Name, attribute.Value);
        }
    }

    private List<FileAttribute> Read(string key)
    {
        var hash = PathHash.Of(key);
        var at = Array.BinarySearch(hashes, 0, count, hash);
        if (at < 0) return [];
        int first = at, last = at;
        while (first > 0 && hashes[first - 1] == hash) first--;
        while (last < count - 1 && hashes[last + 1] == hash) last++;
        var attributes = new List<FileAttribute>();
        // Rows of one path in the order in which they were written, which is the order of the lists.
        foreach (var place in places[first..(last + 1)].Order())
        {
            scratch.Position = place;
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--) attributes.Add(new(reader.ReadString(), reader.ReadString()));
        }
        return first == last ? attributes : [.. attributes.Distinct()];
    }
}
