using System.Diagnostics;
using Archive.Model.Errors;

namespace Archive.Indexer.Building;

/// <summary>Work on the index that is under way in this process.</summary>
/// <param name="Kind">build (what changed), rebuild (all), dataset, fetch or verify.</param>
/// <param name="Subject">The dataset or generation; null for all.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Done">How far it is, of <paramref name="Total"/>: datasets of a build, bytes of a fetch, sections of a verification.</param>
/// <param name="Total">0 while it is not known.</param>
public sealed record IndexWork(string Kind, string? Subject, DateTimeOffset StartedAt, long Done, long Total);

/// <summary>Work on the index that has ended.</summary>
/// <param name="Kind">As of <see cref="IndexWork"/>.</param>
/// <param name="Subject">The dataset or generation; null for all.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Succeeded">Whether it did its work.</param>
/// <param name="Outcome">What was done, or what went wrong.</param>
public sealed record IndexWorkDone(string Kind, string? Subject, DateTimeOffset StartedAt, double Seconds, bool Succeeded, string Outcome);

/// <summary>What is being done to the index in this process, and how it ended last.</summary>
public sealed class IndexActivity(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<Progress> running = [];
    private readonly Dictionary<string, IndexWorkDone> last = new(StringComparer.Ordinal);

    /// <summary>What is under way.</summary>
    public IReadOnlyList<IndexWork> Running
    {
        get { lock (gate) return [.. running.Select(p => p.Read())]; }
    }

    /// <summary>The last of each kind that has ended, by kind.</summary>
    public IReadOnlyList<IndexWorkDone> Last
    {
        get { lock (gate) return [.. last.Values.OrderBy(w => w.Kind, StringComparer.Ordinal)]; }
    }

    /// <summary>Does work, seen while it runs and remembered when it has ended, however it does.</summary>
    internal async Task<T> RunAsync<T>(string kind, string? subject, Func<Progress, Task<T>> work, Func<T, string> tell)
    {
        var progress = new Progress(kind, subject, time.GetUtcNow());
        var clock = Stopwatch.StartNew();
        lock (gate) running.Add(progress);
        var (succeeded, outcome) = (false, "It was stopped.");
        try
        {
            var result = await work(progress);
            (succeeded, outcome) = (true, tell(result));
            return result;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            outcome = fault is ArchiveException ? fault.Message : fault is Format.DamagedIndexException damage ? $"Part {damage.Section} is not what was written; what answered goes on answering." : "It failed; the log says why.";
            throw;
        }
        finally
        {
            lock (gate)
            {
                running.Remove(progress);
                last[kind] = new(kind, subject, progress.StartedAt, clock.Elapsed.TotalSeconds, succeeded, outcome);
            }
        }
    }

    /// <summary>How far a piece of work is.</summary>
    internal sealed class Progress(string kind, string? subject, DateTimeOffset startedAt)
    {
        private long done;
        private long total;

        public DateTimeOffset StartedAt => startedAt;

        public void Expect(long all) => Interlocked.Exchange(ref total, all);

        public void Reach(long now) => Interlocked.Exchange(ref done, now);

        public void Step() => Interlocked.Increment(ref done);

        public IndexWork Read() => new(kind, subject, startedAt, Interlocked.Read(ref done), Interlocked.Read(ref total));
    }
}
