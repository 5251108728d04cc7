using System.Globalization;
using System.Text;
using System.Xml;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>Goes through XML element by element under bounds, and collects findings with their lines.</summary>
internal sealed class PageTabXmlCursor : IDisposable
{
    // An element for each level of JSON, and one more in tables.
    private const int MaxDepth = PageTabLimits.MaxDepth * 2;
    private const int MaxNames = 5_000;

    private readonly XmlReader xml;
    private readonly PageTabLimits limits;
    private readonly FindingList findings = new();
    private readonly StringBuilder text = new();
    private int items;

    public PageTabXmlCursor(Stream content, PageTabLimits limits)
    {
        this.limits = limits;
        xml = XmlReader.Create(content, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = limits.MaxBytes,
            MaxCharactersFromEntities = 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = false,
            NameTable = new BoundedNames(),
        });
    }

    /// <summary>The line at hand.</summary>
    public int Line => ((IXmlLineInfo)xml).LineNumber;

    /// <summary>The local name of the element at hand.</summary>
    public string Name => xml.LocalName;

    /// <summary>Everything found.</summary>
    public FindingList Findings => findings;

    /// <summary>Goes to the document's element.</summary>
    public void MoveToRoot()
    {
        while (Advance() && xml.NodeType != XmlNodeType.Element)
        {
        }
    }

    /// <summary>Reads what stands behind the document's element: nothing may.</summary>
    public void MoveToEnd()
    {
        while (Advance())
        {
        }
    }

    /// <summary>The first of the XML attributes that the element at hand has; null for none.</summary>
    public string? Attribute(string name, string? oldName = null) => xml.GetAttribute(name) ?? (oldName is null ? null : xml.GetAttribute(oldName));

    /// <summary>Goes through the children of the element at hand.</summary>
    /// <param name="take">Reads the child at hand to its end; false passes over it with a warning.</param>
    public void Children(Func<bool> take)
    {
        if (xml.IsEmptyElement) return;
        var (depth, owner) = (xml.Depth, xml.LocalName);
        while (Advance() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                var (name, line) = (xml.LocalName, Line);
                if (take()) continue;
                Warn("element-unknown", line, $"'{PageTabTsvReader.Short(name)}' means nothing in '{PageTabTsvReader.Short(owner)}' and is passed over. Correct its name, or remove it.");
                Skip();
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                Warn("text-ignored", Line + LeadingLines(xml.Value), $"Text stands in '{PageTabTsvReader.Short(owner)}' itself and is passed over. Put it into 'value' or another element, or remove it.");
        }
    }

    /// <summary>The text of the element at hand, to its end; blanks belong to it.</summary>
    public string Text()
    {
        if (xml.IsEmptyElement) return "";
        var (depth, owner) = (xml.Depth, xml.LocalName);
        string? only = null;
        text.Clear();
        while (Advance() && xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    Error("page-tab-type", Line, $"'{PageTabTsvReader.Short(owner)}' must hold text alone, and has the element '{PageTabTsvReader.Short(xml.LocalName)}'.");
                    Skip();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    // Nearly every text is one node, whose string is made once.
                    if (only is null && text.Length == 0) only = xml.Value;
                    else
                    {
                        text.Append(only).Append(xml.Value);
                        only = null;
                    }
                    break;
            }
        }
        return only ?? text.ToString();
    }

    /// <summary>Passes over the element at hand with everything in it.</summary>
    public void Skip()
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        while (Advance() && xml.Depth > depth)
        {
        }
    }

    /// <summary>Counts something that is kept.</summary>
    /// <exception cref="PageTabOverfullException">It is one too many.</exception>
    public void CountItem()
    {
        if (++items > limits.MaxItems) throw new PageTabOverfullException();
    }

    /// <summary>Adds an error.</summary>
    public void Error(string code, int line, string message)
    {
        if (!findings.TryOmitError()) findings.Error(code, Place(line), message);
    }

    /// <inheritdoc/>
    public void Dispose() => xml.Dispose();

    private string Place(int first) => first >= Line
        ? string.Create(CultureInfo.InvariantCulture, $"line {first}")
        : string.Create(CultureInfo.InvariantCulture, $"lines {first}-{Line}");

    private void Warn(string code, int line, string message)
    {
        // A warning is an item too: a document full of them is no page tab, and their texts take room.
        CountItem();
        findings.Warn(code, Place(line), message);
    }

    // A text begins behind the tag before it, its first word perhaps lines below.
    private static int LeadingLines(string value) => value.AsSpan(0, value.Length - value.AsSpan().TrimStart().Length).Count('\n');

    private bool Advance()
    {
        if (!xml.Read()) return false;
        return xml.Depth <= MaxDepth ? true : throw new PageTabTooDeepException(Place(Line));
    }

    /// <summary>The table in which a reader keeps every name for good: a page tab has two dozen.</summary>
    private sealed class BoundedNames : NameTable
    {
        private int count;

        public override string Add(string key) => Get(key) ?? Count(base.Add(key));

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(base.Add(key, start, len));

        private string Count(string name) => ++count <= MaxNames ? name : throw new XmlException("It has too many different names.");
    }
}
