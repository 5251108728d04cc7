using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Xml;

namespace Archive.Model.PageTab;

/// <summary>Writes the tree as XML, piece by piece. Line ends in texts are written as references, so that no reader changes them.</summary>
internal sealed class PageTabXmlWriting
{
    private const int FlushBytes = 64 * 1024;

    private readonly PipeWriter pipe;
    private readonly XmlWriter xml;
    private readonly CancellationToken ct;

    private PageTabXmlWriting(PipeWriter pipe, XmlWriter xml, CancellationToken ct) => (this.pipe, this.xml, this.ct) = (pipe, xml, ct);

    /// <summary>See <see cref="PageTabXml.WriteAsync"/>.</summary>
    public static async Task WriteAsync(PageTabDocument document, Stream stream, CancellationToken ct)
    {
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await using (var gathered = new PageTabPipeStream(writer))
        await using (var elements = XmlWriter.Create(gathered, new XmlWriterSettings
        {
            // Only so that it can be disposed of without blocking: what it writes goes to memory.
            Async = true,
            Encoding = new UTF8Encoding(false),
            Indent = true,
            NewLineChars = "\n",
            NewLineHandling = NewLineHandling.Entitize,
        }))
            await new PageTabXmlWriting(writer, elements, ct).WriteAsync(document);
        await writer.FlushAsync(ct);
        await writer.CompleteAsync();
    }

    private async Task WriteAsync(PageTabDocument document)
    {
        xml.WriteStartElement("submission");
        if (document.Accession is not null) xml.WriteAttributeString("accno", document.Accession);
        WriteAttributes(document.Attributes);
        if (document.Section is not null) await WriteSectionAsync(document.Section);
        xml.WriteEndElement();
    }

    private async Task WriteSectionAsync(PageTabSection section)
    {
        xml.WriteStartElement("section");
        if (section.Accession is not null) xml.WriteAttributeString("accno", section.Accession);
        xml.WriteAttributeString("type", section.Type);
        WriteAttributes(section.Attributes);
        await WriteEntriesAsync("links", section.Links, WriteLinkAsync);
        await WriteEntriesAsync("files", section.Files, WriteFileAsync);
        await WriteEntriesAsync("subsections", section.Subsections, WriteSectionAsync);
        xml.WriteEndElement();
    }

    private async Task WriteEntriesAsync<T>(string name, IReadOnlyList<PageTabEntry<T>> entries, Func<T, Task> writeOne)
    {
        if (entries.Count == 0) return;
        xml.WriteStartElement(name);
        foreach (var entry in entries)
        {
            if (entry.IsTable) xml.WriteStartElement("table");
            foreach (var item in entry.Items)
            {
                await writeOne(item);
                if (pipe.UnflushedBytes > FlushBytes) await pipe.FlushAsync(ct);
            }
            if (entry.IsTable) xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private Task WriteFileAsync(PageTabFile file)
    {
        xml.WriteStartElement("file");
        if (file.LengthBytes is { } size) xml.WriteAttributeString("size", size.ToString(CultureInfo.InvariantCulture));
        if (file.Type != "file") xml.WriteAttributeString("type", file.Type);
        xml.WriteElementString("path", file.Path);
        WriteAttributes(file.Attributes);
        xml.WriteEndElement();
        return Task.CompletedTask;
    }

    private Task WriteLinkAsync(PageTabLink link)
    {
        xml.WriteStartElement("link");
        xml.WriteElementString("url", link.Url);
        WriteAttributes(link.Attributes);
        xml.WriteEndElement();
        return Task.CompletedTask;
    }

    private void WriteAttributes(IReadOnlyList<PageTabAttribute> attributes)
    {
        if (attributes.Count == 0) return;
        xml.WriteStartElement("attributes");
        foreach (var attribute in attributes)
        {
            xml.WriteStartElement("attribute");
            if (attribute.Reference) xml.WriteAttributeString("reference", "true");
            WriteNameAndValue(attribute.Name, attribute.Value);
            foreach (var qualifier in attribute.NameQualifiers) WriteQualifier("nmqual", qualifier);
            foreach (var qualifier in attribute.ValueQualifiers) WriteQualifier("valqual", qualifier);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private void WriteQualifier(string element, PageTabQualifier qualifier)
    {
        xml.WriteStartElement(element);
        WriteNameAndValue(qualifier.Name, qualifier.Value);
        xml.WriteEndElement();
    }

    // A value that is absent has no element: an empty one is an empty text.
    private void WriteNameAndValue(string name, string? value)
    {
        xml.WriteElementString("name", name);
        if (value is not null) xml.WriteElementString("value", value);
    }
}
