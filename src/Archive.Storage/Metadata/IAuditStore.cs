using Archive.Model.Accounts;
using Archive.Model.Auditing;

namespace Archive.Storage.Metadata;

/// <summary>An entry with its place in the order of recording.</summary>
/// <param name="Sequence">Grows with each entry; gaps are allowed.</param>
/// <param name="Entry">The entry.</param>
public sealed record RecordedEntry(long Sequence, AuditEntry Entry);

/// <summary>Keeps who did what. Entries are added and read, never changed or removed.</summary>
public interface IAuditStore
{
    /// <summary>Adds an entry; does nothing when its identifier is there already, so that a repetition is safe.</summary>
    Task AddAsync(AuditEntry entry, CancellationToken ct);

    /// <summary>Entries newest first, those recorded before <paramref name="before"/> (null: from the newest), at most <paramref name="size"/>.</summary>
    /// <param name="subjectKind">Only of this kind of thing; null for all.</param>
    /// <param name="subjectId">Only of this one, together with its kind; null for all.</param>
    /// <param name="actor">Only what this account did; null for all.</param>
    Task<IReadOnlyList<RecordedEntry>> ListAsync(
        string? subjectKind, string? subjectId, AccountId? actor, long? before, int size, CancellationToken ct);
}
