using Archive.Model.Submissions;
using Archive.Storage.Objects;

namespace Archive.Submissions.Staging;

/// <summary>Settings of staging.</summary>
public sealed record StagingOptions
{
    /// <summary>The folder; nodes that take uploads or ingest share it.</summary>
    public required string Folder { get; init; }

    /// <summary>Room that uploads leave free.</summary>
    public SpaceReserve Reserve { get; init; } = new();

    /// <summary>How long an upload may give no byte. From one second.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a path stays held after the node that receives the file has died. From three seconds; renewed at a third.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long finishing may take once every byte is here, whether or not the depositor still waits.</summary>
    public TimeSpan FinishTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest file in bytes; 5 TiB unless set.</summary>
    public long MaxFileBytes { get; init; } = 5L << 40;

    /// <summary>What accounts and all of them together may stage; no bounds unless set.</summary>
    public StagingQuotas Quotas { get; init; } = StagingQuotas.None;

    /// <summary>The most files that a draft may stage; counted by node, so that several may pass it by what they receive at once.</summary>
    public int MaxFilesPerDraft { get; init; } = 5_000_000;
}
