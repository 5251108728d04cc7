using System.Globalization;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>Gives a process a clock of its own by libfaketime.</summary>
internal static class FakeTime
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>Skips the test where there is no libfaketime.</summary>
    public static void Require()
    {
        if (Library is null) Assert.Inconclusive("There is no libfaketime (package faketime) to give a node another clock.");
    }

    /// <summary>
    /// Has the process start with a clock that is ahead. What counts time since the start goes on as it is, and so do the dates of files,
    /// as on another machine with the same volumes.
    /// </summary>
    public static void Advance(ArchiveProcess process, TimeSpan ahead)
    {
        process.Environment["LD_PRELOAD"] = Library!;
        process.Environment["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"+{ahead.TotalSeconds:0}s");
        process.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        process.Environment["DONT_FAKE_MONOTONIC"] = "1";
        process.Environment["NO_FAKE_STAT"] = "1";
    }
}
