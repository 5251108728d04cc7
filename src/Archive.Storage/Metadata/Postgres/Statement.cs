using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>A statement with its values, in the order of <c>$1</c>, <c>$2</c> … No value ever becomes part of the text.</summary>
internal readonly record struct Statement(string Text, params object?[] Values)
{
    /// <summary>A command that runs it.</summary>
    public NpgsqlCommand On(NpgsqlConnection connection)
    {
        // The text is a constant of this assembly wherever it comes from.
#pragma warning disable CA2100
        var command = new NpgsqlCommand(Text, connection);
#pragma warning restore CA2100
        foreach (var value in Values)
            command.Parameters.Add(value switch
            {
                NpgsqlParameter given => given,
                null => new NpgsqlParameter { Value = DBNull.Value },
                DateTimeOffset time => new NpgsqlParameter { Value = time.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                _ => new NpgsqlParameter { Value = value },
            });
        return command;
    }
}
