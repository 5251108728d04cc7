using System.Text.Json.Serialization;
using Archive.Model.Accounts;

namespace Archive.Model.Sharing;

/// <summary>What somebody may do with what is shared with him.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SharedAccess>))]
public enum SharedAccess
{
    /// <summary>Reads it.</summary>
    Reader,

    /// <summary>Writes drafts as well, and submits them.</summary>
    Editor,
}

/// <summary>Somebody with whom a draft or dataset is shared, by his address: it may be one that has no account yet.</summary>
/// <param name="Id">Names the entry; 32 lower-case hexadecimal digits, which tell nothing of an account.</param>
/// <param name="Email">The address that was named.</param>
/// <param name="Account">
/// The account; null until one that has confirmed the address made use of it. From then on the account counts, whatever its address.
/// </param>
/// <param name="Access">What he may do.</param>
/// <param name="AddedAt">When he was named (UTC).</param>
/// <param name="AddedBy">By whom.</param>
public sealed record Collaborator(string Id, string Email, AccountId? Account, SharedAccess Access, DateTimeOffset AddedAt, AccountId AddedBy)
{
    /// <summary>Whether an account is meant.</summary>
    public bool Means(Account account) => Account is { } bound
        ? bound == account.Id
        : account is { IsConfirmed: true, IsActive: true } && Email.Equals(account.Email, StringComparison.OrdinalIgnoreCase);
}
