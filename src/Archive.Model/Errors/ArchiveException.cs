namespace Archive.Model.Errors;

/// <summary>Something went wrong that a caller is to be told of. One place turns it into problem+json.</summary>
public sealed class ArchiveException : Exception
{
    /// <summary>An occurrence of a row of the catalogue.</summary>
    /// <param name="problem">The row.</param>
    /// <param name="detail">What happened this time, in words for the caller; no secret and no path of the installation.</param>
    /// <param name="facts">What a program needs to go on (<c>offset</c>, <c>limitBytes</c>, <c>findings</c>), or null for none.</param>
    /// <param name="inner">The cause, or null; logged, never told.</param>
    public ArchiveException(Problem problem, string detail, IReadOnlyDictionary<string, object?>? facts = null, Exception? inner = null)
        : base(detail, inner)
    {
        Problem = problem;
        Facts = facts ?? new Dictionary<string, object?>(StringComparer.Ordinal);
    }

    /// <summary>The row of the catalogue.</summary>
    public Problem Problem { get; }

    /// <summary>Facts of this occurrence, by their name in the answer.</summary>
    public IReadOnlyDictionary<string, object?> Facts { get; }
}
