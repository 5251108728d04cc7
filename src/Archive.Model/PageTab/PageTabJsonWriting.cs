using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Archive.Model.PageTab;

/// <summary>Writes the tree as JSON and lets go of what is written as it goes.</summary>
internal static class PageTabJsonWriting
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>Indented, with every alphabet as it is; only what HTML could misread is escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes the document.</summary>
    public static async Task WriteAsync(PageTabDocument document, Utf8JsonWriter writer, CancellationToken ct)
    {
        writer.WriteStartObject();
        if (document.Accession is not null) writer.WriteString("accno", document.Accession);
        WriteAttributes(writer, document.Attributes);
        if (document.Section is not null)
        {
            writer.WritePropertyName("section");
            await WriteSectionAsync(writer, document.Section, ct);
        }
        writer.WriteString("type", "submission");
        writer.WriteEndObject();
    }

    private static async Task WriteSectionAsync(Utf8JsonWriter writer, PageTabSection section, CancellationToken ct)
    {
        writer.WriteStartObject();
        if (section.Accession is not null) writer.WriteString("accno", section.Accession);
        writer.WriteString("type", section.Type);
        WriteAttributes(writer, section.Attributes);
        await WriteEntriesAsync(writer, "files", section.Files, WriteFileAsync, ct);
        await WriteEntriesAsync(writer, "links", section.Links, WriteLinkAsync, ct);
        await WriteEntriesAsync(writer, "subsections", section.Subsections, WriteSectionAsync, ct);
        writer.WriteEndObject();
    }

    private static async Task WriteEntriesAsync<T>(
        Utf8JsonWriter writer, string name, IReadOnlyList<PageTabEntry<T>> entries, Func<Utf8JsonWriter, T, CancellationToken, Task> writeOne, CancellationToken ct)
    {
        if (entries.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var entry in entries)
        {
            if (entry.IsTable) writer.WriteStartArray();
            foreach (var item in entry.Items)
            {
                await writeOne(writer, item, ct);
                if (writer.BytesPending > FlushBytes) await writer.FlushAsync(ct);
            }
            if (entry.IsTable) writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static Task WriteFileAsync(Utf8JsonWriter writer, PageTabFile file, CancellationToken ct)
    {
        writer.WriteStartObject();
        writer.WriteString("path", file.Path);
        if (file.LengthBytes is { } size) writer.WriteNumber("size", size);
        writer.WriteString("type", file.Type);
        WriteAttributes(writer, file.Attributes);
        writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private static Task WriteLinkAsync(Utf8JsonWriter writer, PageTabLink link, CancellationToken ct)
    {
        writer.WriteStartObject();
        writer.WriteString("url", link.Url);
        WriteAttributes(writer, link.Attributes);
        writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyList<PageTabAttribute> attributes)
    {
        if (attributes.Count == 0) return;
        writer.WriteStartArray("attributes");
        foreach (var attribute in attributes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", attribute.Name);
            writer.WriteString("value", attribute.Value);
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
            writer.WriteString("name", qualifier.Name);
            writer.WriteString("value", qualifier.Value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
