using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.TestKit.Processes;

/// <summary>
/// strace on a running process and all its threads: tells its system calls as they return, and can make them fail or wait. It is
/// attached rather than started around the process, so that the database, which the archive starts, is not traced with it.
/// </summary>
/// <remarks>strace counts <c>when=N</c> in each thread and for each call by itself, never over the process.</remarks>
public sealed class SystemCallTrace : IAsyncDisposable
{
    private readonly Process strace;
    private readonly SystemCallLog log = new();
    private readonly List<SystemCall> calls = [];
    private readonly TaskCompletionSource attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<SystemCall>? onCall;
    private Task reading = Task.CompletedTask;

    private SystemCallTrace(Process strace, Action<SystemCall>? onCall)
    {
        this.strace = strace;
        this.onCall = onCall;
    }

    /// <summary>The calls that have returned so far, in the order of their returns.</summary>
    public IReadOnlyList<SystemCall> Calls
    {
        get { lock (calls) return [.. calls]; }
    }

    /// <summary>Attaches to a process and returns when every thread is traced.</summary>
    /// <param name="process">The process's id.</param>
    /// <param name="options">Such as <c>-e trace=fsync</c>, one word an element. A call behind <c>?</c> may be unknown to the machine.</param>
    /// <param name="onCall">Called with each call as it returns, on the thread that reads the log; the traced thread may run on meanwhile.</param>
    /// <exception cref="AssertInconclusiveException">This user may not trace other processes, or there is no strace.</exception>
    public static async Task<SystemCallTrace> AttachAsync(
        int process, IReadOnlyList<string> options, Action<SystemCall>? onCall, CancellationToken ct)
    {
        // The log goes through cat: on standard error strace's own messages would fall into the middle of its lines.
        var start = new ProcessStartInfo("strace", ["-f", "-yy", "-o", "|exec cat", "-p", $"{process}", .. options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        SystemCallTrace trace;
        try
        {
            trace = new SystemCallTrace(Process.Start(start)!, onCall);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new AssertInconclusiveException($"There is no strace: {e.Message}", e);
        }
        trace.reading = Task.WhenAll(OnOwnThread(trace.ReadLog), OnOwnThread(trace.ReadMessages));
        try
        {
            await trace.attached.Task.WaitAsync(TimeSpan.FromSeconds(60), ct);
        }
        catch
        {
            await trace.DisposeAsync();
            throw;
        }
        return trace;
    }

    /// <summary>Lets the process go on untraced and returns all calls.</summary>
    public async Task<IReadOnlyList<SystemCall>> DetachAsync()
    {
        if (!strace.HasExited) _ = Signal(strace.Id, 15);
        try
        {
            await strace.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            // strace 6.1 can stand still when a thread that it holds back is killed. With its tracer the last tie of the dead goes.
            strace.Kill();
            await strace.WaitForExitAsync();
        }
        await reading;
        return Calls;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DetachAsync();
        strace.Dispose();
    }

    private static Task OnOwnThread(Action read) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void ReadLog()
    {
        while (strace.StandardOutput.ReadLine() is { } line)
        {
            if (log.Read(line) is not { } call) continue;
            lock (calls) calls.Add(call);
            onCall?.Invoke(call);
        }
    }

    // "strace: Process 123 attached with 27 threads"; a new thread later is told as "strace: Process 130 attached".
    private void ReadMessages()
    {
        var said = new List<string>();
        while (strace.StandardError.ReadLine() is { } line)
        {
            said.Add(line);
            if (line.Contains(" attached", StringComparison.Ordinal)) attached.TrySetResult();
        }
        attached.TrySetException(new AssertInconclusiveException($"strace could not trace the process: {string.Join(' ', said)}"));
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int id, int signal);
}
