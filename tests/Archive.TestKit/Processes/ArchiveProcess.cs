using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Archive.TestKit.Mails;

namespace Archive.TestKit.Processes;

/// <summary>
/// The archive as its operator runs it: the built executable in a process of its own, on a data folder and a port of its own. It
/// can be stopped, killed at any instant, and started again on the same data. Disposing it ends it and the database cluster
/// that a killed process left running.
/// </summary>
public sealed class ArchiveProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private static readonly ConcurrentDictionary<string, ArchiveProcess> ByAddress = new(StringComparer.Ordinal);
    private readonly StringBuilder output = new();
    private Process? process;

    /// <summary>Describes a process; nothing is started.</summary>
    /// <param name="dataFolder">The archive's data folder, kept across restarts.</param>
    /// <param name="arguments">Further settings, as on the command line.</param>
    public ArchiveProcess(string dataFolder, params string[] arguments)
    {
        DataFolder = dataFolder;
        Arguments = arguments;
        Port = FreePort();
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        ByAddress[Address.Authority] = this;
    }

    /// <summary>The mails that the archive at an address writes; null where it asks nobody to confirm, or hands them to a server.</summary>
    public static MailBox? MailBoxAt(Uri address) =>
        ByAddress.TryGetValue(address.Authority, out var archive) && !archive.Arguments.Contains("--confirm-email") && !archive.Arguments.Contains("--smtp-host")
            ? new MailBox(archive.DataFolder)
            : null;

    /// <summary>The archive's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>Further settings.</summary>
    public IReadOnlyList<string> Arguments { get; set; }

    /// <summary>A command that the archive runs under, such as strace with its options; empty for none.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    /// <summary>Environment variables beside the inherited ones.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The port that it listens on, the same across restarts.</summary>
    public int Port { get; }

    /// <summary>Its address.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <summary>Speaks to it; carries no sign-in.</summary>
    public HttpClient Http { get; }

    /// <summary>What it has printed so far, over all starts.</summary>
    public string Output
    {
        get { lock (output) return output.ToString(); }
    }

    /// <summary>The archive's own process id, below a wrapper if there is one; 0 while it does not run.</summary>
    public int ProcessId => process is not { HasExited: false } ? 0 : Wrapper.Count == 0 ? process.Id : ChildOf(process.Id);

    /// <summary>Whether the process runs.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Starts the process and returns when it is ready to answer.</summary>
    /// <exception cref="InvalidOperationException">It ended or did not become ready in time; the message carries its output.</exception>
    public async Task StartAsync(CancellationToken ct, TimeSpan? deadline = null)
    {
        Launch();
        var end = Stopwatch.StartNew();
        while (!await IsReadyAsync(ct))
        {
            if (process!.HasExited) throw new InvalidOperationException($"The archive ended with code {process.ExitCode}:\n{Output}");
            if (end.Elapsed > (deadline ?? TimeSpan.FromSeconds(90))) throw new InvalidOperationException($"The archive is not ready:\n{Output}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Starts the process and does not wait.</summary>
    public void Launch()
    {
        if (IsRunning) throw new InvalidOperationException("It runs already.");
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] command = [.. Wrapper, Executable, "--data", DataFolder, "--port", Port.ToString(CultureInfo.InvariantCulture), .. Arguments];
        start.FileName = command[0];
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        process?.Dispose();
        process = Process.Start(start) ?? throw new InvalidOperationException("The archive could not be started.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Kills it as a power cut would: no handler of the archive runs. Its database cluster lives on.</summary>
    public async Task KillAsync()
    {
        if (process is null) return;
        if (ProcessId is var id and not 0) _ = Signal(id, SigKill);
        await process.WaitForExitAsync();
    }

    /// <summary>Stops it in mid-step, as a machine that is starved of its processor does.</summary>
    public void Pause() => _ = Signal(ProcessId, SigStop);

    /// <summary>Has it go on after <see cref="Pause"/>.</summary>
    public void Continue() => _ = Signal(ProcessId, SigContinue);

    /// <summary>Asks it to stop, and kills it when it has not within the time.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(TimeSpan? within = null)
    {
        if (process is null) return 0;
        if (ProcessId is var id and not 0) _ = Signal(id, SigTerm);
        try
        {
            await process.WaitForExitAsync().WaitAsync(within ?? TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
        return process.ExitCode;
    }

    /// <summary>Waits until it has ended by itself and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await process!.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ByAddress.TryRemove(Address.Authority, out _);
        await StopAsync();
        await StopClusterAsync();
        process?.Dispose();
        Http.Dispose();
    }

    /// <summary>Ends the database cluster of the data folder, where one runs.</summary>
    public async Task StopClusterAsync()
    {
        var file = Path.Combine(DataFolder, "postgres", "data", "postmaster.pid");
        if (!File.Exists(file)) return;
        var lines = await File.ReadAllLinesAsync(file);
        if (lines.Length == 0 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id)) return;
        if (!await IsClusterAsync(id)) return;
        _ = Signal(id, 3); // SIGQUIT: at once, nothing of this folder is needed again
        for (var i = 0; i < 200 && await IsClusterAsync(id); i++) await Task.Delay(50);
    }

    private static string Executable => Path.Combine(Repository.Root, "src", "Archive.Api", "bin", Repository.Configuration, "net10.0", "Archive.Api");

    private static async Task<bool> IsClusterAsync(int id)
    {
        try
        {
            var status = await File.ReadAllTextAsync($"/proc/{id}/stat");
            return status.Contains("(postgres)", StringComparison.Ordinal) && !status.Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int ChildOf(int id)
    {
        var file = $"/proc/{id}/task/{id}/children";
        var children = File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return children.Length == 0 ? 0 : int.Parse(children[0], CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await Http.GetAsync("/readyz", ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int id, int signal);
}
