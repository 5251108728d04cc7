using System.Text.Json.Serialization;
using Archive.Model.Auditing;
using Archive.Model.Mail;

namespace Archive.Model.Effects;

/// <summary>
/// What must follow the write of a document: recorded in it by the same write, done afterwards as often as it takes, and then taken
/// out. Each has an identifier by which it counts once.
/// </summary>
/// <param name="Mails">Mails to be sent, oldest first.</param>
/// <param name="Entries">What the audit is to record, oldest first.</param>
public sealed record PendingEffects(IReadOnlyList<OutgoingMail> Mails, IReadOnlyList<AuditEntry> Entries)
{
    /// <summary>Nothing.</summary>
    public static readonly PendingEffects None = new([], []);

    /// <summary>Whether nothing is left to do.</summary>
    [JsonIgnore]
    public bool IsEmpty => Mails.Count == 0 && Entries.Count == 0;

    /// <summary>These and one mail more.</summary>
    public PendingEffects With(OutgoingMail mail) => this with { Mails = [.. Mails, mail] };

    /// <summary>These and one entry more.</summary>
    public PendingEffects With(AuditEntry entry) => this with { Entries = [.. Entries, entry] };

    /// <summary>Those of these that are not among the ones done.</summary>
    public PendingEffects Without(PendingEffects done) => new(
        [.. Mails.Where(m => !done.Mails.Any(d => d.Id == m.Id))],
        [.. Entries.Where(e => !done.Entries.Any(d => d.Id == e.Id))]);
}
