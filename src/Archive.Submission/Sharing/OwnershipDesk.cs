using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.Mail;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Release;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Sharing;

/// <summary>
/// Gives drafts and datasets another owner: a curator at once, an owner by an offer that the other accepts. Who may offer is for the caller to
/// judge. The former owner keeps no access, unless the new one shares it with him.
/// </summary>
public sealed class OwnershipDesk(SharingWriter writer, IDatasetStore datasets, IDraftStore drafts, IAccountStore accounts,
    IStagingMeter meter, StagingOptions staging, DatasetEffects effects, DraftEffects draftEffects, MailBound mails, TimeProvider time)
{
    private const int Tries = 20;

    /// <summary>Offers a thing to an address. The answer is the same whether or not it has an account; an earlier offer falls.</summary>
    public async Task<OwnerOffer> OfferAsync(SharedThing thing, AccountId owner, string email, Account actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var offer = new OwnerOffer(email, owner, now, now.AddDays(OwnerOffer.Days));
        var before = await writer.ReadAsync(thing, ct);
        if (IsSame(before)) return before.Offer!;
        var mayMail = await mails.TryCountAsync(email, ct);
        var written = await writer.ChangeAsync(thing, record =>
        {
            if (IsSame(record)) return record;
            if (record.Offer?.IsTaken(record.AsOf) is true) throw new ArchiveException(Problems.Conflict, "An offer of it is just being accepted: look again in a moment.");
            var follows = record.Effects.With(Entry(record.Thing, actor, null, "owner-offered", null, new { Email = email, offer.ExpiresAt }));
            if (mayMail) follows = follows.With(Mail(record.Thing, email, "owner-offered", ("by", actor.Name), ("until", DatasetRecord.Day(new(offer.ExpiresAt.UtcDateTime.Date, TimeSpan.Zero)))));
            return record with { Offer = offer, Effects = follows };
        }, ct);
        return written.Offer!;

        bool IsSame(SharingRecord record) => record.Offer is { } stands && !stands.IsTaken(record.AsOf) && stands.From == owner && stands.ExpiresAt > record.AsOf
            && stands.Email.Equals(email, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes an offer back; false when there was none.</summary>
    public async Task<bool> TakeBackAsync(SharedThing thing, Account actor, CancellationToken ct)
    {
        var any = false;
        await writer.ChangeAsync(thing, record =>
        {
            any = record.Offer?.IsTaken(record.AsOf) is false;
            return any && record.Offer is { } offer
                ? record with { Offer = null, Effects = record.Effects.With(Entry(record.Thing, actor, null, "owner-offer-withdrawn", new { offer.Email }, null)) }
                : record;
        }, ct);
        return any;
    }

    /// <summary>Accepts what is offered to an account, and has it transferred. Of taking back and accepting at once only one is done.</summary>
    /// <param name="transfer">Makes the account the owner in the place of who offered; false when it is his no more.</param>
    /// <returns>Whether it is the account's now by this offer; false when nothing is offered to it, or not any more.</returns>
    public async Task<bool> AcceptAsync(SharedThing thing, Account account, Func<AccountId, Task<bool>> transfer, CancellationToken ct)
    {
        var from = default(AccountId?);
        await writer.ChangeAsync(thing, record =>
        {
            from = record.Offer?.IsFor(account, record.AsOf) is true ? record.Offer.From : null;
            return from is null || record.Offer!.IsTaken(record.AsOf) ? record : record with { Offer = record.Offer with { AcceptedBy = account.Id, AcceptedAt = record.AsOf } };
        }, ct);
        if (from is not { } owner) return false;
        var isDone = false;
        try
        {
            return isDone = await transfer(owner);
        }
        finally
        {
            if (!isDone) await LeaveAsync(thing, account);
        }
    }

    // Not to be had now, as a draft on its way: the offer stands as before. Where that cannot be written it does so a minute later.
    private async Task LeaveAsync(SharedThing thing, Account account)
    {
        try
        {
            await writer.ChangeAsync(thing, record => record.Offer?.AcceptedBy == account.Id ? record with { Offer = record.Offer with { AcceptedBy = null, AcceptedAt = null } } : record, CancellationToken.None);
        }
        catch (ArchiveException)
        {
            // What kept the transfer from being done is told, not this.
        }
    }

    /// <summary>Makes an account the owner of a dataset. Nothing that the public sees changes. Repeating it changes nothing.</summary>
    /// <param name="from">The owner who offered it; null where a curator decides.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.QuotaExceeded"/>: its revision has more staged than the other may.</exception>
    /// <returns>The head; null when there is none, or when it is no longer his who offered it.</returns>
    public async Task<Dataset?> TransferAsync(Accession accession, Account to, AccountId? from, Account actor, CancellationToken ct)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (await datasets.FindAsync(accession, ct) is not { } dataset) return null;
            if (dataset.Owner != to.Id)
            {
                if (from is { } offered && dataset.Owner != offered) return null;
                if (from is not null && await drafts.FindRevisionAsync(accession, ct) is { } revision && revision.Owner != to.Id) await RequireRoomAsync(revision, to, ct);
                var thing = SharedThing.Of(accession);
                var changed = dataset with { Owner = to.Id, Effects = dataset.Effects.With(Moved(thing, actor, dataset.Owner, to)) };
                foreach (var mail in await MailsAsync(thing, dataset.Owner, to, actor, dataset.Revision, ct)) changed = changed with { Effects = changed.Effects.With(mail) };
                if (await datasets.TryWriteAsync(changed, ct) is not { } written) continue;
                dataset = written;
                await effects.FollowAsync(written);
            }
            // Done to the end, even when nobody waits for the answer.
            await MoveRevisionAsync(dataset, CancellationToken.None);
            await CloseAsync(SharedThing.Of(accession), to, ct);
            return dataset;
        }
        throw new ArchiveException(Problems.Conflict, "The dataset is being changed by others all the time.");
    }

    /// <summary>The same of a draft, which must be open: its submission belongs to who submitted it.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.DraftSealed"/>; <see cref="Problems.QuotaExceeded"/>: what is staged is more than the other may.</exception>
    public async Task<Draft?> TransferAsync(DraftId id, Account to, AccountId? from, Account actor, CancellationToken ct)
    {
        var thing = SharedThing.Of(id);
        for (var i = 0; i < Tries; i++)
        {
            if (await drafts.FindAsync(id, ct) is not { } draft) return null;
            if (draft.Owner != to.Id)
            {
                if (from is { } offered && draft.Owner != offered) return null;
                DraftDesk.Accepts(draft, null);
                if (from is not null) await RequireRoomAsync(draft, to, ct);
                var changed = draft with { Owner = to.Id, Effects = draft.Effects.With(Moved(thing, actor, draft.Owner, to)) };
                foreach (var mail in await MailsAsync(thing, draft.Owner, to, actor, draft.Revision, ct)) changed = changed with { Effects = changed.Effects.With(mail) };
                if (await drafts.TryReplaceAsync(changed, ct) is not { } written) continue;
                draft = written;
                await draftEffects.FollowAsync(written);
            }
            await CloseAsync(thing, to, ct);
            return draft;
        }
        throw new ArchiveException(Problems.Conflict, "The draft is being changed by others all the time.");
    }

    // What is staged counts for its owner. By an offer nobody comes to have more than he may: one account would stage for another without end.
    private async Task RequireRoomAsync(Draft draft, Account to, CancellationToken ct)
    {
        if ((await meter.ReadAsync([draft.Id], ct)).GetValueOrDefault(draft.Id) is not { } staged || (staged.DraftBytes <= 0 && staged.DraftFiles <= 0)) return;
        var has = await meter.ReadAsync(to.Id, ct);
        var (bytes, files) = (has.OwnQuota?.Bytes ?? staging.Quotas.AccountBytes, has.OwnQuota?.Files ?? staging.Quotas.AccountFiles);
        if ((bytes == 0 || has.AccountBytes + staged.DraftBytes <= bytes) && (files == 0 || has.AccountFiles + staged.DraftFiles <= files)) return;
        throw new ArchiveException(Problems.QuotaExceeded,
            $"The account has staged {has.AccountBytes} bytes in {has.AccountFiles} files, and the draft has {staged.DraftBytes} bytes in {staged.DraftFiles}: together more than it may.",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["usedBytes"] = has.AccountBytes,
                ["limitBytes"] = bytes == 0 ? null : bytes,
                ["usedFiles"] = has.AccountFiles,
                ["limitFiles"] = files == 0 ? null : files,
                ["neededBytes"] = staged.DraftBytes,
            });
    }

    // Sealed or not: its former owner is not to change what is no longer his once a refused submission opens it again.
    private async Task MoveRevisionAsync(Dataset dataset, CancellationToken ct)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (await drafts.FindRevisionAsync(dataset.Accession, ct) is not { } draft || draft.Owner == dataset.Owner) return;
            if (await drafts.TryReplaceAsync(draft with { Owner = dataset.Owner }, ct) is not null) return;
        }
        throw new ArchiveException(Problems.Conflict, "The dataset's revision is being changed by others all the time.");
    }

    // The offer is done with, and an owner needs no entry among those with whom it is shared.
    private Task<SharingRecord> CloseAsync(SharedThing thing, Account owner, CancellationToken ct) => writer.ChangeAsync(thing, record =>
        record.Offer is null && !record.Collaborators.Any(c => c.Means(owner))
            ? record
            : record with { Offer = null, Collaborators = [.. record.Collaborators.Where(c => !c.Means(owner))] }, ct);

    private async Task<IReadOnlyList<OutgoingMail>> MailsAsync(SharedThing thing, AccountId former, Account to, Account actor, long revision, CancellationToken ct)
    {
        var told = new List<OutgoingMail>(2);
        foreach (var account in new[] { to, await accounts.FindAsync(former, ct) })
            if (account is { IsActive: true })
                told.Add(Mail(thing, account.Email, "owner-changed", ("name", account.Name), ("by", actor.Name), ("owner", to.Name)) with
                {
                    Id = MailId.Of("owner-changed", thing.Kind, thing.Id, revision.ToString(CultureInfo.InvariantCulture), account.Id.ToString()),
                });
        return told;
    }

    private AuditEntry Moved(SharedThing thing, Account actor, AccountId before, Account after) =>
        Entry(thing, actor, actor.Role is Role.Curator && actor.Id != after.Id && actor.Id != before ? before : null, "owner-changed", new { Owner = before }, new { Owner = after.Id });

    private AuditEntry Entry(SharedThing thing, Account actor, AccountId? onBehalfOf, string action, object? before, object? after) =>
        AuditEntry.Of(time.GetUtcNow(), actor, thing.Kind, thing.Id, action, before, after) with { OnBehalfOf = onBehalfOf };

    private static OutgoingMail Mail(SharedThing thing, string to, string template, params ReadOnlySpan<(string Place, string Text)> values)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["what"] = thing.Kind == SharedThing.DatasetKind ? "the dataset " + thing.Id : "the draft " + thing.Id,
            ["place"] = thing.Kind == SharedThing.DatasetKind ? "/api/datasets/" + thing.Id : "/api/drafts/" + thing.Id,
        };
        foreach (var (place, text) in values) texts[place] = text;
        return new(MailId.New(), to, template, texts);
    }
}
