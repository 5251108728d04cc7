using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>
/// Brings the schema up to date: the files of <c>Schema/</c> in the order of their names, each once, each in a transaction of its
/// own, under a lock, so that several nodes may start at once. A file that was run is never changed again.
/// </summary>
internal static class SchemaUpgrade
{
    private const string Folder = "Schema/";

    public static async Task RunAsync(NpgsqlConnection connection, ILogger logger, CancellationToken ct)
    {
        var files = Files();
        if (await IsCurrentAsync(connection, files, ct)) return;
        await ExecuteAsync(connection, new Statement("SELECT pg_advisory_lock(hashtext('archive.schema'))"), ct);
        try
        {
            await ExecuteAsync(connection, new Statement("""
                CREATE TABLE IF NOT EXISTS schema_files (
                    name text COLLATE "C" PRIMARY KEY, sha256 text NOT NULL, run_at timestamptz NOT NULL DEFAULT now())
                """), ct);
            var run = await ReadRunAsync(connection, ct);
            foreach (var file in files.Where(f => !run.ContainsKey(f.Name)))
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await ExecuteAsync(connection, new Statement(file.Text), ct);
                await ExecuteAsync(connection, new Statement("INSERT INTO schema_files (name, sha256) VALUES ($1, $2)", file.Name, file.Sha256), ct);
                await transaction.CommitAsync(ct);
                logger.LogInformation("Schema file {Name} was run", file.Name);
            }
        }
        finally
        {
            await ExecuteAsync(connection, new Statement("SELECT pg_advisory_unlock(hashtext('archive.schema'))"), CancellationToken.None);
        }
        if (!await IsCurrentAsync(connection, files, ct)) throw new InvalidOperationException("The schema of the database is not what it should be.");
    }

    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, List<SchemaFile> files, CancellationToken ct)
    {
        await using (var exists = new Statement("SELECT to_regclass('schema_files') IS NOT NULL").On(connection))
            if (await exists.ExecuteScalarAsync(ct) is not true) return false;
        var run = await ReadRunAsync(connection, ct);
        foreach (var (name, sha256) in run)
        {
            var file = files.Find(f => f.Name == name)
                ?? throw new InvalidOperationException($"The database has the schema file {name}, which this version does not know: run a newer version.");
            if (file.Sha256 != sha256)
                throw new InvalidOperationException($"The schema file {name} is not the one that made this database: run the version that did.");
        }
        return run.Count == files.Count;
    }

    private static async Task<Dictionary<string, string>> ReadRunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var rows = await MetadataDatabase.AllAsync(
            connection, new Statement("SELECT name, sha256 FROM schema_files"), r => (r.GetString(0), r.GetString(1)), ct);
        return rows.ToDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, Statement statement, CancellationToken ct)
    {
        await using var command = statement.On(connection);
        // A new index over 100 million rows takes its time.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static List<SchemaFile> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => Load(assembly, n))
            .ToList();
    }

    private static SchemaFile Load(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        var text = reader.ReadToEnd();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new SchemaFile(resource[Folder.Length..], hash, text);
    }

    private sealed record SchemaFile(string Name, string Sha256, string Text);
}
