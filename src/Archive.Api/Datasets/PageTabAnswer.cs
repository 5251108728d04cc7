using Archive.Api.Http;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Archive.Api.Datasets;

/// <summary>Writes a page tab in one of its forms.</summary>
internal sealed class PageTabAnswer : IResult
{
    // Whoever takes a large one slower for half a minute is cut off.
    private static readonly MinDataRate LeastRate = new(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(30));

    private readonly PageTabDocument document;
    private readonly PageTabForm form;
    private readonly string mediaType;

    private PageTabAnswer(PageTabDocument document, PageTabForm form, string mediaType) => (this.document, this.form, this.mediaType) = (document, form, mediaType);

    /// <summary>The answer, which can be written whole.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.PageTabInexpressible"/>: nothing is left out in silence.</exception>
    public static PageTabAnswer Of(PageTabDocument document, PageTabForm form, string mediaType)
    {
        // What is kept was read once, so JSON and TSV can say it; only XML lacks characters.
        if (form == PageTabForm.Xml && PageTabOutput.FindInexpressible(document, form) is { IsAcceptable: false } report)
            throw new ArchiveException(Problems.PageTabInexpressible, report.Findings[0].Message, Refusal.Facts(report.Findings));
        return new(document, form, mediaType);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = mediaType + "; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        var ct = httpContext.RequestAborted;
        await (form switch
        {
            PageTabForm.Tsv => PageTabTsv.WriteAsync(document, response.Body, ct),
            PageTabForm.Xml => PageTabXml.WriteAsync(document, response.Body, ct),
            _ => PageTabJson.WriteAsync(document, response.Body, ct),
        });
    }

    /// <summary>Holds a place until the answer is written, which whoever asked for it has to take at a rate that lets others in.</summary>
    public static void Hold(IDisposable place, HttpContext http)
    {
        http.Response.RegisterForDispose(place);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = LeastRate;
    }

    /// <summary>The form that the caller accepts best, and that the answer depends on it.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.NotAcceptable"/>.</exception>
    public static (PageTabForm Form, string MediaType) Negotiate(HttpContext http)
    {
        http.Response.Headers.Append("Vary", "Accept");
        return PageTabMedia.Negotiate(http.Request.Headers.Accept)
            ?? throw new ArchiveException(Problems.NotAcceptable, $"A page tab is given as {PageTabMedia.Json}, {PageTabMedia.Tsv} or {PageTabMedia.Xml}.");
    }
}
