using Archive.Model.Files;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>How paths and digests stand in narrow columns: tables that hold millions of rows of them are no documents.</summary>
internal static class PathColumns
{
    /// <summary>The spelling as sent, where it is not the one that paths are told apart by; else null.</summary>
    public static string? SentPath(this ArchivePath path) => path.MatchKey == path.Value ? null : path.Value;

    /// <summary>The path of a row that has the match key in one column and the spelling as sent, or null, in the next.</summary>
    public static ArchivePath ReadPath(this NpgsqlDataReader row, int column) =>
        ArchivePath.FromStore(row.GetString(row.IsDBNull(column + 1) ? column : column + 1));

    /// <summary>The digests of a row that has MD5, SHA-256 and CRC-32 in three columns; null when the first is null.</summary>
    public static FileDigests? ReadDigests(this NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new FileDigests(
            Convert.ToHexStringLower(row.GetFieldValue<byte[]>(column)),
            Convert.ToHexStringLower(row.GetFieldValue<byte[]>(column + 1)),
            (uint)row.GetInt64(column + 2));
}
