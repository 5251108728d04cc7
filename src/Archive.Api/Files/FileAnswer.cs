using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Storage.Objects;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Files;

/// <summary>
/// Sends a stored file, whole or in ranges. Depositors' bytes are hostile: the type comes from our own table, scripts and frames
/// are forbidden, and all but a few harmless types are attachments.
/// </summary>
internal sealed class FileAnswer(FileReference file, IObjectStore objects, string cacheControl) : IResult
{
    private const int BufferBytes = 128 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var etag = new EntityTagHeaderValue($"\"{file.Digests!.Sha256}\"");
        var format = FileFormat.Of(file.Path);
        if (!ETags.Allows(request.Headers.IfMatch, etag))
            throw new ArchiveException(Problems.PreconditionFailed, "The file has another content than If-Match names.");
        SetHeaders(response, etag, format);
        if (ETags.IsKnown(request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var ranges = HttpMethods.IsGet(request.Method) ? ByteRanges.Read(request.Headers, file.LengthBytes, etag) : null;
        switch (ranges)
        {
            case null: await SendWholeAsync(httpContext, format); break;
            case []: await RefuseRangeAsync(httpContext); break;
            case [var range]: await SendRangeAsync(httpContext, format, range); break;
            default: await SendRangesAsync(httpContext, format, ranges); break;
        }
    }

    private void SetHeaders(HttpResponse response, EntityTagHeaderValue etag, FileFormat format)
    {
        var headers = response.Headers;
        headers.AcceptRanges = "bytes";
        headers.ETag = etag.ToString();
        headers.CacheControl = cacheControl;
        headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Digests!.Sha256))}:";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var disposition = new ContentDispositionHeaderValue(format.ShownInline ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Path.FileName);
        headers.ContentDisposition = disposition.ToString();
    }

    private async Task SendWholeAsync(HttpContext http, FileFormat format)
    {
        http.Response.ContentType = format.MediaType;
        http.Response.ContentLength = file.LengthBytes;
        if (HttpMethods.IsHead(http.Request.Method) || file.LengthBytes == 0) return;
        await CopyAsync(http, new ByteRange(0, file.LengthBytes - 1));
    }

    private Task RefuseRangeAsync(HttpContext http)
    {
        http.Response.Headers.ContentRange = new ContentRangeHeaderValue(file.LengthBytes).ToString();
        http.Response.Headers.Remove("Content-Disposition");
        return ProblemAnswer.WriteAsync(http, Problems.RangeNotSatisfiable, $"The file has {file.LengthBytes} bytes.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["lengthBytes"] = file.LengthBytes });
    }

    private async Task SendRangeAsync(HttpContext http, FileFormat format, ByteRange range)
    {
        http.Response.StatusCode = StatusCodes.Status206PartialContent;
        http.Response.ContentType = format.MediaType;
        http.Response.ContentLength = range.LengthBytes;
        http.Response.Headers.ContentRange = new ContentRangeHeaderValue(range.First, range.Last, file.LengthBytes).ToString();
        await CopyAsync(http, range);
    }

    private async Task SendRangesAsync(HttpContext http, FileFormat format, IReadOnlyList<ByteRange> ranges)
    {
        var boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var heads = ranges.Select(r => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"\r\n--{boundary}\r\nContent-Type: {format.MediaType}\r\nContent-Range: bytes {r.First}-{r.Last}/{file.LengthBytes}\r\n\r\n"))).ToList();
        var tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        http.Response.StatusCode = StatusCodes.Status206PartialContent;
        http.Response.ContentType = "multipart/byteranges; boundary=" + boundary;
        http.Response.ContentLength = ranges.Sum(r => r.LengthBytes) + heads.Sum(h => (long)h.Length) + tail.Length;
        for (var i = 0; i < ranges.Count; i++)
        {
            await http.Response.BodyWriter.WriteAsync(heads[i], http.RequestAborted);
            await CopyAsync(http, ranges[i]);
        }
        await http.Response.BodyWriter.WriteAsync(tail, http.RequestAborted);
    }

    private async Task CopyAsync(HttpContext http, ByteRange range)
    {
        var ct = http.RequestAborted;
        await using var content = await objects.OpenAsync(new ObjectKey(file.ObjectKey!), range.First, range.LengthBytes, ct)
            ?? throw new ArchiveException(Problems.Unavailable, "The file's content cannot be read now.");
        var writer = http.Response.BodyWriter;
        for (var left = range.LengthBytes; left > 0;)
        {
            // Read into the server's own buffers; the flush waits for a slow reader, so that memory stays flat.
            var buffer = writer.GetMemory(BufferBytes);
            if (buffer.Length > left) buffer = buffer[..(int)left];
            var read = await content.ReadAsync(buffer, ct);
            if (read == 0) throw new IOException($"Object {file.ObjectKey} ended {left} bytes early.");
            left -= read;
            writer.Advance(read);
            await writer.FlushAsync(ct);
        }
    }
}
