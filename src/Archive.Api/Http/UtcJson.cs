using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Archive.Api.Http;

/// <summary>Instants in answers: UTC, ISO 8601 with <c>Z</c>, to the microsecond, which is what the database keeps.</summary>
internal sealed class UtcJson : JsonConverter<DateTimeOffset>
{
    /// <summary>How they are written, after a conversion to UTC.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
