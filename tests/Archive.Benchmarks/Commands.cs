using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Archive.Benchmarks;

/// <summary>Programs of the system.</summary>
internal static class Commands
{
    /// <summary>Runs a program to its end; its output is dropped.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message carries what it said.</exception>
    public static async Task<TimeSpan> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        var took = clock.Elapsed;
        await output;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
