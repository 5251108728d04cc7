using System.Security.Cryptography;
using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Sharing;
using Archive.Model.Submissions;

namespace Archive.Submissions.Drafts;

/// <summary>Entries of what others than its owner do to a draft: a curator on his behalf, an editor in his own name.</summary>
public static class DraftAudit
{
    /// <summary>An entry; null where the owner himself acts.</summary>
    /// <param name="at">When (UTC).</param>
    /// <param name="actor">Who, and as what.</param>
    /// <param name="draft">The draft as it then stands.</param>
    /// <param name="action">What is done, as the audit calls it.</param>
    /// <param name="occasion">Of the same person, action and occasion one entry stands, however often it is added.</param>
    public static AuditEntry? Of(DateTimeOffset at, Editor actor, Draft draft, string action, string occasion) => actor.Account == draft.Owner
        ? null
        : AuditEntry.Of(at, null, SharedThing.DraftKind, draft.Id.ToString(), action, after: new { draft.Accession, Day = DateOnly.FromDateTime(at.UtcDateTime) }) with
        {
            Id = new(SHA256.HashData(Encoding.UTF8.GetBytes($"{draft.Id} {actor.Account} {action} {occasion}")).AsSpan(0, 16)),
            Actor = actor.Account,
            As = actor.Role.ToString().ToLowerInvariant(),
            OnBehalfOf = actor.Role is Role.Curator ? draft.Owner : null,
        };
}
