using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.TestKit;

/// <summary>Waits for what happens by itself, and fails the test when it does not.</summary>
public static class Poll
{
    /// <summary>Asks every few milliseconds until the condition holds; fails the test after the deadline (10 seconds unless given).</summary>
    public static Task Until(Func<bool> condition, string what, CancellationToken ct, TimeSpan? deadline = null) =>
        Until(() => Task.FromResult(condition()), what, ct, deadline);

    /// <inheritdoc cref="Until(Func{bool}, string, CancellationToken, TimeSpan?)"/>
    public static async Task Until(Func<Task<bool>> condition, string what, CancellationToken ct, TimeSpan? deadline = null)
    {
        var limit = deadline ?? TimeSpan.FromSeconds(10);
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > limit) Assert.Fail($"Not within {limit.TotalSeconds} s: {what}");
            await Task.Delay(10, ct);
        }
    }
}
