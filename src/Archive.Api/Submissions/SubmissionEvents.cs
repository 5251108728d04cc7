using System.Text;
using System.Text.Json;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Archive.Api.Submissions;

/// <summary>
/// A submission's states as server-sent events. Each event is the whole state, so a reader that comes back needs nothing of what
/// it missed. The stream ends when the submission has ended, or when the process stops.
/// </summary>
internal sealed class SubmissionEvents(Submission first, IDisposable place) : IResult
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var held = place;
        httpContext.Response.ContentType = "text/event-stream; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        var services = httpContext.RequestServices;
        var submissions = services.GetRequiredService<ISubmissionStore>();
        var clock = services.GetRequiredService<TimeProvider>();
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await SendAsync(httpContext, submissions, clock, json, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has gone, or comes back to the next process.
        }
    }

    private async Task SendAsync(HttpContext http, ISubmissionStore submissions, TimeProvider clock, JsonSerializerOptions json, CancellationToken ct)
    {
        var (now, told, quietSince, number) = (first, "", clock.GetTimestamp(), 0);
        await WriteAsync(http, "retry: 2000\n\n", ct);
        while (true)
        {
            var state = JsonSerializer.Serialize(SubmissionResponse.Of(now), json);
            if (state != told)
            {
                await WriteAsync(http, $"id: {++number}\nevent: state\ndata: {state}\n\n", ct);
                (told, quietSince) = (state, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(quietSince) > Heartbeat)
            {
                await WriteAsync(http, ": still there\n\n", ct);
                quietSince = clock.GetTimestamp();
            }
            if (now.IsEnded) return;
            await Task.Delay(Look, clock, ct);
            if (await submissions.FindAsync(now.Id, ct) is not { } next) return;
            now = next;
        }
    }

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken ct)
    {
        await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await http.Response.BodyWriter.FlushAsync(ct);
    }
}
