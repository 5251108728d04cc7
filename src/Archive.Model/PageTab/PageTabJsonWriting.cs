using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Archive.Model.PageTab;

/// <summary>Writes the tree as JSON.</summary>
internal static class PageTabJsonWriting
{
    // The writer asks for three bytes for each character of a text at once; long ones are given to it in parts.
    private const int PartChars = 8 * 1024;

    /// <summary>Every alphabet as it is; only what HTML could misread is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes the document.</summary>
    public static void Write(PageTabDocument document, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (document.Accession is not null) WriteText(writer, "accno", document.Accession);
        WriteAttributes(writer, document.Attributes);
        if (document.Section is not null)
        {
            writer.WritePropertyName("section");
            WriteSection(writer, document.Section);
        }
        writer.WriteString("type", "submission");
        writer.WriteEndObject();
    }

    private static void WriteSection(Utf8JsonWriter writer, PageTabSection section)
    {
        writer.WriteStartObject();
        if (section.Accession is not null) WriteText(writer, "accno", section.Accession);
        WriteText(writer, "type", section.Type);
        WriteAttributes(writer, section.Attributes);
        WriteEntries(writer, "files", section.Files, WriteFile);
        WriteEntries(writer, "links", section.Links, WriteLink);
        WriteEntries(writer, "subsections", section.Subsections, WriteSection);
        writer.WriteEndObject();
    }

    private static void WriteEntries<T>(Utf8JsonWriter writer, string name, IReadOnlyList<PageTabEntry<T>> entries, Action<Utf8JsonWriter, T> writeOne)
    {
        if (entries.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var entry in entries)
        {
            if (entry.IsTable) writer.WriteStartArray();
            foreach (var item in entry.Items) writeOne(writer, item);
            if (entry.IsTable) writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static void WriteFile(Utf8JsonWriter writer, PageTabFile file)
    {
        writer.WriteStartObject();
        WriteText(writer, "path", file.Path);
        if (file.LengthBytes is { } size) writer.WriteNumber("size", size);
        WriteText(writer, "type", file.Type);
        WriteAttributes(writer, file.Attributes);
        writer.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter writer, PageTabLink link)
    {
        writer.WriteStartObject();
        WriteText(writer, "url", link.Url);
        WriteAttributes(writer, link.Attributes);
        writer.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyList<PageTabAttribute> attributes)
    {
        if (attributes.Count == 0) return;
        writer.WriteStartArray("attributes");
        foreach (var attribute in attributes)
        {
            writer.WriteStartObject();
            WriteText(writer, "name", attribute.Name);
            WriteText(writer, "value", attribute.Value);
            if (attribute.Reference) writer.WriteBoolean("reference", true);
            WriteQualifiers(writer, "nmqual", attribute.NameQualifiers);
            WriteQualifiers(writer, "valqual", attribute.ValueQualifiers);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteQualifiers(Utf8JsonWriter writer, string name, IReadOnlyList<PageTabQualifier> qualifiers)
    {
        if (qualifiers.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var qualifier in qualifiers)
        {
            writer.WriteStartObject();
            WriteText(writer, "name", qualifier.Name);
            WriteText(writer, "value", qualifier.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is null || text.Length <= PartChars)
        {
            writer.WriteString(name, text);
            return;
        }
        writer.WritePropertyName(name);
        for (var start = 0; start < text.Length; start += PartChars)
            writer.WriteStringValueSegment(text.AsSpan(start, Math.Min(PartChars, text.Length - start)), start + PartChars >= text.Length);
    }
}
