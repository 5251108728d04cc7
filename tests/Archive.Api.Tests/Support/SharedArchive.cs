using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Support;

/// <summary>
/// One archive process for all tests that bear company: each registers its own account, so none sees another's drafts. Started by
/// the first test that asks, ended with the assembly.
/// </summary>
[TestClass]
public static class SharedArchive
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static TempFolder? folder;
    private static ArchiveProcess? process;

    /// <summary>The running process.</summary>
    public static async Task<ArchiveProcess> StartedAsync(CancellationToken ct)
    {
        await Gate.WaitAsync(ct);
        try
        {
            if (process is not null) return process;
            folder = new TempFolder();
            // A tight bound of page tabs keeps the test of an overlong one quick; a small reserve suits small test machines.
            var made = new ArchiveProcess(folder["data"], "--reserve-bytes", "1000000", "--max-metadata-bytes", "2000000", "--logs", "json", "--rate-limit", "0");
            await made.StartAsync(ct);
            return process = made;
        }
        finally
        {
            Gate.Release();
        }
    }

    [AssemblyCleanup]
    public static async Task EndAsync()
    {
        if (process is not null) await process.DisposeAsync();
        folder?.Dispose();
    }
}
