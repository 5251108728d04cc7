using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>How documents are written as jsonb. Members may be added to a document later; none may be renamed.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // Never sent to a browser, so only what JSON itself asks for is escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A section of a page tab takes four levels; who reads page tabs limits how deep they are.
        MaxDepth = 1000,
    };

    /// <summary>The document as the value of a jsonb parameter.</summary>
    public static NpgsqlParameter From<T>(T document) =>
        new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = JsonSerializer.Serialize(document, Options) };

    /// <summary>The document in a jsonb column.</summary>
    public static T Read<T>(NpgsqlDataReader reader, int column) => JsonSerializer.Deserialize<T>(reader.GetString(column), Options)!;

    /// <summary>A number or its absence as the value of a bigint parameter.</summary>
    public static NpgsqlParameter Number(long? value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)value ?? DBNull.Value };

    /// <summary>The text of a document.</summary>
    public static string Text<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <summary>The document of a text.</summary>
    public static T Parse<T>(string text) => JsonSerializer.Deserialize<T>(text, Options)!;
}
