namespace Archive.Storage.Objects;

/// <summary>Room on a volume, as <c>statvfs</c> tells it.</summary>
/// <param name="FreeBytes">Room left for an ordinary user.</param>
/// <param name="TotalBytes">Size of the volume.</param>
public sealed record VolumeSpace(long FreeBytes, long TotalBytes)
{
    /// <summary>Room on the volume that holds the folder.</summary>
    /// <exception cref="IOException">The folder does not exist, or its volume does not answer.</exception>
    public static VolumeSpace Of(string folder)
    {
        var drive = new DriveInfo(folder);
        return new VolumeSpace(drive.AvailableFreeSpace, drive.TotalSize);
    }
}

/// <summary>
/// Room that uploads and ingest leave free on a volume, so that the database, the logs and the end of what was begun still fit:
/// the smaller of a number of bytes and a share of the volume.
/// </summary>
/// <param name="Bytes">At most this many bytes; 2 GB unless set.</param>
/// <param name="Share">At most this share of the volume, 0 to 1; 2 % unless set.</param>
public sealed record SpaceReserve(long Bytes = 2_000_000_000, double Share = 0.02)
{
    /// <summary>What is to stay free on such a volume, in bytes.</summary>
    public long On(VolumeSpace volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return Math.Min(Bytes, (long)(volume.TotalBytes * Share));
    }

    /// <summary>Whether so many bytes, promised to transfers but not yet on the disk, still leave the reserve free.</summary>
    /// <param name="volume">The volume as it is now.</param>
    /// <param name="promisedBytes">What is still to come, this one's own bytes among it.</param>
    public bool HasRoom(VolumeSpace volume, long promisedBytes)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return volume.FreeBytes - promisedBytes >= On(volume);
    }
}
