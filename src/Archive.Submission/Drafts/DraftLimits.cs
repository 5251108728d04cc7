using System.Globalization;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Drafts;

/// <summary>What bounds a draft, and how near its bounds are. Used is what all drafts of its owner have staged, running uploads among it.</summary>
/// <param name="UsedBytes">Bytes that its owner has staged.</param>
/// <param name="UsedFiles">Files that its owner has staged.</param>
/// <param name="QuotaBytes">The most bytes that its owner may stage; null for no bound.</param>
/// <param name="QuotaFiles">The most files that its owner may stage; null for no bound.</param>
/// <param name="DraftBytes">Bytes of this draft alone.</param>
/// <param name="DraftFiles">Files of this draft alone.</param>
/// <param name="MaxFileBytes">The longest file.</param>
/// <param name="ExpiresAt">When the draft is removed unless somebody works on it (UTC); null for never, as while it is sealed.</param>
/// <param name="Warnings">What comes near.</param>
public sealed record DraftLimits(
    long UsedBytes, long UsedFiles, long? QuotaBytes, long? QuotaFiles, long DraftBytes, long DraftFiles, long MaxFileBytes, DateTimeOffset? ExpiresAt,
    IReadOnlyList<LimitWarning> Warnings);

/// <summary>A bound that is near.</summary>
/// <param name="Code">Which: <c>quota-bytes-near</c>, <c>quota-files-near</c> or <c>expires-soon</c>.</param>
/// <param name="Message">How near, and what to do.</param>
public sealed record LimitWarning(string Code, string Message)
{
    private const long NearPercent = 90;

    /// <summary>Warnings of a quota of which nine tenths are used.</summary>
    public static IReadOnlyList<LimitWarning> Of(StagingLevel level)
    {
        ArgumentNullException.ThrowIfNull(level);
        List<LimitWarning> warnings = [];
        if (IsNear(level.UsedBytes, level.QuotaBytes))
            warnings.Add(new("quota-bytes-near", string.Create(CultureInfo.InvariantCulture, $"{level.UsedBytes} of {level.QuotaBytes} bytes are used: submit or delete a draft, or ask the operator for more.")));
        if (IsNear(level.UsedFiles, level.QuotaFiles))
            warnings.Add(new("quota-files-near", string.Create(CultureInfo.InvariantCulture, $"{level.UsedFiles} of {level.QuotaFiles} files are used: submit or delete a draft, or ask the operator for more.")));
        return warnings;
    }

    private static bool IsNear(long used, long quota) => quota > 0 && (Int128)used * 100 >= (Int128)quota * NearPercent;
}

/// <summary>Tells the bounds of drafts.</summary>
public sealed class DraftLimitsDesk(IStagingMeter meter, StagingOptions staging, DraftOptions options, TimeProvider time)
{
    /// <summary>The limits of some drafts, each by its identifier, in one look at the store.</summary>
    public async Task<IReadOnlyDictionary<DraftId, DraftLimits>> OfAsync(IReadOnlyCollection<Draft> drafts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        if (drafts.Count == 0) return new Dictionary<DraftId, DraftLimits>();
        var counts = await meter.ReadAsync([.. drafts.Select(d => d.Id)], ct);
        return drafts.ToDictionary(d => d.Id, d => Of(d, counts.GetValueOrDefault(d.Id) ?? new StagingCount(0, 0, 0, 0, null)));
    }

    /// <summary>The limits of one draft.</summary>
    public async Task<DraftLimits> OfAsync(Draft draft, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return (await OfAsync([draft], ct))[draft.Id];
    }

    private DraftLimits Of(Draft draft, StagingCount count)
    {
        var now = time.GetUtcNow();
        var level = new StagingLevel(
            Math.Max(0, count.AccountBytes), Math.Max(0, count.AccountFiles),
            count.OwnQuota?.Bytes ?? staging.Quotas.AccountBytes, count.OwnQuota?.Files ?? staging.Quotas.AccountFiles);
        var end = DraftExpiry.EndOf(draft, options.Expiry, now);
        List<LimitWarning> warnings = [.. LimitWarning.Of(level)];
        if (end is { } at && at - now <= TimeSpan.FromDays(DraftExpiry.WarningDays[0]) && draft.WarnedDays is not null)
            warnings.Add(new("expires-soon", $"Nobody has worked on this draft for long: it is removed at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} unless somebody does, by any upload or change."));
        return new DraftLimits(
            level.UsedBytes, level.UsedFiles, level.QuotaBytes == 0 ? null : level.QuotaBytes, level.QuotaFiles == 0 ? null : level.QuotaFiles,
            Math.Max(0, count.DraftBytes), Math.Max(0, count.DraftFiles), staging.MaxFileBytes, end, warnings);
    }
}
