using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Api.Submissions;

/// <summary>
/// Looks at the submissions that someone on this node follows: at a signal that one has moved, and every few seconds in case a signal was
/// lost. One look for all of them asks which were written since the last; only those are read, once for all who follow them.
/// </summary>
internal sealed partial class SubmissionWatch(
    ISubmissionStore submissions, IChangeSignal signal, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SubmissionWatch> log)
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);

    // Many submissions that move at once are one look.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly Dictionary<SubmissionId, Followed> followed = [];
    private CancellationTokenSource? pause;
    private long looks;
    private bool isLooking;

    /// <summary>Follows a submission until disposed of. A look begins at once.</summary>
    public Follower Follow(SubmissionId id)
    {
        lock (gate)
        {
            if (!followed.TryGetValue(id, out var one)) followed[id] = one = new Followed();
            one.Followers++;
            one.Since = looks;
            if (!isLooking) _ = Task.Run(LookAsync, CancellationToken.None);
            else _ = pause?.CancelAsync();
            isLooking = true;
            return new Follower(this, id, one, looks);
        }
    }

    private async Task LookAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await PauseAsync(stopping);
                await LookOnceAsync(stopping);
                await Task.Delay(BetweenLooks, clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The database does not answer: those who follow hear that we are still there.
                LogFailed(log, e);
                await Task.Delay(LookAnyway, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            lock (gate)
            {
                if (followed.Count > 0) continue;
                isLooking = false;
                return;
            }
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (gate)
        {
            if (followed.Values.Any(f => f.IsOwed)) return;
            pause = mine;
        }
        try
        {
            await signal.WaitAsync(SignalTopic.Progress, "events", LookAnyway, mine.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Someone new follows.
        }
        finally
        {
            lock (gate) pause = null;
        }
    }

    private async Task LookOnceAsync(CancellationToken ct)
    {
        (SubmissionId Id, Followed One, bool IsOwed)[] all;
        long look;
        lock (gate)
        {
            look = ++looks;
            all = [.. followed.Select(f => (f.Key, f.Value, f.Value.IsOwed))];
        }
        if (all.Length == 0) return;
        var marks = await submissions.ReadMarksAsync([.. all.Select(f => f.Id)], ct);
        foreach (var (id, one, isOwed) in all)
        {
            var mark = marks.GetValueOrDefault(id);
            if (mark is not null && mark == one.Mark && !isOwed) continue;
            var read = mark is null ? null : await submissions.FindAsync(id, ct);
            lock (gate) one.Tell(look, mark, read);
        }
    }

    private Reading LastOf(Followed one)
    {
        lock (gate) return one.Last;
    }

    private void Leave(SubmissionId id, Followed one)
    {
        lock (gate)
            if (--one.Followers == 0)
                followed.Remove(id);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The submissions that are followed could not be looked at")]
    private static partial void LogFailed(ILogger log, Exception e);

    /// <summary>A submission as it was last read, and the promise of the next reading.</summary>
    internal sealed class Followed
    {
        public int Followers { get; set; }

        /// <summary>The look that had begun last when the last of them came.</summary>
        public long Since { get; set; }

        /// <summary>
        /// Whether someone has not been told of a look that began after he came: what he read himself may be older than the mark. A look
        /// that fails tells nobody, so it stays owed.
        /// </summary>
        public bool IsOwed => Last.Look <= Since;

        public string? Mark { get; private set; }

        public Reading Last { get; private set; } = new(0, 0, null);

        public void Tell(long look, string? mark, Submission? read)
        {
            var before = Last;
            (Mark, Last) = (mark, new Reading(before.Number + 1, look, read));
            before.Next.TrySetResult();
        }
    }

    /// <summary>One reading; null when the submission is gone.</summary>
    internal sealed record Reading(long Number, long Look, Submission? Submission)
    {
        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Someone who follows a submission.</summary>
    internal sealed class Follower(SubmissionWatch watch, SubmissionId id, Followed one, long since) : IDisposable
    {
        private long heard;
        private bool isGone;

        /// <summary>Waits for a reading later than the last one heard; null when none came in the time given.</summary>
        public async Task<Reading?> NextAsync(TimeSpan atMost, CancellationToken ct)
        {
            while (true)
            {
                var last = watch.LastOf(one);
                // A look that had begun before may have read what is older than what the follower knows.
                if (last.Number != heard && last.Look > since)
                {
                    heard = last.Number;
                    return last;
                }
                try
                {
                    await last.Next.Task.WaitAsync(atMost, ct);
                }
                catch (TimeoutException)
                {
                    return null;
                }
            }
        }

        public void Dispose()
        {
            if (isGone) return;
            isGone = true;
            watch.Leave(id, one);
        }
    }
}
