using System.Diagnostics;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>
/// Looks at the objects on the disk again and again: a key whose file is another one than before, or was written to since, was written twice.
/// </summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly string folder;
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, string> seen = new(StringComparer.Ordinal);
    private readonly List<string> rewritten = [];
    private readonly Task looking;

    /// <summary>Begins to look.</summary>
    /// <param name="folder">The folder of the objects; their keys are paths below it.</param>
    public ObjectWatch(string folder)
    {
        this.folder = folder;
        looking = Task.Run(LookAgainAsync);
    }

    /// <summary>Every key that was ever seen.</summary>
    public IReadOnlyCollection<string> Seen
    {
        get { lock (seen) return [.. seen.Keys]; }
    }

    /// <summary>Looks a last time and tells what was written twice.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await stop.CancelAsync();
        await looking;
        await LookAsync();
        return rewritten;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await looking;
        stop.Dispose();
    }

    private async Task LookAgainAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await LookAsync();
            await Task.Delay(500, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync()
    {
        if (!Directory.Exists(folder)) return;
        // Number of the file, length, and the instant of its last writing. A folder may go while it is read.
        using var find = Process.Start(new ProcessStartInfo("find", [folder, "-type", "f", "-printf", "%i %s %T@\t%P\n"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var messages = find.StandardError.ReadToEndAsync();
        while (await find.StandardOutput.ReadLineAsync() is { } line)
        {
            var (what, key) = line.Split('\t') is [var left, var right] ? (left, right) : (line, "");
            lock (seen)
            {
                if (seen.TryGetValue(key, out var before) && before != what) rewritten.Add($"{key}: {before}, then {what}");
                seen[key] = what;
            }
        }
        await find.WaitForExitAsync();
        await messages;
    }
}
