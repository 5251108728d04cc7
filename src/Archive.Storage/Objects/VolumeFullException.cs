namespace Archive.Storage.Objects;

/// <summary>A volume has no room (or the quota is used up). Passing: the same write may succeed when room was made.</summary>
public sealed class VolumeFullException : IOException
{
    /// <summary>ENOSPC, as Linux numbers it.</summary>
    internal const int NoSpace = 28;

    /// <summary>EDQUOT, as Linux numbers it.</summary>
    internal const int OverQuota = 122;

    /// <summary>The volume is full.</summary>
    /// <param name="message">What was being done, for the log.</param>
    /// <param name="inner">The cause, or null.</param>
    public VolumeFullException(string message, Exception? inner = null)
        : base(message, inner) => HResult = NoSpace;

    /// <summary>Whether an error of the file system says that the volume is full.</summary>
    public static bool Is(IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        // The framework puts errno into HResult as it is, except where a file is created with a preallocation: then Windows' number.
        return error is VolumeFullException || error.HResult is NoSpace or OverQuota or unchecked((int)0x80070070);
    }
}
