using Archive.TestKit.Files;

namespace Archive.Durability.Tests;

/// <summary>Small volumes, where this user may mount them.</summary>
internal static class Volumes
{
    /// <summary>Mounts a volume; the test is inconclusive, with the reason, where that is not allowed.</summary>
    public static SmallVolume Mount(int sizeBytes) => SmallVolume.TryMount(sizeBytes, out var reason)
        ?? throw new AssertInconclusiveException($"No volume can be mounted: {reason}");

    /// <summary>Fills a volume with a file until so many bytes are free; the file's removal ends it.</summary>
    public static string Fill(SmallVolume volume, long leaveBytes)
    {
        var ballast = Path.Combine(volume.FullPath, "ballast");
        var free = new DriveInfo(volume.FullPath).AvailableFreeSpace - leaveBytes;
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        var block = new byte[1 << 16];
        try
        {
            for (; free > 0; free -= block.Length) file.Write(block, 0, (int)Math.Min(block.Length, free));
        }
        catch (IOException) when (leaveBytes == 0)
        {
            // Full to the last page.
        }
        return ballast;
    }
}
