using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Archive.Api.Http;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Archive.Api.Datasets;

/// <summary>
/// Changes as lines, read and sent a portion at a time: neither memory nor a snapshot of the database is held while a reader takes his time. It
/// ends when nothing newer is there; a change that is committed meanwhile is either among them or has a higher number than the last.
/// </summary>
internal sealed class ChangeLines(IDatasetStore datasets, BaseAddress address, ListForm form, long after, int? size) : IResult
{
    private const int PortionSize = 500;
    private static readonly string[] Columns =
        ["change", "kind", "accession", "state", "changedAt", "version", "title", "collection", "releaseDate", "fileCount", "totalBytes", "reason", "withdrawnAt", "page"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = (form == ListForm.Csv ? ListForms.Csv : ListForms.JsonLines) + "; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var (since, left) = (after, size ?? long.MaxValue);
        while (true)
        {
            var wanted = (int)Math.Min(PortionSize, left);
            var portion = await datasets.ListChangesAsync(since, wanted, ct);
            // Not before the first portion was read: until then a fault of the database can be told.
            if (since == after && form == ListForm.Csv) WriteRow(response.BodyWriter, Columns);
            foreach (var dataset in portion) Write(response.BodyWriter, DatasetItem.Of(dataset, address), json);
            await response.BodyWriter.FlushAsync(ct);
            left -= portion.Count;
            if (portion.Count < wanted || left == 0) return;
            since = portion[^1].Change;
        }
    }

    private void Write(IBufferWriter<byte> target, DatasetItem item, JsonSerializerOptions json)
    {
        if (form == ListForm.Csv)
        {
            WriteRow(target, Row(item));
            return;
        }
        target.Write(JsonSerializer.SerializeToUtf8Bytes(item, json));
        target.Write("\n"u8);
    }

    private static IEnumerable<string?> Row(DatasetItem item) =>
    [
        Text(item.Change), item.Kind?.ToString(), item.Accession.ToString(), item.State.ToString(), Text(item.ChangedAt), Text(item.Version), item.Title, item.Collection,
        Text(item.ReleaseDate), Text(item.FileCount), Text(item.TotalBytes), item.Reason, Text(item.WithdrawnAt), item.Links?.Page,
    ];

    private static void WriteRow(IBufferWriter<byte> target, IEnumerable<string?> cells) =>
        Encoding.UTF8.GetBytes(string.Join(',', cells.Select(Cell)) + "\r\n", target);

    private static string Cell(string? text) =>
        text is null ? "" : text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(UtcJson.Format, CultureInfo.InvariantCulture);
}
