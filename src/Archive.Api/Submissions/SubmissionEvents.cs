using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Archive.Model.Submissions;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Archive.Api.Submissions;

/// <summary>
/// A submission's states as server-sent events. Each event is the whole state, so a reader that comes back needs nothing of what
/// it missed. The stream ends when the submission has ended, or when the process stops.
/// </summary>
/// <param name="first">The submission as read before.</param>
/// <param name="place">Given back at the end.</param>
/// <param name="heartbeat">The longest silence; 15 seconds unless given, since proxies cut off what is silent for longer.</param>
internal sealed class SubmissionEvents(Submission first, IDisposable place, TimeSpan? heartbeat = null) : IResult
{
    private readonly TimeSpan heartbeat = heartbeat ?? TimeSpan.FromSeconds(15);
    private long writtenAt;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var held = place;
        httpContext.Response.ContentType = "text/event-stream; charset=utf-8";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        var services = httpContext.RequestServices;
        var watch = services.GetRequiredService<SubmissionWatch>();
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await SendAsync(httpContext, watch, json, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has gone, or comes back to the next process.
        }
    }

    private async Task SendAsync(HttpContext http, SubmissionWatch watch, JsonSerializerOptions json, CancellationToken ct)
    {
        var (told, number) = ("", 0);
        await WriteAsync(http, "retry: 2000\n\n", ct);
        using var follower = watch.Follow(first.Id);
        for (var now = first; now is not null;)
        {
            var state = JsonSerializer.Serialize(SubmissionResponse.Of(now), json);
            if (state != told) await WriteAsync(http, $"id: {++number}\nevent: state\ndata: {state}\n\n", ct);
            told = state;
            if (now.IsEnded) return;
            now = (await NextAsync(http, follower, ct)).Submission;
        }
    }

    // A submission that is worked on is written every few seconds, mostly without a new state: only what was sent ends the silence.
    private async Task<SubmissionWatch.Reading> NextAsync(HttpContext http, SubmissionWatch.Follower follower, CancellationToken ct)
    {
        while (true)
        {
            var left = heartbeat - Stopwatch.GetElapsedTime(writtenAt);
            if (left <= TimeSpan.Zero) await WriteAsync(http, ": still there\n\n", ct);
            else if (await follower.NextAsync(left, ct) is { } reading) return reading;
        }
    }

    private async Task WriteAsync(HttpContext http, string text, CancellationToken ct)
    {
        await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await http.Response.BodyWriter.FlushAsync(ct);
        writtenAt = Stopwatch.GetTimestamp();
    }
}
