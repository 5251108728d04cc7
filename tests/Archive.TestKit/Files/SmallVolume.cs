using System.Diagnostics;

namespace Archive.TestKit.Files;

/// <summary>A volume of a few megabytes that a test can fill (tmpfs). Only root may mount one.</summary>
public sealed class SmallVolume : IDisposable
{
    private readonly TempFolder folder = new();

    private SmallVolume()
    {
    }

    /// <summary>The volume's root.</summary>
    public string FullPath => folder.Path;

    /// <summary>Mounts one; null, with the reason, where this user may not.</summary>
    public static SmallVolume? TryMount(int sizeBytes, out string reason)
    {
        var volume = new SmallVolume();
        if (Run("mount", out reason, "-t", "tmpfs", "-o", $"size={sizeBytes}", "tmpfs", volume.FullPath)) return volume;
        volume.folder.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", out _, "-l", FullPath);
        folder.Dispose();
    }

    private static bool Run(string program, out string error, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            error = e.Message;
            return false;
        }
    }
}
