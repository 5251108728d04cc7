using System.Xml;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Page tab as XML: the elements of JSON's objects, a <c>table</c> where JSON has an array in an array, length and type of a file as XML
/// attributes. No DTD and no entities but those of XML itself; names in any namespace.
/// </summary>
public static class PageTabXml
{
    /// <summary>Reads a document and finds everything that is wrong with it; never throws for what the text contains.</summary>
    public static PageTabReading Read(PageTabText text, PageTabLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        using var content = text.Open();
        using var reader = new PageTabXmlReader(content, limits);
        try
        {
            return reader.Read();
        }
        catch (PageTabOverfullException)
        {
            return reader.Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$", PageTabOutput.OverfullMessage(limits));
        }
        catch (PageTabTooDeepException e)
        {
            return reader.Refuse(PageTabFault.TooDeep, "page-tab-too-deep", e.Place, PageTabOutput.TooDeepMessage);
        }
        catch (XmlException e)
        {
            return reader.Refuse(PageTabFault.NotXml, "page-tab-not-xml", $"line {Math.Max(1, e.LineNumber)}, column {Math.Max(1, e.LinePosition)}", Reason(e));
        }
    }

    /// <summary>Writes the document, piece by piece. <see cref="PageTabOutput.FindInexpressible"/> says whether it can be.</summary>
    public static Task WriteAsync(PageTabDocument document, Stream target, CancellationToken ct) => PageTabXmlWriting.WriteAsync(document, target, ct);

    // The framework's texts are invariant here and end with the place, which is told apart.
    private static string Reason(XmlException e)
    {
        if (e.Message.Contains("DTD is prohibited", StringComparison.Ordinal)) return "The text has a DOCTYPE, which is not read: remove it.";
        var end = e.Message.LastIndexOf(" Line ", StringComparison.Ordinal);
        return "The text is not XML from here on: " + PageTabTsvReader.Short(end < 0 ? e.Message : e.Message[..end]);
    }
}
