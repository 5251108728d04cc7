using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Archive.Benchmarks.Search;

/// <summary>How long one kind of query takes on one thread, in microseconds.</summary>
/// <param name="P50">Half of them take no longer.</param>
/// <param name="P99">Of a hundred, ninety-nine take no longer.</param>
/// <param name="Hits">Hits of all queries, each asked once: equal wherever the answers are.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Latencies(double P50, double P99, long Hits)
{
    private const int MaxRounds = 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    /// <summary>Asks each query for a second, until all code is compiled for good, then all of them again for two seconds or twenty rounds, whichever is first, but once at least.</summary>
    public static Latencies Measure<T>(IReadOnlyList<T> queries, Func<T, long> ask)
    {
        var hits = queries.Sum(ask);
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
            foreach (var query in queries) ask(query);
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        for (var round = 0; round < MaxRounds && (round == 0 || total.Elapsed < Enough); round++)
        {
            foreach (var query in queries)
            {
                var start = Stopwatch.GetTimestamp();
                ask(query);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }
        times.Sort();
        return new Latencies(times[times.Count / 2], times[Math.Min(times.Count - 1, (int)(times.Count * 0.99))], hits);
    }
}
