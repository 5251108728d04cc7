using System.Text;
using System.Xml;

namespace Archive.Submissions.Tables;

/// <summary>
/// Reads the XML of a part: no document type, no entities of its own, nothing fetched, bounded in depth and in different names.
/// The encoding is UTF-8 or what a mark says, whatever the declaration says.
/// </summary>
internal sealed class XlsxXml : IDisposable
{
    private const int MaxDepth = 64;
    private const int MaxNames = 5_000;

    private readonly StreamReader text;
    private readonly XmlReader xml;
    private readonly char[] chunk = new char[4096];

    public XlsxXml(Stream part)
    {
        text = new StreamReader(part, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16);
        try
        {
            // Reads the first bytes already.
            xml = XmlReader.Create(text, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CloseInput = false,
                NameTable = new BoundedNames(),
            });
        }
        catch (Exception e) when (IsDamage(e))
        {
            text.Dispose();
            throw Damaged(e);
        }
    }

    /// <summary>The name of the element at hand, without its prefix; null when none is.</summary>
    public string? Element { get; private set; }

    /// <summary>Whether the element at hand was ended and not begun.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Whether the element at hand has no content, so that no end of it comes.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The row that messages name.</summary>
    public long Row { get; set; } = 1;

    /// <summary>Goes on to the next beginning or end of an element; false at the end of the document. Text is passed over.</summary>
    public bool Next()
    {
        while (Advance())
        {
            if (xml.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement)) continue;
            (Element, IsEnd, IsEmpty) = (xml.LocalName, xml.NodeType == XmlNodeType.EndElement, xml.NodeType == XmlNodeType.Element && xml.IsEmptyElement);
            return true;
        }
        Element = null;
        return false;
    }

    /// <summary>An attribute of the element at hand; null when it has none.</summary>
    public string? Attribute(string name) => xml.GetAttribute(name);

    /// <summary>The attribute <c>r:id</c>, whose prefix and namespace differ between programs.</summary>
    public string? RelationId()
    {
        string? found = null;
        for (var has = xml.MoveToFirstAttribute(); has && found is null; has = xml.MoveToNextAttribute())
            if (xml.LocalName == "id" && xml.NamespaceURI.EndsWith("/relationships", StringComparison.Ordinal))
                found = xml.Value;
        xml.MoveToElement();
        return found;
    }

    /// <summary>Takes the text of the element at hand up to its end, and passes over elements in it.</summary>
    public void ReadText(StringBuilder target, int maxChars)
    {
        if (IsEmpty) return;
        var depth = xml.Depth;
        while (Advance() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            while (ReadChunk() is > 0 and var read)
            {
                if (target.Length + read > maxChars) throw XlsxPackage.TooLarge($"A text is longer than {maxChars} characters.", Row);
                target.Append(chunk, 0, read);
            }
        }
        (Element, IsEnd) = (null, false);
    }

    /// <summary>Passes over the element at hand with everything in it.</summary>
    public void SkipElement()
    {
        if (IsEmpty) return;
        var depth = xml.Depth;
        while (Advance() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        xml.Dispose();
        text.Dispose();
    }

    private bool Advance()
    {
        try
        {
            if (!xml.Read()) return false;
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
        return xml.Depth <= MaxDepth ? true : throw XlsxPackage.Damaged("its elements are nested too deep", Row);
    }

    private int ReadChunk()
    {
        try
        {
            return xml.ReadValueChunk(chunk, 0, chunk.Length);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    private static bool IsDamage(Exception e) => e is XmlException or InvalidDataException or DecoderFallbackException;

    private TableException Damaged(Exception e) => XlsxPackage.Damaged(
        e is XmlException { LineNumber: > 0 } x ? $"its XML is broken at character {x.LinePosition} of line {x.LineNumber}" : "a part of it is damaged", Row);

    /// <summary>The table in which a reader keeps every name for good.</summary>
    private sealed class BoundedNames : NameTable
    {
        private int count;

        public override string Add(string key) => Get(key) ?? Count(base.Add(key));

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(base.Add(key, start, len));

        private string Count(string name) => ++count <= MaxNames ? name : throw XlsxPackage.Damaged("it has too many different names");
    }
}
