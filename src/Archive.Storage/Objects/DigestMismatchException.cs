namespace Archive.Storage.Objects;

/// <summary>Content is not what its digests or its length promised. Permanent for this content: do not try again with it.</summary>
public sealed class DigestMismatchException(ObjectKey key, string detail) : IOException($"Object '{key}': {detail}")
{
    /// <summary>The key that it was to have.</summary>
    public ObjectKey Key { get; } = key;
}
