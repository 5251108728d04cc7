using System.Runtime.CompilerServices;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>
/// File references in PostgreSQL: narrow rows that lie together by pass and path. Lists are read in portions, each a statement of
/// its own that goes on after the last path: rows of a committed pass never change, so no snapshot has to be kept open, which
/// would hold back the database's cleaning for as long as the slowest reader takes.
/// </summary>
public sealed class PostgresFileReferenceStore(MetadataDatabase database) : IFileReferenceStore
{
    private const int BatchSize = 1000;
    private const int MaxRows = 10_000;

    private const string Columns =
        "accession, submission, path, sent_path, version, object_key, length_bytes, md5, sha256, crc32, format, attributes";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The rows are of several passes, or more than 10,000.</exception>
    public Task<IReadOnlyList<FileReference>> AddAsync(IReadOnlyList<FileReference> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return Task.FromResult(rows);
        if (rows.Count > MaxRows || rows.Any(r => r.Accession != rows[0].Accession || r.Submission != rows[0].Submission))
            throw new ArgumentException($"Expected at most {MaxRows} rows of one pass.", nameof(rows));
        return database.RunAsync(connection => AddAsync(connection, rows, ct), ct);
    }

    /// <inheritdoc/>
    public async Task<FileReference?> FindAsync(Dataset dataset, ArchivePath path, int version, CancellationToken ct)
    {
        var newest = await database.ReadOneAsync(new Statement($"""
            SELECT {Columns} FROM file_references WHERE accession = $1 AND submission = ANY ($2) AND path = $3
            ORDER BY version DESC LIMIT 1
            """, dataset.Accession.ToString(), PassesUpTo(dataset, version), path.MatchKey), Read, ct);
        return newest is { ObjectKey: not null } ? newest : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FileReference>> FindAllAsync(
        Dataset dataset, IReadOnlyCollection<ArchivePath> paths, int version, CancellationToken ct)
    {
        // A look-up for each path, whatever the planner believes of the table's size.
        var newest = await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM (SELECT DISTINCT p FROM unnest($3::text[]) AS p) AS asked CROSS JOIN LATERAL (
                SELECT * FROM file_references WHERE accession = $1 AND submission = ANY ($2) AND path = p ORDER BY version DESC LIMIT 1) AS newest
            """, dataset.Accession.ToString(), PassesUpTo(dataset, version), paths.Select(p => p.MatchKey).ToArray()), Read, ct);
        return [.. newest.Where(row => row.ObjectKey is not null)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FileDigests?>> FindDigestsAsync(IReadOnlyList<VersionFile> files, CancellationToken ct)
    {
        // A look-up for each path and pass, whatever the planner believes of the table's size.
        var passes = files.DistinctBy(f => f.Dataset.Accession).SelectMany(f => PassesUpTo(f.Dataset, f.Version), (f, pass) => (Accession: f.Dataset.Accession.ToString(), Pass: pass)).ToList();
        var found = await database.ReadAllAsync(new Statement("""
            SELECT place, md5, sha256, crc32 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (accession, path, place) CROSS JOIN LATERAL (
                SELECT object_key, md5, sha256, crc32 FROM unnest($3::text[], $4::uuid[]) AS pass (accession, submission) CROSS JOIN LATERAL (
                    SELECT * FROM file_references AS one
                    WHERE one.accession = asked.accession AND one.submission = pass.submission AND one.path = asked.path LIMIT 1) AS row
                WHERE pass.accession = asked.accession ORDER BY version DESC LIMIT 1) AS newest
            WHERE object_key IS NOT NULL
            """, files.Select(f => f.Dataset.Accession.ToString()).ToArray(), files.Select(f => f.Path.MatchKey).ToArray(), passes.Select(p => p.Accession).ToArray(), passes.Select(p => p.Pass).ToArray()),
            row => (Place: (int)row.GetInt64(0), Digests: row.ReadDigests(1)), ct);
        var digests = new FileDigests?[files.Count];
        foreach (var (place, one) in found) digests[place - 1] = one;
        return digests;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<ArchivePath>> FindFoldersAsync(
        Dataset dataset, IReadOnlyCollection<ArchivePath> folders, int version, CancellationToken ct)
    {
        // '0' is the character after '/': what is below a folder stands between the two. A row counts when no newer one of its path
        // stands against it; the search of a folder ends at the first that does.
        var byKey = folders.ToLookup(f => f.MatchKey, StringComparer.Ordinal);
        var found = await database.ReadAllAsync(new Statement("""
            SELECT f FROM unnest($3::text[]) AS f WHERE EXISTS (
                SELECT 1 FROM unnest($2::uuid[]) AS pass CROSS JOIN LATERAL (
                    SELECT path, version FROM file_references
                    WHERE accession = $1 AND submission = pass AND path > f || '/' AND path < f || '0' AND object_key IS NOT NULL) AS below
                WHERE NOT EXISTS (
                    SELECT 1 FROM file_references AS newer
                    WHERE newer.accession = $1 AND newer.submission = ANY ($2) AND newer.path = below.path AND newer.version > below.version))
            """, dataset.Accession.ToString(), PassesUpTo(dataset, version), byKey.Select(g => g.Key).ToArray()), row => row.GetString(0), ct);
        return found.SelectMany(key => byKey[key]).ToHashSet();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FileReference> ListAsync(
        Dataset dataset, int version, ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        var passes = PassesUpTo(dataset, version);
        var rows = passes.Length == 1
            ? ListPassAsync(dataset.Accession, new SubmissionId(passes[0]), after, ct)
            : ListMergedAsync(dataset.Accession, passes, after, ct);
        await foreach (var row in rows)
            if (row.ObjectKey is not null)
                yield return row;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivePath>> ListSentOtherwiseAsync(Dataset dataset, int version, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement(
            "SELECT DISTINCT sent_path FROM file_references WHERE accession = $1 AND submission = ANY ($2) AND sent_path IS NOT NULL",
            dataset.Accession.ToString(), PassesUpTo(dataset, version)), row => ArchivePath.FromStore(row.GetString(0)), ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<FileReference> ListPassAsync(Accession accession, SubmissionId pass, ArchivePath? after, CancellationToken ct) =>
        ListPortionsAsync(last => new Statement($"""
            SELECT {Columns} FROM file_references WHERE accession = $1 AND submission = $2 AND path > $3 ORDER BY path LIMIT $4
            """, accession.ToString(), pass.Value, last, BatchSize), after, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> FindReferencedAsync(
        Accession accession, IReadOnlyCollection<string> objectKeys, CancellationToken ct)
    {
        // The LIMIT keeps the planner from turning a thousand look-ups into one scan of all rows.
        var found = await database.ReadAllAsync(new Statement("""
            SELECT k FROM unnest($2::text[]) AS k CROSS JOIN LATERAL (
                SELECT 1 FROM file_references
                WHERE accession = $1 AND object_key = k AND hashtextextended(object_key, 0) = hashtextextended(k, 0) LIMIT 1) AS referred
            """, accession.ToString(), objectKeys.ToArray()), row => row.GetString(0), ct);
        return found.ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task RemovePassAsync(Accession accession, SubmissionId pass, CancellationToken ct)
    {
        const int portion = 20_000;
        while (await database.ExecuteAsync(new Statement("""
            DELETE FROM file_references WHERE accession = $1 AND submission = $2 AND path = ANY (ARRAY (
                SELECT path FROM file_references WHERE accession = $1 AND submission = $2 ORDER BY path LIMIT $3))
            """, accession.ToString(), pass.Value, portion), ct) == portion)
        {
        }
    }

    // The smallest paths of each pass contain the smallest of all, and the newest row of a path is that of the highest version.
    private IAsyncEnumerable<FileReference> ListMergedAsync(Accession accession, Guid[] passes, ArchivePath? after, CancellationToken ct) =>
        ListPortionsAsync(last => new Statement($"""
            SELECT DISTINCT ON (path) {Columns}
            FROM unnest($2::uuid[]) AS pass CROSS JOIN LATERAL (
                SELECT * FROM file_references WHERE accession = $1 AND submission = pass AND path > $3 ORDER BY path LIMIT $4) AS rows
            ORDER BY path, version DESC LIMIT $4
            """, accession.ToString(), passes, last, BatchSize), after, ct);

    private async IAsyncEnumerable<FileReference> ListPortionsAsync(
        Func<string, Statement> portion, ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        var last = after?.MatchKey ?? "";
        while (true)
        {
            var rows = await database.ReadAllAsync(portion(last), Read, ct);
            foreach (var row in rows) yield return row;
            if (rows.Count < BatchSize) yield break;
            last = rows[^1].Path.MatchKey;
        }
    }

    private static async Task<IReadOnlyList<FileReference>> AddAsync(
        NpgsqlConnection connection, IReadOnlyList<FileReference> rows, CancellationToken ct)
    {
        // In path order, so that two attempts that write the same rows wait for each other and never deadlock.
        var inserted = await MetadataDatabase.AllAsync(connection, new Statement($"""
            INSERT INTO file_references ({Columns})
            SELECT $1, $2, path, sent_path, version, object_key, length_bytes, md5, sha256, crc32, format, attributes::jsonb
            FROM unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::bigint[], $8::bytea[], $9::bytea[], $10::bigint[], $11::text[], $12::text[])
                AS given (path, sent_path, version, object_key, length_bytes, md5, sha256, crc32, format, attributes)
            ORDER BY path COLLATE "C"
            ON CONFLICT (accession, submission, path) DO NOTHING
            RETURNING path
            """,
            rows[0].Accession.ToString(), rows[0].Submission.Value,
            rows.Select(r => r.Path.MatchKey).ToArray(), rows.Select(r => r.Path.SentPath()).ToArray(),
            rows.Select(r => r.Version).ToArray(), rows.Select(r => r.ObjectKey).ToArray(), rows.Select(r => r.LengthBytes).ToArray(),
            rows.Select(r => r.Digests is null ? null : Convert.FromHexString(r.Digests.Md5)).ToArray(),
            rows.Select(r => r.Digests is null ? null : Convert.FromHexString(r.Digests.Sha256)).ToArray(),
            rows.Select(r => (long?)r.Digests?.Crc32).ToArray(), rows.Select(r => r.Format).ToArray(),
            rows.Select(r => WriteAttributes(r.Attributes)).ToArray()), row => row.GetString(0), ct);
        if (inserted.Count == rows.Count) return rows;
        // Some stood there already: a statement of its own sees what the one before waited for.
        var stored = await MetadataDatabase.AllAsync(connection, new Statement(
            $"SELECT {Columns} FROM file_references WHERE accession = $1 AND submission = $2 AND path = ANY ($3)",
            rows[0].Accession.ToString(), rows[0].Submission.Value, rows.Select(r => r.Path.MatchKey).ToArray()), Read, ct);
        var byPath = stored.ToDictionary(r => r.Path.MatchKey, StringComparer.Ordinal);
        return rows.Select(r => byPath[r.Path.MatchKey]).ToList();
    }

    private static Guid[] PassesUpTo(Dataset dataset, int version) =>
        dataset.Versions.Where(v => v.Number <= version).Select(v => v.Submission.Value).ToArray();

    private static string? WriteAttributes(IReadOnlyList<FileAttribute> attributes) =>
        attributes.Count == 0 ? null : Json.Text(attributes.SelectMany(a => (string[])[a.Name, a.Value]));

    private static FileAttribute[] ReadAttributes(string? text) =>
        text is null ? [] : Json.Parse<string[]>(text).Chunk(2).Select(pair => new FileAttribute(pair[0], pair[1])).ToArray();

    private static FileReference Read(NpgsqlDataReader row) => new()
    {
        Accession = Accession.Parse(row.GetString(0), null),
        Submission = new SubmissionId(row.GetGuid(1)),
        Path = row.ReadPath(2),
        Version = row.GetInt32(4),
        ObjectKey = row.IsDBNull(5) ? null : row.GetString(5),
        LengthBytes = row.GetInt64(6),
        Digests = row.ReadDigests(7),
        Format = row.GetString(10),
        Attributes = ReadAttributes(row.IsDBNull(11) ? null : row.GetString(11)),
    };
}
