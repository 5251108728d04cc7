using System.Text;
using Archive.Model.PageTab;

namespace Archive.Model.Tests.PageTab;

/// <summary>Reads and writes any form, for tests.</summary>
internal static class PageTabForms
{
    public static async Task<PageTabReading> ReadAsync(PageTabForm form, byte[] bytes, PageTabLimits? limits = null)
    {
        using var content = new MemoryStream(bytes);
        var bounds = limits ?? PageTabLimits.Default;
        using var text = await PageTabText.ReceiveAsync(content, bounds.MaxBytes, CancellationToken.None);
        if (text is null) return PageTabJson.TooLong(bounds);
        return form switch
        {
            PageTabForm.Json => PageTabJson.Read(text, bounds),
            PageTabForm.Tsv => PageTabTsv.Read(text, bounds),
            _ => PageTabXml.Read(text, bounds),
        };
    }

    public static Task<PageTabReading> ReadAsync(PageTabForm form, string text, PageTabLimits? limits = null) => ReadAsync(form, Encoding.UTF8.GetBytes(text), limits);

    public static async Task<byte[]> WriteAsync(PageTabForm form, PageTabDocument document)
    {
        using var target = new MemoryStream();
        await (form switch
        {
            PageTabForm.Json => PageTabJson.WriteAsync(document, target, CancellationToken.None),
            PageTabForm.Tsv => PageTabTsv.WriteAsync(document, target, CancellationToken.None),
            _ => PageTabXml.WriteAsync(document, target, CancellationToken.None),
        });
        return target.ToArray();
    }

    public static PageTabForm Of(string file) => Path.GetExtension(file) switch
    {
        ".tsv" => PageTabForm.Tsv,
        ".xml" => PageTabForm.Xml,
        ".xlsx" => PageTabForm.Xlsx,
        _ => PageTabForm.Json,
    };
}
