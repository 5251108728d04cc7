using System.Globalization;
using Archive.Api.Accounts;
using Archive.Model.Accounts;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;

namespace Archive.Api.Drafts;

/// <summary>
/// Records what is done to a draft by others than its owner, before it is done: by a curator on his behalf, by an editor in his own name. Of
/// many changes on one day one entry tells, so that an upload of a hundred thousand files is one. A submission is recorded with the draft's seal.
/// </summary>
internal sealed class DraftRecord(IAuditStore audit, TimeProvider clock)
{
    /// <summary>Notes an act; does nothing for the owner, and for reading.</summary>
    public async Task NoteAsync(Account actor, Draft draft, DraftAct act, CancellationToken ct)
    {
        var action = act switch
        {
            DraftAct.Write => "draft-changed",
            DraftAct.Delete => "draft-deleted",
            _ => null,
        };
        var now = clock.GetUtcNow();
        if (action is not null && DraftAudit.Of(now, actor.AsEditor(), draft, action, now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) is { } entry)
            await audit.AddAsync(entry, ct);
    }
}
