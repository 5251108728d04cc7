using Archive.Model.Effects;

namespace Archive.Storage.Metadata;

/// <summary>
/// Does what must follow a write, from the document that records it. Whoever wrote the document calls it afterwards and then takes
/// the effects out; a sweep does the same for documents whose writer died. Doing it twice is doing it once.
/// </summary>
public sealed class EffectDrain(IMailStore mails, IAuditStore audit, IChangeSignal signal)
{
    /// <summary>Hands mails to the outbox and entries to the audit; when this returns they are as durable as the document.</summary>
    public async Task ApplyAsync(PendingEffects effects, CancellationToken ct)
    {
        foreach (var entry in effects.Entries) await audit.AddAsync(entry, ct);
        foreach (var mail in effects.Mails) await mails.AddAsync(mail, ct);
        if (effects.Mails.Count > 0) await signal.SendAsync(SignalTopic.Mails, ct);
    }
}
