using System.Globalization;
using System.Text.Json;
using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Archive.Storage.Objects;

namespace Archive.Indexer.Publishing;

/// <summary>
/// Generations in the object store, for every node to fetch: <c>index/generations/NAME</c> holds the bytes, <c>index/manifests/TIME-NAME</c>,
/// written after them, what they have to be. The newest manifest names the generation that answers: going back writes another one for bytes that
/// are there. <c>index/renewed/ACCESSION/TIME</c> marks a dataset that was made anew. Nothing is ever modified. A publication that is cut off
/// leaves bytes without a manifest, which its repetition takes over and a later one removes.
/// </summary>
internal sealed class PublishedIndex(IObjectStore objects, TimeProvider time, int keep)
{
    /// <summary>What all keys begin with; nothing else does.</summary>
    public const string Prefix = "index/";

    private const string Generations = Prefix + "generations/";
    private const string Manifests = Prefix + "manifests/";
    private const string Renewed = Prefix + "renewed/";
    private const string TimeForm = "yyyyMMdd'T'HHmmssfff";
    private const int MaxManifestBytes = 65_536;

    // Bytes without a manifest may belong to a publication that is under way elsewhere.
    private static readonly TimeSpan Unnamed = TimeSpan.FromHours(1);

    /// <summary>What was published in a layout that this program reads, newest first, each generation once.</summary>
    public async Task<IReadOnlyList<GenerationManifest>> ListAsync(CancellationToken ct)
    {
        var found = new List<GenerationManifest>();
        foreach (var (_, manifest) in await ReadAllAsync(ct))
            if (manifest.Format == IndexFile.Version && found.TrueForAll(m => m.Generation != manifest.Generation))
                found.Add(manifest);
        return found;
    }

    /// <summary>Puts the bytes of a generation into the store, then its manifest; from then on it is what answers. May be repeated.</summary>
    /// <param name="path">Its file, which nobody modifies.</param>
    /// <exception cref="IOException">The store failed or is full; what was published before stays what answers.</exception>
    public async Task PublishAsync(string path, GenerationInfo info, Accession? newestAccession, CancellationToken ct)
    {
        var key = new ObjectKey(Generations + info.Name);
        var (length, sha256) = await DigestAsync(OpenFile(path), ct);
        await using var file = OpenFile(path);
        if (!await objects.TryPutAsync(key, file, length, null, ct) && !await IsThereAsync(key, length, sha256, ct))
        {
            await objects.DeleteAsync(key, ct);
            file.Position = 0;
            await objects.TryPutAsync(key, file, length, null, ct);
        }
        await WriteManifestAsync(
            new(IndexFile.Version, info.Name, info.BuiltAt, info.NewestChange, newestAccession, info.Datasets, info.Files, length, sha256), ct);
        await PruneAsync(ct);
    }

    /// <summary>Makes a published generation the one that answers.</summary>
    public Task GoBackAsync(GenerationManifest manifest, CancellationToken ct) => WriteManifestAsync(manifest, ct);

    /// <summary>Copies a generation into a file that is durable afterwards.</summary>
    /// <param name="path">In the place of what may be there; removed again when it is not what the manifest says.</param>
    /// <param name="progress">Told how many bytes have come.</param>
    /// <exception cref="DamagedIndexException">The bytes are absent or not what the manifest says.</exception>
    public async Task FetchAsync(GenerationManifest manifest, string path, Action<long>? progress, CancellationToken ct)
    {
        var isWhole = false;
        try
        {
            await using var content = await objects.OpenAsync(new ObjectKey(Generations + manifest.Generation), 0, manifest.LengthBytes + 1, ct)
                ?? throw new DamagedIndexException(path, "object", "it is not in the store any more");
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous });
            var (length, sha256) = await CopyAsync(content, file, progress, ct);
            if (length != manifest.LengthBytes || sha256 != manifest.Sha256)
                throw new DamagedIndexException(path, "object", $"{length} bytes with SHA-256 {sha256} came, and {manifest.LengthBytes} with {manifest.Sha256} were published");
            Storage.Objects.FileSystem.Durable.Sync(file.SafeFileHandle);
            isWhole = true;
        }
        finally
        {
            if (!isWhole) File.Delete(path);
        }
    }

    /// <summary>Why a published generation is not what its manifest says; null when it is.</summary>
    public async Task<string?> CheckAsync(GenerationManifest manifest, CancellationToken ct)
    {
        if (await objects.OpenAsync(new ObjectKey(Generations + manifest.Generation), 0, manifest.LengthBytes + 1, ct) is not { } content) return "it is not in the store any more";
        return await DigestAsync(content, ct) == (manifest.LengthBytes, manifest.Sha256) ? null : "its bytes are not those that were published";
    }

    /// <summary>Datasets that were renewed, each with the last time.</summary>
    public async Task<RenewedDatasets> ListRenewedAsync(CancellationToken ct)
    {
        var times = new Dictionary<Accession, DateTimeOffset>();
        await foreach (var mark in objects.ListAsync(Renewed, ct))
            if (mark.Key.Value[Renewed.Length..].Split('/') is [var name, var at] && Accession.TryParse(name, null, out var accession) && TryReadTime(at, out var renewedAt))
                times[accession] = renewedAt;
        return new RenewedDatasets(times);
    }

    /// <summary>Marks a dataset whose parts were made anew, for all nodes.</summary>
    /// <returns>The time of the mark, to the millisecond.</returns>
    public async Task<DateTimeOffset> RenewAsync(Accession accession, CancellationToken ct)
    {
        var at = time.GetUtcNow().ToString(TimeForm, CultureInfo.InvariantCulture);
        await objects.TryPutAsync(new ObjectKey($"{Renewed}{accession}/{at}"), Stream.Null, 0, null, ct);
        return TryReadTime(at, out var read) ? read : default;
    }

    /// <summary>Removes all that was published: after going back to a backup it tells of datasets that may not be.</summary>
    public async Task ClearAsync(CancellationToken ct)
    {
        await foreach (var found in objects.ListAsync(Prefix, ct)) await objects.DeleteAsync(found.Key, ct);
    }

    // Newest first; one that cannot be read counts as not written.
    private async Task<List<(ObjectKey Key, GenerationManifest Manifest)>> ReadAllAsync(CancellationToken ct)
    {
        var found = new List<(ObjectKey, GenerationManifest)>();
        await foreach (var one in objects.ListAsync(Manifests, ct))
            if (one.LengthBytes <= MaxManifestBytes && await ReadAsync(one.Key, ct) is { } manifest && GenerationFolder.IsName(manifest.Generation))
                found.Add((one.Key, manifest));
        found.Reverse();
        return found;
    }

    private async Task<GenerationManifest?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        try
        {
            await using var content = await objects.OpenAsync(key, 0, MaxManifestBytes, ct);
            return content is null ? null : await JsonSerializer.DeserializeAsync<GenerationManifest>(content, cancellationToken: ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task WriteManifestAsync(GenerationManifest manifest, CancellationToken ct)
    {
        var before = await ReadAllAsync(ct);
        var at = time.GetUtcNow();
        // Later than all others, whatever a clock says.
        if (before.Count > 0 && TryReadTime(before[0].Key.Value[Manifests.Length..].Split('-')[0], out var last) && at <= last) at = last.AddMilliseconds(1);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest), writable: false);
        var key = new ObjectKey($"{Manifests}{at.ToString(TimeForm, CultureInfo.InvariantCulture)}-{manifest.Generation}");
        if (!await objects.TryPutAsync(key, content, content.Length, null, ct)) throw new IOException($"Another node publishes in the same moment: {key}.");
    }

    // Keeps the newest generations with their newest manifests. Who fetches one that goes now reads an open file to its end, or takes a newer one.
    private async Task PruneAsync(CancellationToken ct)
    {
        var kept = new Dictionary<string, GenerationManifest>(StringComparer.Ordinal);
        foreach (var (key, manifest) in await ReadAllAsync(ct))
            if (kept.ContainsKey(manifest.Generation) || !(kept.Count < keep && kept.TryAdd(manifest.Generation, manifest)))
                await objects.DeleteAsync(key, ct);
        await foreach (var one in objects.ListAsync(Generations, ct))
            if (!kept.ContainsKey(one.Key.Value[Generations.Length..]) && (one.StoredAt < time.GetUtcNow() - Unnamed || IsOlder(one.Key.Value[Generations.Length..], kept)))
                await objects.DeleteAsync(one.Key, ct);
        var oldest = kept.Values.Min(m => m.BuiltAt);
        await foreach (var mark in objects.ListAsync(Renewed, ct))
            if (TryReadTime(mark.Key.Value.Split('/')[^1], out var at) && at < oldest)
                await objects.DeleteAsync(mark.Key, ct);
    }

    // Names begin with the time of the build: what is older than all that are kept is not on its way into the store.
    private static bool IsOlder(string name, Dictionary<string, GenerationManifest> kept) => kept.Keys.All(k => string.CompareOrdinal(name, k) < 0);

    private async Task<bool> IsThereAsync(ObjectKey key, long length, string sha256, CancellationToken ct) =>
        await objects.OpenAsync(key, 0, null, ct) is { } there && await DigestAsync(there, ct) == (length, sha256);

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static async Task<(long Length, string Sha256)> DigestAsync(Stream content, CancellationToken ct)
    {
        await using (content) return await CopyAsync(content, Stream.Null, null, ct);
    }

    private static async Task<(long Length, string Sha256)> CopyAsync(Stream from, Stream to, Action<long>? progress, CancellationToken ct)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        long length = 0;
        for (int read; (read = await from.ReadAsync(buffer, ct)) > 0; progress?.Invoke(length))
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            length += read;
        }
        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static bool TryReadTime(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
