using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>A pass that has ended and may have left objects behind that nothing refers to.</summary>
/// <param name="Pass">The submission as it ended; its findings are counted as omitted ones, not listed.</param>
/// <param name="Since">Since when (UTC, the database's clock); another time means that more may have come since.</param>
/// <param name="DueAt">When it became due (UTC, the database's clock); another time means that another sweep was done with it meanwhile.</param>
public sealed record Leftovers(Submission Pass, DateTimeOffset Since, DateTimeOffset DueAt);

/// <summary>
/// Keeps in mind which passes the sweep has to look at, so that it costs what happened and not what is archived. A pass enters
/// in the same write that ends it (<see cref="ISubmissionStore.TrySaveAsync"/>): when it was not committed, or when it took more
/// than one attempt. A pass that was committed in its only attempt refers to everything that it stored, and never enters.
/// </summary>
public interface ILeftoverStore
{
    /// <summary>Passes that are due to be looked at, by the database's clock, in order of identifier after the one given, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Leftovers>> ListDueAsync(SubmissionId? after, int size, CancellationToken ct);

    /// <summary>
    /// Says that everything was removed that the pass had left when it was listed. It is due once more when
    /// <paramref name="settle"/> has gone by since <see cref="Leftovers.Since"/>, and then never again. Does nothing when it was
    /// reported or swept meanwhile: of two sweeps that overlap, the later one does not count as the second look.
    /// </summary>
    Task SweptAsync(Leftovers seen, TimeSpan settle, CancellationToken ct);

    /// <summary>
    /// Says that a holder wrote after it had lost its lease. A pass that has ended is due again; one that has not will be when it ends.
    /// </summary>
    Task ReportAsync(SubmissionId pass, CancellationToken ct);

    /// <summary>The accession that a look at every object came to last; null before the first.</summary>
    Task<Accession?> FindWalkedAsync(CancellationToken ct);

    /// <summary>Keeps what the next <see cref="FindWalkedAsync"/> gives.</summary>
    Task SetWalkedAsync(Accession last, CancellationToken ct);
}
