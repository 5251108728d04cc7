using System.Security.Cryptography;
using System.Text;
using Archive.Api.Accounts;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Api.Drafts;

/// <summary>
/// Records what is done to a draft by others than its owner, before it is done: by a curator on his behalf, by an editor in his own name. Of
/// many changes on one day one entry tells, so that an upload of a hundred thousand files is one.
/// </summary>
internal sealed class DraftRecord(IAuditStore audit, TimeProvider clock)
{
    /// <summary>Notes an act; does nothing for the owner, and for reading.</summary>
    public async Task NoteAsync(Account actor, Draft draft, DraftAct act, CancellationToken ct)
    {
        var action = act switch
        {
            DraftAct.Write => "draft-changed",
            DraftAct.Submit => "draft-submitted",
            DraftAct.Delete => "draft-deleted",
            _ => null,
        };
        if (action is null || actor.Id == draft.Owner) return;
        var now = clock.GetUtcNow();
        await audit.AddAsync(AuditEntry.Of(now, actor, SharedThing.DraftKind, draft.Id.ToString(), action, after: new { draft.Accession, Day = DateOnly.FromDateTime(now.UtcDateTime) }) with
        {
            Id = Name($"{draft.Id} {actor.Id} {action} {DateOnly.FromDateTime(now.UtcDateTime):O}"),
            OnBehalfOf = actor.Role is Role.Curator ? draft.Owner : null,
        }, ct);
    }

    // The same words, the same identifier: what is recorded twice stands once.
    private static Guid Name(string words) => new(SHA256.HashData(Encoding.UTF8.GetBytes(words)).AsSpan(0, 16));
}
