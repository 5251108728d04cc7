using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Sharing;

namespace Archive.Api.Accounts;

/// <summary>What somebody is to a draft or dataset, by rising rights.</summary>
internal enum Standing
{
    /// <summary>Nothing.</summary>
    Stranger,

    /// <summary>Shared with him to read.</summary>
    Reader,

    /// <summary>Shared with him to read and change.</summary>
    Editor,

    /// <summary>It is his.</summary>
    Owner,

    /// <summary>He cares for all of them.</summary>
    Curator,
}

/// <summary>What is done to a draft.</summary>
internal enum DraftAct
{
    /// <summary>Metadata, files, findings, proposals.</summary>
    Read,

    /// <summary>Metadata and files.</summary>
    Write,

    /// <summary>Submitting, and stopping a submission.</summary>
    Submit,

    /// <summary>Throwing it away.</summary>
    Delete,

    /// <summary>Collaborators.</summary>
    Share,

    /// <summary>Another owner.</summary>
    Transfer,
}

/// <summary>What is done to a dataset.</summary>
internal enum DatasetAct
{
    /// <summary>Metadata, newest version and files.</summary>
    Read,

    /// <summary>Versions that were replaced before the dataset was public.</summary>
    ReadSuperseded,

    /// <summary>What was done to it.</summary>
    Follow,

    /// <summary>A revision.</summary>
    Revise,

    /// <summary>The release date.</summary>
    MoveDate,

    /// <summary>Taking it back.</summary>
    Withdraw,

    /// <summary>Collaborators and access keys.</summary>
    Share,

    /// <summary>Another owner.</summary>
    Transfer,
}

/// <summary>
/// Who may do what: two tables. What moves a release date and what withdraws is judged once more by the head that is written over. Reading by
/// an access key is no right of an account: see <see cref="Datasets.DatasetAccess"/>.
/// </summary>
internal static class Rights
{
    private static readonly Dictionary<DraftAct, Standing> OfDrafts = new()
    {
        [DraftAct.Read] = Standing.Reader,
        [DraftAct.Write] = Standing.Editor,
        [DraftAct.Submit] = Standing.Editor,
        [DraftAct.Delete] = Standing.Owner,
        [DraftAct.Share] = Standing.Owner,
        [DraftAct.Transfer] = Standing.Owner,
    };

    // The least standing while the dataset is private, released and withdrawn; null: nobody.
    private static readonly Dictionary<DatasetAct, (Standing Private, Standing Released, Standing? Withdrawn)> OfDatasets = new()
    {
        [DatasetAct.Read] = (Standing.Reader, Standing.Stranger, Standing.Curator),
        [DatasetAct.ReadSuperseded] = (Standing.Reader, Standing.Reader, Standing.Curator),
        [DatasetAct.Follow] = (Standing.Owner, Standing.Owner, Standing.Curator),
        [DatasetAct.Revise] = (Standing.Editor, Standing.Editor, null),
        [DatasetAct.MoveDate] = (Standing.Owner, Standing.Owner, null),
        [DatasetAct.Withdraw] = (Standing.Curator, Standing.Curator, Standing.Curator),
        [DatasetAct.Share] = (Standing.Owner, Standing.Owner, Standing.Curator),
        [DatasetAct.Transfer] = (Standing.Owner, Standing.Owner, Standing.Curator),
    };

    /// <summary>Whether a standing allows something to be done to a draft.</summary>
    public static bool Allows(this Standing standing, DraftAct act) => standing >= OfDrafts[act];

    /// <summary>Whether a standing allows something to be done to a dataset.</summary>
    public static bool Allows(this Standing standing, DatasetAct act, DatasetState state) => standing >= state switch
    {
        DatasetState.Private => OfDatasets[act].Private,
        DatasetState.Released => OfDatasets[act].Released,
        _ => OfDatasets[act].Withdrawn,
    };
}

/// <summary>Finds what a caller is to a thing.</summary>
internal sealed class Standings(SharingWriter sharing, CollaboratorDesk collaborators, IDatasetStore datasets, IDraftStore drafts)
{
    /// <summary>What the account is to the draft; to a revision what it is to its dataset, whose owner may have changed a moment ago.</summary>
    public async Task<Standing> OfAsync(Account? account, Draft draft, CancellationToken ct) =>
        draft is { IsRevision: true, Accession: { } revised } && await datasets.FindAsync(revised, ct) is { } dataset
            ? await OfAsync(account, dataset, ct)
            : await OfAsync(account, draft.Owner, SharedThing.Of(draft), ct);

    /// <summary>The same, told of his own draft as of an owner's even where he could do more.</summary>
    public async Task<Standing> AccessAsync(Account account, Draft draft, CancellationToken ct) =>
        await OfAsync(account, draft, ct) is var standing && standing is Standing.Curator && draft.Owner == account.Id ? Standing.Owner : standing;

    /// <summary>What the account is to the dataset.</summary>
    public Task<Standing> OfAsync(Account? account, Dataset dataset, CancellationToken ct) => OfAsync(account, dataset.Owner, SharedThing.Of(dataset.Accession), ct);

    /// <summary>What the account is to the submission: what it is to its dataset where there is one, else to its draft. Who submitted it may own neither by now.</summary>
    public async Task<Standing> OfAsync(Account? account, Submission submission, CancellationToken ct)
    {
        if (await datasets.FindAsync(submission.Accession, ct) is { } dataset) return await OfAsync(account, dataset, ct);
        if (await drafts.FindAsync(submission.Draft, ct) is { } draft && await OfAsync(account, draft, ct) is not Standing.Stranger and var standing) return standing;
        // Published since the first look, it is no draft any more, and with whom that was shared is forgotten.
        return await datasets.FindAsync(submission.Accession, ct) is { } published
            ? await OfAsync(account, published, ct)
            : await OfAsync(account, submission.Owner, SharedThing.Of(submission.Accession), ct);
    }

    /// <summary>What an entry makes of whom it means.</summary>
    public static Standing Of(Collaborator entry) => entry.Access is SharedAccess.Editor ? Standing.Editor : Standing.Reader;

    private async Task<Standing> OfAsync(Account? account, AccountId owner, SharedThing thing, CancellationToken ct)
    {
        if (account is null) return Standing.Stranger;
        if (account.Role is Role.Curator) return Standing.Curator;
        if (owner == account.Id) return Standing.Owner;
        if ((await sharing.ReadAsync(thing, ct)).Find(account) is not { } found) return Standing.Stranger;
        if (found.Account is null) await collaborators.ClaimAsync(thing, account, ct);
        return Of(found);
    }
}
