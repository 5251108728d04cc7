using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Archive.Demo;

/// <summary>The two texts of a file list, written without the archive's own code so that tests may hold one against the other.</summary>
internal static class FileListText
{
    private static readonly JsonWriterOptions Plain = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>First column <c>Files</c>, then a column for each attribute that any file has; a missing value is an empty cell.</summary>
    public static string Tsv(IReadOnlyList<GeneratedFile> files)
    {
        var columns = files.SelectMany(file => file.Attributes).Select(attribute => attribute.Key).Distinct(StringComparer.Ordinal).ToList();
        var text = new StringBuilder("Files");
        foreach (var column in columns)
            text.Append('\t').Append(column);
        text.Append('\n');
        foreach (var file in files)
        {
            text.Append(file.Path);
            foreach (var column in columns)
                text.Append('\t').Append(file.Attributes.FirstOrDefault(attribute => attribute.Key == column).Value);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>An array of <c>{path, attributes, type}</c>, as exported page tabs name them.</summary>
    public static string Json(IReadOnlyList<GeneratedFile> files)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var file in files)
                WriteFile(json, file);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFile(Utf8JsonWriter json, GeneratedFile file)
    {
        json.WriteStartObject();
        json.WriteString("path", file.Path);
        json.WriteStartArray("attributes");
        foreach (var (name, value) in file.Attributes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("type", "file");
        json.WriteEndObject();
    }
}
