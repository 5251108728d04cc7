using System.Runtime.CompilerServices;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Submissions.Tables;

namespace Archive.Submissions.Drafts;

/// <summary>Turns a page tab of any form into the JSON that is kept, or says everything that is wrong with it.</summary>
public static class PageTabIntake
{
    // A workbook is packed: what its tree takes is judged by what it may become.
    private const int WorkbookRatio = 16;

    /// <summary>Turns what was received into JSON.</summary>
    /// <param name="text">Disposed of, unless it is given back.</param>
    /// <param name="enter">Takes a place for a tree made of so many bytes, or refuses; null where nobody bounds it. JSON needs none.</param>
    /// <returns>The JSON, to be disposed of; null when the reading says why there is none. Findings beside it are warnings.</returns>
    public static async Task<(PageTabText? Json, PageTabReading Reading)> ToJsonAsync(
        PageTabForm form, PageTabText text, PageTabLimits limits, Func<long, IDisposable?>? enter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        var isGivenBack = false;
        try
        {
            // Sent as JSON, it is kept to the byte, and needs no tree.
            using var place = form == PageTabForm.Json ? null : enter?.Invoke(form == PageTabForm.Xlsx ? WorkbookRatio * text.LengthBytes : text.LengthBytes);
            var reading = form == PageTabForm.Json ? PageTabJson.Check(text, limits) : await ReadAsync(form, text, limits, ct);
            if (reading.Fault != PageTabFault.None || !reading.Report.IsAcceptable) return (null, reading);
            isGivenBack = form == PageTabForm.Json;
            if (isGivenBack) return (text, reading);
            var json = PageTabText.Of(reading.Document!);
            if (json.LengthBytes <= limits.MaxBytes) return (json, reading with { Document = null });
            json.Dispose();
            return (null, PageTabJson.TooLong(limits));
        }
        finally
        {
            if (!isGivenBack) text.Dispose();
        }
    }

    /// <summary>Reads a page tab of any form.</summary>
    public static async Task<PageTabReading> ReadAsync(PageTabForm form, PageTabText text, PageTabLimits limits, CancellationToken ct) => form switch
    {
        PageTabForm.Json => PageTabJson.Read(text, limits),
        PageTabForm.Tsv => PageTabTsv.Read(text, limits),
        PageTabForm.Xml => PageTabXml.Read(text, limits),
        _ => await ReadWorkbookAsync(text, limits, ct),
    };

    private static async Task<PageTabReading> ReadWorkbookAsync(PageTabText text, PageTabLimits limits, CancellationToken ct)
    {
        // A page tab is far smaller than the file lists that the reader's own bounds are for.
        var bounds = XlsxLimits.Default with
        {
            MaxFileBytes = limits.MaxBytes,
            MaxPartBytes = 8 * limits.MaxBytes,
            MaxTotalBytes = 16 * limits.MaxBytes,
            MaxSharedBytes = (int)Math.Min(limits.MaxBytes, int.MaxValue),
            MaxSharedTexts = limits.MaxItems,
        };
        await using var content = text.Open();
        try
        {
            using var sheet = XlsxSheet.Open(content, bounds);
            return await PageTabTsv.ReadRowsAsync(RowsAsync(sheet, ct), limits, ct);
        }
        catch (TableException e)
        {
            var fault = e.Fault.Code == "xlsx-too-large" ? PageTabFault.TooLarge : PageTabFault.NotXlsx;
            return new(null, fault, new([new Finding(Severity.Error, e.Fault.Code, $"row {e.Row}", e.Message)], 0));
        }
    }

    private static async IAsyncEnumerable<(long Number, IReadOnlyList<string> Cells)> RowsAsync(TableReader sheet, [EnumeratorCancellation] CancellationToken ct)
    {
        var row = new TableRow();
        while (await sheet.ReadAsync(row, ct))
            yield return row.Fault is { } fault ? throw new TableException(row.Number, fault) : (row.Number, row.ToArray());
    }
}
