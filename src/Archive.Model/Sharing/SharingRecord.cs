using System.Text.Json.Serialization;
using Archive.Model.Accounts;
using Archive.Model.Effects;

namespace Archive.Model.Sharing;

/// <summary>
/// With whom a draft or dataset is shared, and by which keys. A document beside that of the thing itself: nothing that the public or the
/// index sees changes with it.
/// </summary>
public sealed record SharingRecord
{
    /// <summary>The most collaborators of one thing.</summary>
    public const int MaxCollaborators = 50;

    /// <summary>The most keys of a dataset that open it at one time.</summary>
    public const int MaxLiveKeys = 20;

    /// <summary>The most keys that are remembered; those that open nothing any more go first, the oldest before the others.</summary>
    public const int MaxKeys = 100;

    /// <summary>What is shared.</summary>
    public required SharedThing Thing { get; init; }

    /// <summary>With whom, in the order of naming.</summary>
    public IReadOnlyList<Collaborator> Collaborators { get; init; } = [];

    /// <summary>Keys of a dataset, oldest first, revoked and expired ones among them.</summary>
    public IReadOnlyList<AccessKey> Keys { get; init; } = [];

    /// <summary>What its owner offers somebody; null for nothing.</summary>
    public OwnerOffer? Offer { get; init; }

    /// <summary>
    /// The dataset that the draft became: set once, right before that is published. From then on its record holds, and this one's collaborators
    /// stand here only until they are there.
    /// </summary>
    public SharedThing? MovedTo { get; init; }

    /// <summary>What must still follow writes of this document. Kept by the store beside it.</summary>
    [JsonIgnore]
    public PendingEffects Effects { get; init; } = PendingEffects.None;

    /// <summary>Compared and raised by each write; 0 for what was never shared. Set by the store.</summary>
    [JsonIgnore]
    public long Revision { get; init; }

    /// <summary>The database's time when this was read, by which expiry is judged. Set by the store.</summary>
    [JsonIgnore]
    public DateTimeOffset AsOf { get; init; }

    /// <summary>The entry that means an account; null when it is not shared with it.</summary>
    public Collaborator? Find(Account account)
    {
        Collaborator? found = null;
        foreach (var one in Collaborators)
            if (one.Means(account) && (found is null || one.Access > found.Access))
                found = one;
        return found;
    }

    /// <summary>The record with one more key; of those that are too many, one that is not live goes.</summary>
    public SharingRecord With(AccessKey key)
    {
        var kept = Keys.ToList();
        while (kept.Count >= MaxKeys && kept.FindIndex(k => !k.IsLive(AsOf)) is >= 0 and var dead) kept.RemoveAt(dead);
        return this with { Keys = [.. kept, key] };
    }
}
