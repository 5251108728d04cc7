using System.Net.Sockets;
using Archive.Model.Errors;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

public sealed partial class MetadataDatabase
{
    /// <summary>The first row of a read, or null. Tried a second time when the connection failed, since a read changes nothing.</summary>
    internal Task<T?> ReadOneAsync<T>(Statement statement, Func<NpgsqlDataReader, T> map, CancellationToken ct)
        where T : notnull => RetryOnceAsync(() => OneAsync(statement, map, ct));

    /// <summary>All rows of a read; the caller has bounded their number. Tried a second time when the connection failed.</summary>
    internal Task<List<T>> ReadAllAsync<T>(Statement statement, Func<NpgsqlDataReader, T> map, CancellationToken ct) =>
        RetryOnceAsync(() => RunAsync(connection => AllAsync(connection, statement, map, ct), ct));

    /// <summary>The first row that a write returns, or null. Never repeated here: whether it took effect only the caller can judge.</summary>
    internal Task<T?> WriteOneAsync<T>(Statement statement, Func<NpgsqlDataReader, T> map, CancellationToken ct)
        where T : notnull => OneAsync(statement, map, ct);

    /// <summary>Runs a write and returns the number of rows that it touched.</summary>
    internal Task<int> ExecuteAsync(Statement statement, CancellationToken ct) => RunAsync(async connection =>
    {
        await using var command = statement.On(connection);
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    /// <summary>Runs several statements on one connection; translates what goes wrong.</summary>
    internal async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync(ct);
            return await work(connection);
        }
        catch (Exception e) when (Translate(e) is not null)
        {
            throw Translate(e)!;
        }
    }

    /// <summary>All rows of a statement on an open connection.</summary>
    internal static async Task<List<T>> AllAsync<T>(
        NpgsqlConnection connection, Statement statement, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = statement.On(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }

    /// <summary>A connection outside the pool that is watched for life while it waits; what goes wrong on it is the driver's error.</summary>
    internal async Task<NpgsqlConnection> OpenAloneAsync(CancellationToken ct)
    {
        if (source is null) throw NotStarted();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, KeepAlive = 15 }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private Task<T?> OneAsync<T>(Statement statement, Func<NpgsqlDataReader, T> map, CancellationToken ct)
        where T : notnull => RunAsync(async connection =>
    {
        await using var command = statement.On(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (T?)map(reader) : default;
    }, ct);

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        try
        {
            return await Source.OpenConnectionAsync(ct);
        }
        catch (Exception e) when (Translate(e) is not null)
        {
            throw Translate(e)!;
        }
    }

    private static async Task<T> RetryOnceAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (ArchiveException e) when (e.Problem == Problems.Unavailable && e.InnerException is NpgsqlException { IsTransient: true })
        {
            return await read();
        }
    }

    /// <summary>
    /// Types of the driver end here. A server's refusal of a statement is a fault of ours and stays an unexpected error, but for
    /// those that come from the server's state or from the text that someone sent. Null: not an error of the database.
    /// </summary>
    private static Exception? Translate(Exception e) => e switch
    {
        // Class 53 is "insufficient resources"; 57P0x a server that stops or starts; 57014 our time limit; 58 its disk; 25P03
        // a transaction in which this process stood still (Appendix A).
        PostgresException { SqlState: "53100" } => new ArchiveException(Problems.InsufficientStorage, "The volume of the metadata is full.", inner: e),
        PostgresException { SqlState: "22P05" or "22021" } =>
            new ArchiveException(Problems.UnstorableText, "A text holds the character U+0000.", inner: e),
        PostgresException p when IsServerTrouble(p.SqlState) => Unavailable(e),
        PostgresException p => new InvalidOperationException($"The metadata store refused a statement ({p.SqlState}).", e),
        NpgsqlException or SocketException => Unavailable(e),
        TimeoutException => Unavailable(e),
        _ => null,
    };

    private static bool IsServerTrouble(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal)
        || state is "25P03" or "40001" or "40P01" or "55P03" or "25006" or "XX000" or "XX001" or "XX002";

    private static ArchiveException Unavailable(Exception e) => new(Problems.Unavailable, "The metadata store does not answer.", inner: e);
}
