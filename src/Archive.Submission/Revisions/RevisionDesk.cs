using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Revisions;

/// <summary>Begins revisions. Who may revise a dataset is for the caller to judge.</summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="datasets">What is revised.</param>
/// <param name="time">The clock that a draft's beginning is read from.</param>
public sealed class RevisionDesk(IDraftStore drafts, IDatasetStore datasets, TimeProvider time)
{
    private const int MaxRaces = 20;

    /// <summary>
    /// Begins the draft of a dataset's next version with the page tab of its newest one; where there is one already, gives that: a
    /// repetition after a lost answer is answered alike, and a dataset has one revision at a time, which all who may edit it share.
    /// </summary>
    /// <param name="dataset">The head; it is not withdrawn.</param>
    /// <returns>The draft, which is its owner's whoever begins it, and whether this call made it.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>: one that was published is just being closed.</exception>
    public async Task<(Draft Draft, bool IsNew)> BeginAsync(Dataset dataset, CancellationToken ct)
    {
        var begun = new Draft
        {
            Id = DraftId.New(),
            Owner = dataset.Owner,
            Collection = dataset.Collection,
            CreatedAt = time.GetUtcNow(),
            Accession = dataset.Accession,
            Version = dataset.Latest.Number + 1,
        };
        for (var race = 0; race < MaxRaces; race++)
        {
            var draft = await drafts.FindRevisionAsync(dataset.Accession, ct);
            if (draft is null)
            {
                await drafts.AddAsync(begun, ct);
            }
            else if (draft.Version != begun.Version)
            {
                throw new ArchiveException(Problems.Conflict, $"Version {draft.Version} of {dataset.Accession} is just being closed: try again in a moment.");
            }
            else if (draft.Owner != dataset.Owner)
            {
                // The dataset has changed hands, and who did it was cut off before the draft did; or it did after it was read.
                dataset = await datasets.FindAsync(dataset.Accession, ct) ?? dataset;
                if (draft.Owner != dataset.Owner) await drafts.TryReplaceAsync(draft with { Owner = dataset.Owner }, ct);
            }
            else if (draft.PageTabBytes is not null || draft.IsSealed)
            {
                return (draft, draft.Id == begun.Id);
            }
            else
            {
                // Cut after the draft was added, or not done yet. Whoever writes first is right: what the depositor sent stays.
                await CopyPageTabAsync(dataset, draft, ct);
            }
        }
        throw new ArchiveException(Problems.Conflict, "The draft changes faster than it can be written.");
    }

    private async Task CopyPageTabAsync(Dataset dataset, Draft draft, CancellationToken ct)
    {
        await using var stored = await datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), ct)
            ?? throw new InvalidOperationException($"Version {dataset.Latest.Number} of {dataset.Accession} has no document.");
        using var text = (await PageTabText.ReceiveAsync(stored.Content, long.MaxValue, ct))!;
        if (dataset.ReleaseDate is not { } date || stored.ReleaseDate == ReleaseDates.Write(date))
        {
            await drafts.TryWritePageTabAsync(draft, text, ct);
            return;
        }
        // The date was moved since and nobody has read the text: sent back as it is, it would move it again.
        using var dated = EffectivePageTab.Of(text, dataset.Accession, date);
        await drafts.TryWritePageTabAsync(draft, dated, ct);
    }
}
