using System.Collections.Concurrent;
using Archive.Model.Errors;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>
/// Signals inside this process, and between processes by LISTEN and NOTIFY on one connection of its own, opened when someone
/// first waits and opened again when it breaks. Whatever may have been missed in between wakes everyone.
/// </summary>
public sealed class PostgresChangeSignal(MetadataDatabase database, ILogger<PostgresChangeSignal> logger) : IChangeSignal, IAsyncDisposable
{
    private const string Channel = "archive";

    // Tells our own notifications from those of other nodes: ours were heard when they were sent.
    private readonly string node = $"{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<(SignalTopic, string), long> heard = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private readonly Dictionary<SignalTopic, Beat> beats = Enum.GetValues<SignalTopic>().ToDictionary(t => t, _ => new Beat(0));
    private Task? listening;
    private int disposed;

    /// <inheritdoc/>
    public async Task SendAsync(SignalTopic topic, CancellationToken ct)
    {
        Wake(topic);
        try
        {
            // As a read: sending twice does no harm, so it is tried again over a connection that still lives.
            await database.ReadOneAsync(new Statement("SELECT pg_notify($1, $2)", Channel, $"{node} {topic}"), _ => true, ct);
        }
        catch (Exception e) when (e is ArchiveException or OperationCanceledException or ObjectDisposedException)
        {
            logger.LogDebug(e, "Other nodes were not woken; their sweep finds what changed");
        }
    }

    /// <inheritdoc/>
    public async Task WaitAsync(SignalTopic topic, string listener, TimeSpan atMost, CancellationToken ct)
    {
        Beat beat;
        lock (gate)
        {
            if (disposed == 0) listening ??= Task.Run(() => ListenAsync(closing.Token), CancellationToken.None);
            beat = beats[topic];
        }
        if (heard.GetValueOrDefault((topic, listener)) == beat.Number)
        {
            try
            {
                await beat.Next.Task.WaitAsync(atMost, ct);
            }
            catch (TimeoutException)
            {
                // A wait always has an end.
            }
        }
        lock (gate) heard[(topic, listener)] = beats[topic].Number;
    }

    /// <summary>Ends the listening. Does nothing the second time: the process ends it before its database, the container again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        // Whoever stops the archive and whoever made this may both dispose of it.
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await closing.CancelAsync();
        if (listening is { } task) await task;
        closing.Dispose();
    }

    private void Wake(SignalTopic topic)
    {
        Beat beat;
        lock (gate)
        {
            beat = beats[topic];
            beats[topic] = new Beat(beat.Number + 1);
        }
        beat.Next.TrySetResult();
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        var pause = TimeSpan.Zero;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenAloneAsync(ct);
                connection.Notification += (_, heardOf) => Hear(heardOf.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
                foreach (var topic in Enum.GetValues<SignalTopic>()) Wake(topic);
                pause = TimeSpan.Zero;
                while (true) await connection.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or ArchiveException or IOException or TimeoutException or ObjectDisposedException)
            {
                logger.LogWarning("The connection that hears other nodes' signals broke: {Reason}", e.Message);
            }
            pause = TimeSpan.FromSeconds(Math.Clamp(pause.TotalSeconds * 2, 0.1, 10));
            await Task.Delay(pause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Hear(string payload)
    {
        if (payload.Split(' ') is [var sender, var topic] && sender != node && Enum.TryParse<SignalTopic>(topic, out var known)
            && Enum.IsDefined(known))
            Wake(known);
    }

    /// <summary>The signals sent so far and the promise of the next one.</summary>
    private sealed record Beat(long Number)
    {
        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
