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
    /// Reads a document and finds everything that is wrong with it. Reads at most one byte more than
    /// <see cref="PageTabLimits.MaxBytes"/> and never throws for what the text contains.
    /// </summary>
    public static async Task<PageTabReading> ReadAsync(Stream content, PageTabLimits limits, CancellationToken ct)
    {
        try
        {
            await using var bounded = new BoundedStream(content, limits.MaxBytes);
            using var json = await JsonDocument.ParseAsync(bounded, new() { MaxDepth = PageTabLimits.MaxDepth }, ct);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return Refuse(PageTabFault.NotJson, "page-tab-not-json", "$", "A page tab is a JSON object with 'attributes' and 'section'.");
            var walk = new PageTabJsonWalk(limits.MaxItems);
            var document = walk.ReadDocument(json.RootElement);
            return walk.IsOverfull
                ? Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$", $"The page tab has more than {limits.MaxItems} items. Put files into a file list.")
                : new(document, PageTabFault.None, walk.Findings.ToReport());
        }
        catch (BoundedStream.ExceededException)
        {
            return Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$",
                $"The page tab is longer than {limits.MaxBytes} bytes. Put the files into a file list, which has no such bound.");
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

    /// <summary>Writes the document; <c>reference</c> only where true, empty lists and absent values left out.</summary>
    public static async Task WriteAsync(PageTabDocument document, Stream target, CancellationToken ct)
    {
        await using var writer = new Utf8JsonWriter(target, PageTabJsonWriting.Options);
        await PageTabJsonWriting.WriteAsync(document, writer, ct);
        await writer.FlushAsync(ct);
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
