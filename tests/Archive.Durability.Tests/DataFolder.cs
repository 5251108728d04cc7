using Archive.TestKit;
using Archive.TestKit.Processes;
using Npgsql;

namespace Archive.Durability.Tests;

/// <summary>What lies in an archive's data folder, seen past the archive's own code.</summary>
internal static class DataFolder
{
    /// <summary>A folder of the data folder, or where the archive was told to have it instead.</summary>
    public static string FolderOf(ArchiveProcess archive, string name) => SettingOf(archive, "--" + name) ?? Path.Combine(archive.DataFolder, name);

    /// <summary>Keys of the objects on the disk.</summary>
    public static IReadOnlySet<string> Objects(string store) => FilesBelow(Path.Combine(store, "objects"));

    /// <summary>Files that uploads left in staging; the volume's identity and the nodes' secret are none.</summary>
    public static IReadOnlyList<string> Staged(ArchiveProcess archive) =>
        [.. FilesBelow(FolderOf(archive, "staging")).Where(f => f is not ("archive-id" or "shared-secret"))];

    /// <summary>Keys of the objects that the metadata refers to.</summary>
    public static async Task<IReadOnlyList<string>> ReferencedAsync(ArchiveProcess archive, CancellationToken ct) =>
        await QueryAsync(archive, "SELECT object_key FROM file_references WHERE object_key IS NOT NULL", ct);

    /// <summary>Keys that the index's tables of files have: one for each version that was written.</summary>
    public static async Task<IReadOnlyList<string>> ShelvesAsync(ArchiveProcess archive, CancellationToken ct) => await QueryAsync(
        archive, "SELECT 'shelves/' || accession || '/v' || number || '/' || replace(submission::text, '-', '') FROM dataset_documents", ct);

    /// <summary>Accessions of all datasets, whatever their state.</summary>
    public static async Task<IReadOnlyList<string>> AccessionsAsync(ArchiveProcess archive, CancellationToken ct) =>
        await QueryAsync(archive, "SELECT accession FROM datasets", ct);

    /// <summary>Drafts that are left.</summary>
    public static async Task<IReadOnlyList<string>> DraftsAsync(ArchiveProcess archive, CancellationToken ct) =>
        await QueryAsync(archive, "SELECT id::text FROM drafts", ct);

    /// <summary>Counts of what is staged that are not those of the rows, by draft, account and in all; none whatever was killed.</summary>
    public static async Task<IReadOnlyList<string>> WrongCountsAsync(ArchiveProcess archive, CancellationToken ct) => await QueryAsync(archive, """
        WITH rows AS (
            SELECT draft, sum(greatest(length_bytes, promised_bytes, 0)) AS bytes, count(*) FILTER (WHERE content IS NOT NULL OR promised_bytes IS NOT NULL) AS files
            FROM staged_paths GROUP BY draft)
        SELECT format('draft %s: %s bytes, %s files in rows, %s bytes, %s files counted', draft, r.bytes, r.files, d.bytes, d.files)
        FROM rows r FULL JOIN staging_drafts d USING (draft)
        WHERE coalesce(r.bytes, 0) <> coalesce(d.bytes, 0) OR coalesce(r.files, 0) <> coalesce(d.files, 0)
        UNION ALL
        SELECT format('account %s: %s bytes, %s files in drafts, %s bytes, %s files counted', account, d.bytes, d.files, u.bytes, u.files)
        FROM (SELECT account, sum(bytes) AS bytes, sum(files) AS files FROM staging_drafts GROUP BY account) d
            FULL JOIN (SELECT * FROM staging_usage WHERE account <> '00000000-0000-0000-0000-000000000000') u USING (account)
        WHERE coalesce(u.bytes, 0) <> coalesce(d.bytes, 0) OR coalesce(u.files, 0) <> coalesce(d.files, 0)
        UNION ALL
        SELECT format('all: %s bytes, %s files counted', bytes, files) FROM staging_usage
        WHERE account = '00000000-0000-0000-0000-000000000000'
            AND (bytes <> (SELECT coalesce(sum(bytes), 0) FROM staging_drafts) OR files <> (SELECT coalesce(sum(files), 0) FROM staging_drafts))
        """, ct);

    /// <summary>Bytes and files staged of everybody, as counted.</summary>
    public static async Task<string> StagedCountAsync(ArchiveProcess archive, CancellationToken ct) => (await QueryAsync(
        archive, "SELECT format('%s bytes, %s files', bytes, files) FROM staging_usage WHERE account = '00000000-0000-0000-0000-000000000000'", ct)).Single();

    /// <summary>Has a job run once and waits for its end.</summary>
    public static async Task RunJobAsync(ArchiveProcess archive, string job, CancellationToken ct) =>
        await RunJobAsync(await OperatorAsync(archive, archive.Http, ct), job, ct);

    /// <summary>The operator of the archive that was first started on the data folder, at a node's address.</summary>
    public static async Task<ArchiveClient> OperatorAsync(ArchiveProcess archive, HttpClient at, CancellationToken ct)
    {
        var operators = new ArchiveClient(at);
        var password = (await File.ReadAllTextAsync(Path.Combine(archive.DataFolder, "operator-password"), ct)).Trim();
        await operators.SignInAsync("operator@localhost", password, ct);
        return operators;
    }

    /// <summary>Has a job run once and waits for its end.</summary>
    public static async Task RunJobAsync(ArchiveClient operators, string job, CancellationToken ct)
    {
        var before = await NewestRunAsync(operators, job, ct);
        using var answer = await operators.SendAsync(HttpMethod.Post, $"/api/jobs/{job}/runs", null, ct);
        answer.EnsureSuccessStatusCode();
        string? after = null;
        await Poll.Until(async () => (after = await NewestRunAsync(operators, job, ct)) != before, $"a run of {job} ended", ct, TimeSpan.FromMinutes(2));
        Assert.Contains("\"succeeded\":true", after!, $"The job {job} failed.");
    }

    private static async Task<string?> NewestRunAsync(ArchiveClient operators, string job, CancellationToken ct)
    {
        var jobs = await operators.GetJsonAsync("/api/jobs", ct);
        var found = jobs.GetProperty("items").EnumerateArray().First(j => j.GetProperty("name").GetString() == job);
        var runs = found.GetProperty("lastRuns");
        return runs.GetArrayLength() == 0 ? null : runs[0].GetRawText();
    }

    private static HashSet<string> FilesBelow(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).ToHashSet(StringComparer.Ordinal)
        : [];

    private static string? SettingOf(ArchiveProcess archive, string name) => archive.Arguments.SkipWhile(a => a != name).ElementAtOrDefault(1);

    /// <summary>The first column of each row, which is a text.</summary>
    public static async Task<IReadOnlyList<string>> QueryAsync(ArchiveProcess archive, string sql, CancellationToken ct)
    {
        var connection = SettingOf(archive, "--postgres") is { } external
            ? new NpgsqlConnectionStringBuilder(external)
            : new NpgsqlConnectionStringBuilder
            {
                Host = (await File.ReadAllTextAsync(Path.Combine(archive.DataFolder, "postgres", "socket-dir"), ct)).Trim(),
                Username = "archive", Database = "archive",
            };
        connection.Pooling = false;
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var values = new List<string>();
        while (await reader.ReadAsync(ct)) values.Add(reader.GetString(0));
        return values;
    }
}
