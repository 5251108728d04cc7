using System.Runtime.CompilerServices;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Staged files and running transfers in PostgreSQL, one row a path.</summary>
public sealed class PostgresUploadStore(MetadataDatabase database) : IUploadStore
{
    private const int BatchSize = 1000;
    private const string Emptied = "content = NULL, length_bytes = NULL, md5 = NULL, sha256 = NULL, crc32 = NULL, received_at = NULL";
    private const string File = "draft, path, sent_path, content, length_bytes, md5, sha256, crc32, received_at";

    /// <inheritdoc/>
    public async Task<TransferStart> BeginAsync(
        DraftId draft, ArchivePath path, UploadId upload, long? promisedBytes, StagingQuotas quotas, TimeSpan lease, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        return (await database.WriteOneAsync(new Statement(
            "SELECT outcome, used_bytes, used_files, quota_bytes, quota_files FROM begin_transfer($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            draft.Value, path.MatchKey, upload.Value, path.Value, Json.Number(promisedBytes), lease, quotas.AccountBytes, quotas.AccountFiles, quotas.AllBytes), ReadStart, ct))!;
    }

    /// <inheritdoc/>
    public async Task<(TransferStart Start, long PromisedBytes)> GrowAsync(
        DraftId draft, ArchivePath path, UploadId upload, long wantedBytes, long neededBytes, StagingQuotas quotas, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        return await database.WriteOneAsync(new Statement(
            "SELECT outcome, used_bytes, used_files, quota_bytes, quota_files, granted FROM grow_transfer($1, $2, $3, $4, $5, $6, $7, $8)",
            draft.Value, path.MatchKey, upload.Value, wantedBytes, neededBytes, quotas.AccountBytes, quotas.AccountFiles, quotas.AllBytes),
            row => (ReadStart(row), row.IsDBNull(5) ? 0 : row.GetInt64(5)), ct);
    }

    /// <inheritdoc/>
    public async Task<int> EndLapsedAsync(CancellationToken ct)
    {
        var lapsed = await database.ReadAllAsync(new Statement("""
            SELECT draft, upload_path, upload FROM staged_paths WHERE upload IS NOT NULL AND lease_until <= clock_timestamp() LIMIT $1
            """, BatchSize), row => (Draft: new DraftId(row.GetGuid(0)), Path: ArchivePath.FromStore(row.GetString(1)), Upload: new UploadId(row.GetGuid(2))), ct);
        // One by one, since a statement that changes rows of several drafts could lock counts in another order than others do.
        foreach (var (draft, path, upload) in lapsed) await AbandonAsync(draft, path, upload, ct);
        return lapsed.Count;
    }

    /// <inheritdoc/>
    public async Task<bool> TryRenewAsync(DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease, CancellationToken ct) =>
        await database.ExecuteAsync(new Statement("""
            UPDATE staged_paths SET lease_until = clock_timestamp() + $4
            WHERE draft = $1 AND path = $2 AND upload = $3 AND lease_until > clock_timestamp()
            """, draft.Value, path.MatchKey, upload.Value, lease), ct) > 0;

    /// <inheritdoc/>
    public async Task<bool> TryCompleteAsync(StagedFile file, CancellationToken ct)
    {
        // The draft before the path, as everywhere: the statement waits for the first to be touched before it locks the second.
        // A lapsed transfer is refused even when nobody took its path: a submit request no longer counted it as running.
        var completed = await database.ExecuteAsync(new Statement("""
            WITH touched AS MATERIALIZED (SELECT touch_draft($1))
            UPDATE staged_paths SET sent_path = $4, content = $3, length_bytes = $5, md5 = $6, sha256 = $7, crc32 = $8, received_at = $9,
                removed = false, upload = NULL, upload_path = NULL, promised_bytes = NULL, lease_until = NULL
            FROM touched
            WHERE draft = $1 AND path = $2 AND upload = $3 AND lease_until > clock_timestamp()
            """, file.Draft.Value, file.Path.MatchKey, file.Content.Value, file.Path.SentPath(), file.LengthBytes,
            Convert.FromHexString(file.Digests.Md5), Convert.FromHexString(file.Digests.Sha256), (long)file.Digests.Crc32,
            file.ReceivedAt), ct);
        return completed > 0 || (await FindAsync(file.Draft, file.Path, ct))?.Content == file.Content;
    }

    /// <inheritdoc/>
    public Task AbandonAsync(DraftId draft, ArchivePath path, UploadId upload, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        WITH bare AS (DELETE FROM staged_paths WHERE draft = $1 AND path = $2 AND upload = $3 AND content IS NULL AND NOT removed)
        UPDATE staged_paths SET upload = NULL, upload_path = NULL, promised_bytes = NULL, lease_until = NULL
        WHERE draft = $1 AND path = $2 AND upload = $3 AND (content IS NOT NULL OR removed)
        """, draft.Value, path.MatchKey, upload.Value), ct);

    /// <inheritdoc/>
    public Task<StagedFile?> FindAsync(DraftId draft, ArchivePath path, CancellationToken ct) => database.ReadOneAsync(new Statement(
        $"SELECT {File} FROM staged_paths WHERE draft = $1 AND path = $2 AND content IS NOT NULL", draft.Value, path.MatchKey), Read, ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StagedFile> ListAsync(DraftId draft, ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = after?.MatchKey ?? "";
        while (true)
        {
            var batch = await database.ReadAllAsync(new Statement($"""
                SELECT {File} FROM staged_paths WHERE draft = $1 AND path > $2 AND content IS NOT NULL ORDER BY path LIMIT $3
                """, draft.Value, last, BatchSize), Read, ct);
            foreach (var file in batch) yield return file;
            if (batch.Count < BatchSize) yield break;
            last = batch[^1].Path.MatchKey;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StagedPath> ListPathsAsync(DraftId draft, ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = after?.MatchKey ?? "";
        while (true)
        {
            var batch = await database.ReadAllAsync(new Statement($"""
                SELECT {File} FROM staged_paths WHERE draft = $1 AND path > $2 AND (content IS NOT NULL OR removed) ORDER BY path LIMIT $3
                """, draft.Value, last, BatchSize), ReadPath, ct);
            foreach (var path in batch) yield return path;
            if (batch.Count < BatchSize) yield break;
            last = batch[^1].Path.MatchKey;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedPath>> FindPathsAsync(DraftId draft, IReadOnlyCollection<ArchivePath> paths, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {File} FROM staged_paths WHERE draft = $1 AND path = ANY ($2) AND (content IS NOT NULL OR removed)
            """, draft.Value, paths.Select(p => p.MatchKey).ToArray()), ReadPath, ct);

    /// <inheritdoc/>
    public async Task<bool> TryMarkRemovedAsync(DraftId draft, ArchivePath path, UploadId holder, CancellationToken ct) =>
        await database.ExecuteAsync(new Statement($"""
            UPDATE staged_paths SET {Emptied}, sent_path = $4, removed = true
            WHERE draft = $1 AND path = $2 AND upload = $3 AND lease_until > clock_timestamp()
            """, draft.Value, path.MatchKey, holder.Value, path.SentPath()), ct) > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunningTransfer>> ListRunningAsync(DraftId? draft, CancellationToken ct) =>
        await database.ReadAllAsync(draft is null
            ? new Statement($"{Running} ORDER BY draft, path")
            : new Statement($"{Running} AND draft = $1 ORDER BY path", draft.Value.Value), row => new RunningTransfer(
                new DraftId(row.GetGuid(0)), ArchivePath.FromStore(row.GetString(1)), new UploadId(row.GetGuid(2)), row.GetInt64(3)), ct);

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(DraftId draft, ArchivePath? path, UploadId? holder, CancellationToken ct)
    {
        if (path is { } held && holder is { } upload)
            return await database.ExecuteAsync(new Statement($"""
                UPDATE staged_paths SET {Emptied}, sent_path = NULL, removed = false
                WHERE draft = $1 AND path = $2 AND upload = $3 AND lease_until > clock_timestamp()
                """, draft.Value, held.MatchKey, upload.Value), ct) > 0;
        if (path is { } one)
        {
            // A transfer that runs to the path keeps its hold.
            await database.ExecuteAsync(new Statement($"""
                WITH bare AS (DELETE FROM staged_paths WHERE draft = $1 AND path = $2 AND upload IS NULL)
                UPDATE staged_paths SET {Emptied}, sent_path = NULL, removed = false
                WHERE draft = $1 AND path = $2 AND upload IS NOT NULL
                """, draft.Value, one.MatchKey), ct);
            return true;
        }
        // In portions, so that a draft of millions of files takes many short writes and not one that runs into its time limit.
        const int portion = 20_000;
        while (await database.ExecuteAsync(new Statement("""
            DELETE FROM staged_paths
            WHERE draft = $1 AND path = ANY (ARRAY (SELECT path FROM staged_paths WHERE draft = $1 ORDER BY path LIMIT $2))
            """, draft.Value, portion), ct) == portion)
        {
        }
        return true;
    }

    private const string Running =
        "SELECT draft, upload_path, upload, coalesce(promised_bytes, 0) FROM staged_paths WHERE upload IS NOT NULL AND lease_until > clock_timestamp()";

    private static TransferStart ReadStart(NpgsqlDataReader row) => new(
        row.GetString(0) switch
        {
            "begun" => TransferOutcome.Begun,
            "held" => TransferOutcome.Held,
            "account-full" => TransferOutcome.AccountFull,
            "all-full" => TransferOutcome.AllFull,
            var unknown => throw new InvalidOperationException($"The metadata store tells the outcome {unknown}."),
        },
        row.IsDBNull(1) ? null : new StagingLevel(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));

    private static StagedPath ReadPath(NpgsqlDataReader row) => row.IsDBNull(3) ? new(row.ReadPath(1), null) : new(row.ReadPath(1), Read(row));

    private static StagedFile Read(NpgsqlDataReader row) => new(
        new DraftId(row.GetGuid(0)), row.ReadPath(1), new UploadId(row.GetGuid(3)), row.GetInt64(4), row.ReadDigests(5)!,
        row.GetFieldValue<DateTimeOffset>(8));
}
