using System.Diagnostics;
using Archive.TestKit;

namespace Archive.Api.Tests.Operating;

/// <summary>Runs a program as an operator does, and fails the test with everything it printed when it fails.</summary>
internal static class Script
{
    /// <summary>Runs one of the scripts of <c>infra/</c> and gives what it printed.</summary>
    public static Task<string> RunAsync(string name, IReadOnlyList<string> arguments, CancellationToken ct) =>
        RunProgramAsync("bash", [Path.Combine(Repository.Root, "infra", name), .. arguments], ct);

    /// <summary>Runs the demonstration's program.</summary>
    public static Task<string> RunDemoAsync(IReadOnlyList<string> arguments, CancellationToken ct) =>
        RunProgramAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "Archive.Demo.dll"), .. arguments], ct);

    private static async Task<string> RunProgramAsync(string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', start.ArgumentList)}\n{await output}\n{await errors}");
        return await output;
    }
}
