using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Drafts;

/// <summary>Reads what a draft says. A large page tab takes some 100 MB: keep the tree no longer than it is looked at.</summary>
internal static class DraftPageTab
{
    // Those who accept proposals at once replace it often.
    private const int MaxRaces = 20;

    // It was within the bounds that held when it was taken.
    private static readonly PageTabLimits Taken = new(long.MaxValue, int.MaxValue);

    /// <summary>
    /// The tree; null when the draft has no page tab or is gone. It may be newer than a draft that was read before: whoever acts on it
    /// writes the draft by its revision, which then fails.
    /// </summary>
    /// <exception cref="InvalidOperationException">The stored text is damaged.</exception>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>: it is replaced again and again while it is read.</exception>
    public static async Task<PageTabDocument?> ReadAsync(IDraftStore drafts, DraftId id, CancellationToken ct) =>
        await ReadRevisionAsync(drafts, id, ct) is { } read ? read.Document : null;

    /// <summary>As <see cref="ReadAsync"/>, with the revision that the draft had when the text was opened.</summary>
    /// <exception cref="InvalidOperationException">The stored text is damaged.</exception>
    /// <exception cref="ArchiveException">As above.</exception>
    public static async Task<(PageTabDocument Document, long Revision)?> ReadRevisionAsync(IDraftStore drafts, DraftId id, CancellationToken ct)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                return await ReadOnceAsync(drafts, id, ct);
            }
            catch (ArchiveException e) when (e.Problem == Problems.Conflict && race < MaxRaces)
            {
                // Replaced or removed while it was read, which is no fault of whoever asks for it: the next look finds what stands now.
            }
        }
    }

    private static async Task<(PageTabDocument Document, long Revision)?> ReadOnceAsync(IDraftStore drafts, DraftId id, CancellationToken ct)
    {
        await using var stored = await drafts.OpenPageTabAsync(id, ct);
        if (stored is null) return null;
        var reading = await PageTabJson.ReadAsync(stored.Content, Taken, ct);
        return reading.Document is { } document
            ? (document, stored.Revision)
            : throw new InvalidOperationException($"The stored page tab of draft {id} cannot be read: {reading.Fault}.");
    }

    /// <summary>The text, to be disposed of; null as above.</summary>
    public static async Task<PageTabText?> ReceiveAsync(IDraftStore drafts, DraftId id, CancellationToken ct)
    {
        await using var stored = await drafts.OpenPageTabAsync(id, ct);
        return stored is null ? null : await PageTabText.ReceiveAsync(stored.Content, long.MaxValue, ct);
    }
}
