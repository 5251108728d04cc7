using Archive.Api.Accounts;
using Archive.Model.Accounts;
using Archive.Model.Datasets;

namespace Archive.Api.Curation;

/// <summary>Where a private dataset stands with the curators; told to its owner and to curators.</summary>
/// <param name="State">Waiting; Approved: its release date decides; Returned: a new version brings it into the queue again.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Version">The version that it is about.</param>
/// <param name="Message">What the curator told; null for nothing.</param>
/// <param name="History">What happened so far, oldest first.</param>
internal sealed record ReviewResponse(ReviewState State, DateTimeOffset Since, int Version, string? Message, IReadOnlyList<ReviewMoveResponse> History)
{
    /// <summary>What a caller is told who may read the dataset; null when there is nothing to tell, and to everybody once it is public.</summary>
    public static ReviewResponse? For(Dataset dataset, Account? account) =>
        dataset.State == DatasetState.Private && account is not null && (dataset.Owner == account.Id || account.Role is Role.Curator) ? Of(dataset) : null;

    public static ReviewResponse? Of(Dataset dataset) => dataset.Review is not { } review ? null : new(
        review.State, review.Last.At, review.Last.Version, review.Last.Message, [.. review.Moves.Select(m => new ReviewMoveResponse(m.To, m.At, m.Version, m.Message))]);
}

/// <summary>One thing that was decided about a dataset.</summary>
/// <param name="To">What it became.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Version">The newest version then.</param>
/// <param name="Message">What the curator told; null for nothing.</param>
internal sealed record ReviewMoveResponse(ReviewState To, DateTimeOffset At, int Version, string? Message);
