namespace Archive.Model.Submissions;

/// <summary>What may be staged; 0 is no bound.</summary>
/// <param name="AccountBytes">Bytes of all drafts of an account that has no quota of its own.</param>
/// <param name="AccountFiles">Files of all drafts of such an account.</param>
/// <param name="AllBytes">Bytes of everybody together.</param>
public sealed record StagingQuotas(long AccountBytes = 0, long AccountFiles = 0, long AllBytes = 0)
{
    /// <summary>No bounds.</summary>
    public static StagingQuotas None { get; } = new();
}

/// <summary>What an account has staged, with what is promised to its running transfers, and what it may.</summary>
/// <param name="UsedBytes">Bytes.</param>
/// <param name="UsedFiles">Files.</param>
/// <param name="QuotaBytes">The most bytes; 0: no bound.</param>
/// <param name="QuotaFiles">The most files; 0: no bound.</param>
public sealed record StagingLevel(long UsedBytes, long UsedFiles, long QuotaBytes, long QuotaFiles);
