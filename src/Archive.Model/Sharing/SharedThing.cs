using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Model.Sharing;

/// <summary>A draft or a dataset, as what is shared with others.</summary>
/// <param name="Kind"><see cref="DraftKind"/> or <see cref="DatasetKind"/>.</param>
/// <param name="Id">The text of its identifier.</param>
public readonly record struct SharedThing(string Kind, string Id)
{
    /// <summary>The kind of drafts, also in the audit.</summary>
    public const string DraftKind = "draft";

    /// <summary>The kind of datasets, also in the audit.</summary>
    public const string DatasetKind = "dataset";

    /// <summary>A dataset.</summary>
    public static SharedThing Of(Accession accession) => new(DatasetKind, accession.ToString());

    /// <summary>A draft by its identifier.</summary>
    public static SharedThing Of(DraftId draft) => new(DraftKind, draft.ToString());

    /// <summary>What a draft is shared as: itself, or the dataset that it revises, so that both always have the same collaborators.</summary>
    public static SharedThing Of(Draft draft) => draft is { IsRevision: true, Accession: { } revised } ? Of(revised) : Of(draft.Id);
}
