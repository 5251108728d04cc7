using Archive.Model.Effects;
using Archive.Model.Errors;

namespace Archive.Storage.Metadata;

/// <summary>
/// Does what must follow a write, from the document that records it. Whoever wrote the document calls it afterwards and then takes
/// the effects out; a sweep does the same for documents whose writer died. Doing it twice is doing it once.
/// </summary>
public sealed class EffectDrain(IMailStore mails, IAuditStore audit, IChangeSignal signal)
{
    private const int Batch = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Does what must follow a write that was made, in bounded time: it must not hold up for long who waits for the write's answer.</summary>
    /// <param name="follow">Does it.</param>
    /// <param name="ct">Of a job; a request's is not to be given, since who hangs up must not keep it from being done.</param>
    /// <returns>What kept it from being done, which the sweep then does; null when it is done.</returns>
    public static async Task<Exception?> TryFollowAsync(Func<CancellationToken, Task> follow, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(follow);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Patience);
        try
        {
            await follow(limited.Token);
            return null;
        }
        catch (Exception fault) when (fault is ArchiveException or OperationCanceledException)
        {
            return fault;
        }
    }

    /// <summary>Follows up every document whose effects are still to follow, and returns their number.</summary>
    /// <param name="list">Gives the next of them, at most as many as told, after the one given; null from the start.</param>
    /// <param name="follow">Does what must follow one.</param>
    public static async Task<int> SweepAsync<T>(Func<T?, int, Task<IReadOnlyList<T>>> list, Func<T, Task> follow)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(follow);
        var (count, last) = (0, default(T));
        while (await list(last, Batch) is { Count: > 0 } batch)
        {
            foreach (var document in batch) await follow(document);
            (count, last) = (count + batch.Count, batch[^1]);
        }
        return count;
    }

    /// <summary>Hands mails to the outbox and entries to the audit; when this returns they are as durable as the document.</summary>
    public async Task ApplyAsync(PendingEffects effects, CancellationToken ct)
    {
        foreach (var entry in effects.Entries) await audit.AddAsync(entry, ct);
        foreach (var mail in effects.Mails) await mails.AddAsync(mail, ct);
        if (effects.Mails.Count > 0) await signal.SendAsync(SignalTopic.Mails, ct);
    }
}
