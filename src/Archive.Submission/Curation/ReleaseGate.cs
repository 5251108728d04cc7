using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Archive.Submissions.Collections;

namespace Archive.Submissions.Curation;

/// <summary>Says whether a version that is being published waits for a curator.</summary>
public sealed class ReleaseGate(CollectionChoice choice, ICurationStore curation)
{
    /// <summary>
    /// Whether it waits. Asked right before each try of the commit: of an account's first datasets, published at once, all wait, since none
    /// has passed yet; a pass that comes between the look and the commit makes one wait that need not, never the other way round.
    /// </summary>
    /// <param name="head">The dataset as it stands; null for a first version.</param>
    /// <param name="collection">Its collection.</param>
    /// <param name="owner">Its owner.</param>
    public async Task<bool> HoldsAsync(Dataset? head, string collection, AccountId owner, CancellationToken ct)
    {
        // A revision of what is public is seen at once; what may not change in it is for the rules of revisions.
        if (head is { State: DatasetState.Released }) return false;
        // What waits or was returned is looked at again, whatever the collection has become since.
        if (head is { IsHeld: true }) return true;
        return (await choice.RulesOfAsync(collection, ct)).ReleasePolicy switch
        {
            ReleasePolicy.Curator => true,
            ReleasePolicy.FirstByCurator => head?.Review?.State != ReviewState.Approved && !await curation.HasPassedAsync(owner, ct),
            _ => false,
        };
    }
}
