using System.Buffers;
using System.Text.Json;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Page tab as JSON: <c>{accno, attributes[], section:{accno, type, attributes[], files[], links[], subsections[]}}</c>, an array
/// inside the last three being a table. Follows the public exchange format of BioStudies; unknown properties are ignored.
/// </summary>
public static class PageTabJson
{
    /// <summary>
    /// Reads a document and finds everything that is wrong with it. Reads at most 64 KiB more than
    /// <see cref="PageTabLimits.MaxBytes"/> and never throws for what the text contains.
    /// </summary>
    public static async Task<PageTabReading> ReadAsync(Stream content, PageTabLimits limits, CancellationToken ct)
    {
        using var text = await PageTabText.ReceiveAsync(content, limits.MaxBytes, ct);
        return text is null ? TooLong(limits) : Read(text, limits, isKept: true);
    }

    /// <summary>As <see cref="ReadAsync"/>, of a text that is here already.</summary>
    public static PageTabReading Read(PageTabText text, PageTabLimits limits) => Read(text, limits, isKept: true);

    /// <summary>Finds everything that is wrong with a text, and builds no tree: <see cref="PageTabReading.Document"/> is null.</summary>
    public static PageTabReading Check(PageTabText text, PageTabLimits limits) => Read(text, limits, isKept: false);

    /// <summary>Reads part of a text that was checked before. Never fails for its content: what cannot be read is left out.</summary>
    public static PageTabExcerpt ReadPart(PageTabText text, PageTabPart part)
    {
        var reader = new PageTabJsonReader(int.MaxValue, isKept: true, part);
        var document = reader.Read(text.Bytes, out _);
        return new(document ?? new(null, [], null), reader.IsShortened);
    }

    /// <summary>What is told of a text that is longer than the bound.</summary>
    public static PageTabReading TooLong(PageTabLimits limits) => Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$",
        $"The page tab is longer than {limits.MaxBytes} bytes. Put the files into a file list, which has no such bound.");

    /// <summary>Writes the document; <c>reference</c> only where true, empty lists and absent values left out.</summary>
    public static async Task WriteAsync(PageTabDocument document, Stream target, CancellationToken ct)
    {
        using var text = PageTabText.Of(document, isIndented: true);
        await text.CopyToAsync(target, ct);
    }

    /// <summary>Writes the document; see <see cref="WriteAsync"/>.</summary>
    internal static void Write(PageTabDocument document, IBufferWriter<byte> target, bool isIndented)
    {
        using var writer = new Utf8JsonWriter(target, PageTabJsonWriting.Options with { Indented = isIndented });
        PageTabJsonWriting.Write(document, writer);
        writer.Flush();
    }

    private static PageTabReading Read(PageTabText text, PageTabLimits limits, bool isKept)
    {
        var reader = new PageTabJsonReader(limits.MaxItems, isKept);
        try
        {
            var document = reader.Read(text.Bytes, out var isObject);
            if (!isObject) return Refuse(PageTabFault.NotJson, "page-tab-not-json", "$", "A page tab is a JSON object with 'attributes' and 'section'.");
            var report = reader.Findings.ToReport();
            // Texts that are used were judged one by one; the rest is given back as it came, so it has to be sound too.
            return report.IsAcceptable && !text.IsUtf8()
                ? Refuse(PageTabFault.NotJson, "page-tab-not-json", "$", "The text is not UTF-8.")
                : new(document, PageTabFault.None, report);
        }
        catch (PageTabJsonReader.OverfullException)
        {
            return Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$", $"The page tab has more than {limits.MaxItems} items. Put files into a file list.");
        }
        catch (JsonException e)
        {
            return RefuseText(e);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // A property name that is no valid Unicode: the parser lets it through and stumbles over it at the first look-up.
            return Refuse(PageTabFault.NotJson, "page-tab-not-json", "$", "A property name is not valid Unicode.");
        }
    }

    private static PageTabReading RefuseText(JsonException e)
    {
        var place = $"line {e.LineNumber.GetValueOrDefault() + 1}, column {e.BytePositionInLine.GetValueOrDefault() + 1}";

        // The reader tells nesting apart from other faults by its words only; the texts of the framework are invariant here.
        return e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? Refuse(PageTabFault.TooDeep, "page-tab-too-deep", place, $"The page tab is nested deeper than {PageTabLimits.MaxDepth} levels.")
            : Refuse(PageTabFault.NotJson, "page-tab-not-json", place, "The text is not JSON from here on: " + Reason(e));
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static PageTabReading Refuse(PageTabFault fault, string code, string place, string message) =>
        new(null, fault, new([new Finding(Severity.Error, code, place, message)], 0));
}
