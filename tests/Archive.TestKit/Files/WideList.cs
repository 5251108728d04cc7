using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Archive.TestKit.Files;

/// <summary>A file list of sixty columns and any length, and the staged names that it speaks of: the largest dataset known has 2,357,571 files.</summary>
/// <param name="Count">Rows; not a multiple of 7919, which steps through them.</param>
public sealed record WideList(int Count)
{
    /// <summary>Columns with the first.</summary>
    public const int Columns = 60;

    private const int Step = 7919;

    /// <summary>The path of a file.</summary>
    public static string PathOf(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"plate{i / 9600:00000}/r{i % 9600 / 100:00}/{i % 100:000}_image.tif");

    /// <summary>The list as TSV in blocks, in an order that is not that of the paths.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> WriteAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var text = new StringBuilder("Files");
        for (var column = 1; column < Columns; column++) text.Append(CultureInfo.InvariantCulture, $"\tColumn {column}");
        text.Append('\n');
        for (long i = 0; i < Count; i++)
        {
            Row(text, (int)(i * Step % Count));
            if (text.Length < 1 << 18 && i < Count - 1) continue;
            ct.ThrowIfCancellationRequested();
            yield return Encoding.UTF8.GetBytes(text.ToString());
            text.Clear();
        }
        await Task.CompletedTask;
    }

    /// <summary>Writes rows of staged files, one byte each, straight into the database: uploading millions would take hours.</summary>
    public async Task StageAsync(string connectionString, Guid draft, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("""
            INSERT INTO staged_paths (draft, path, content, length_bytes, md5, sha256, crc32, received_at)
            SELECT $1, 'plate' || lpad((i / 9600)::text, 5, '0') || '/r' || lpad((i % 9600 / 100)::text, 2, '0') || '/' || lpad((i % 100)::text, 3, '0') || '_image.tif',
                gen_random_uuid(), 1, decode(md5('x'), 'hex'), sha256('x'), 0, now()
            FROM generate_series(0, $2 - 1) AS i
            """);
        command.CommandTimeout = 1200;
        command.Parameters.Add(new() { Value = draft });
        command.Parameters.Add(new() { Value = Count });
        await command.ExecuteNonQueryAsync(ct);
    }

    // A third numbers, some dates, the rest words, as plates and screens have them.
    private static void Row(StringBuilder text, int i)
    {
        text.Append(PathOf(i));
        for (var column = 1; column < Columns; column++)
        {
            text.Append('\t');
            if (column % 3 == 0) text.Append(i * column % 1000).Append('.').Append(i % 10);
            else if (column % 20 == 1) text.Append("2026-0").Append(1 + (i % 9)).Append('-').Append(10 + (column % 20));
            else text.Append("value").Append(i % (column + 1));
        }
        text.Append('\n');
    }
}
