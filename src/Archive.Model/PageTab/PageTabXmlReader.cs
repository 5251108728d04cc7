using System.Globalization;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>Builds the tree from XML; collects findings instead of stopping. What is unknown is passed over with a warning.</summary>
internal sealed class PageTabXmlReader(Stream content, PageTabLimits limits) : IDisposable
{
    private readonly PageTabXmlCursor xml = new(content, limits);

    /// <summary>Reads the whole document.</summary>
    /// <exception cref="System.Xml.XmlException">It is not XML.</exception>
    /// <exception cref="PageTabOverfullException">It has more items than are allowed.</exception>
    /// <exception cref="PageTabTooDeepException">It is nested too deep.</exception>
    public PageTabReading Read()
    {
        xml.MoveToRoot();
        if (xml.Name != "submission")
            return Refuse(PageTabFault.NotXml, "page-tab-not-xml", $"line {xml.Line}", $"The document's element is '{PageTabTsvReader.Short(xml.Name)}': a page tab in XML is a 'submission'.");
        var accession = xml.Attribute("accno", "acc");
        PageTabAttribute[] attributes = [];
        PageTabSection? section = null;
        xml.Children(() =>
        {
            switch (xml.Name)
            {
                case "attributes": attributes = [.. attributes, .. ReadAttributes()]; return true;
                case "section":
                    if (section is not null) xml.Error("section-repeated", xml.Line, "A second root section: put it into 'subsections' of the first.");
                    section = ReadSection();
                    return true;
                default: return false;
            }
        });
        xml.MoveToEnd();
        var document = new PageTabDocument(accession, attributes, section);
        if (PageTabDepth.TooDeep(document) is { } place) throw new PageTabTooDeepException(place);
        return new(document, PageTabFault.None, xml.Findings.ToReport());
    }

    /// <summary>What came of it when nothing more could be read.</summary>
    public PageTabReading Refuse(PageTabFault fault, string code, string place, string message)
    {
        xml.Findings.Error(code, place, message);
        return new(null, fault, xml.Findings.ToReport());
    }

    /// <inheritdoc/>
    public void Dispose() => xml.Dispose();

    private PageTabSection ReadSection()
    {
        xml.CountItem();
        var line = xml.Line;
        var (accession, type) = (xml.Attribute("accno", "acc"), xml.Attribute("type"));
        PageTabAttribute[] attributes = [];
        List<PageTabEntry<PageTabFile>>? files = null;
        List<PageTabEntry<PageTabLink>>? links = null;
        List<PageTabEntry<PageTabSection>>? sections = null;
        xml.Children(() =>
        {
            switch (xml.Name)
            {
                case "attributes": attributes = [.. attributes, .. ReadAttributes()]; return true;
                case "files": ReadEntries(files ??= [], "file", ReadFile); return true;
                case "links": ReadEntries(links ??= [], "link", ReadLink); return true;
                case "subsections": ReadEntries(sections ??= [], "section", ReadSection); return true;
                default: return false;
            }
        });
        if (string.IsNullOrWhiteSpace(type)) xml.Error("section-type-missing", line, "The section has no XML attribute 'type', such as Study, Author or Study Component.");
        return new(accession, type ?? "", attributes, files is null ? [] : files.ToArray(), links is null ? [] : links.ToArray(), sections is null ? [] : sections.ToArray());
    }

    private void ReadEntries<T>(List<PageTabEntry<T>> entries, string name, Func<T> readOne) => xml.Children(() =>
    {
        if (xml.Name == name) entries.Add(new([readOne()], false));
        else if (xml.Name == "table")
        {
            var line = xml.Line;
            var rows = new List<T>();
            xml.Children(() =>
            {
                if (xml.Name != name) return false;
                rows.Add(readOne());
                return true;
            });
            if (rows.Count > 0) entries.Add(new(rows.ToArray(), true));
            else
            {
                xml.CountItem();
                xml.Error("table-empty", line, $"The table has no row. Put an element '{name}' into it for each, or remove it.");
            }
        }
        else return false;
        return true;
    });

    private PageTabFile ReadFile()
    {
        xml.CountItem();
        var line = xml.Line;
        var (size, type) = (xml.Attribute("size"), xml.Attribute("type"));
        string? path = null;
        PageTabAttribute[] attributes = [];
        xml.Children(() =>
        {
            switch (xml.Name)
            {
                case "path" or "name": path = xml.Text(); return true;
                case "size": size = xml.Text(); return true;
                case "type": type = xml.Text(); return true;
                case "attributes": attributes = [.. attributes, .. ReadAttributes()]; return true;
                default: return false;
            }
        });
        long? lengthBytes = null;
        if (size is not null)
        {
            if (long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) lengthBytes = value;
            else xml.Error("file-size-invalid", line, "The size is not a whole number of bytes.");
        }
        if (string.IsNullOrEmpty(path)) xml.Error("file-path-missing", line, "The file has no 'path'.");
        return new(path ?? "", lengthBytes, type ?? "file", attributes);
    }

    private PageTabLink ReadLink()
    {
        xml.CountItem();
        var line = xml.Line;
        string? url = null;
        PageTabAttribute[] attributes = [];
        xml.Children(() =>
        {
            switch (xml.Name)
            {
                case "url": url = xml.Text(); return true;
                case "attributes": attributes = [.. attributes, .. ReadAttributes()]; return true;
                default: return false;
            }
        });
        if (string.IsNullOrWhiteSpace(url)) xml.Error("link-url-missing", line, "The link has no 'url'.");
        return new(url ?? "", attributes);
    }

    private PageTabAttribute[] ReadAttributes()
    {
        List<PageTabAttribute>? attributes = null;
        xml.Children(() =>
        {
            if (xml.Name != "attribute") return false;
            xml.CountItem();
            var line = xml.Line;
            var isReference = xml.Attribute("reference", "isReference") is "true" or "1";
            string? name = null, value = null;
            List<PageTabQualifier>? ofName = null, ofValue = null;
            xml.Children(() =>
            {
                switch (xml.Name)
                {
                    case "name": name = xml.Text(); return true;
                    case "value": value = xml.Text(); return true;
                    case "nmqual": ReadQualifier(ofName ??= []); return true;
                    case "valqual": ReadQualifier(ofValue ??= []); return true;
                    default: return false;
                }
            });
            if (string.IsNullOrWhiteSpace(name)) xml.Error("attribute-name-blank", line, "The attribute has no 'name'.");
            else (attributes ??= []).Add(new(name, value, isReference, ofName is null ? [] : ofName.ToArray(), ofValue is null ? [] : ofValue.ToArray()));
            return true;
        });
        return attributes is null ? [] : attributes.ToArray();
    }

    private void ReadQualifier(List<PageTabQualifier> qualifiers)
    {
        xml.CountItem();
        var line = xml.Line;
        string? name = null, value = null;
        xml.Children(() =>
        {
            switch (xml.Name)
            {
                case "name": name = xml.Text(); return true;
                case "value": value = xml.Text(); return true;
                default: return false;
            }
        });
        if (string.IsNullOrWhiteSpace(name)) xml.Error("attribute-name-blank", line, "The qualifier has no 'name'.");
        else qualifiers.Add(new(name, value));
    }
}
