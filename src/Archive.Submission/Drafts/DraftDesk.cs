using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Drafts;

/// <summary>Settings of drafts.</summary>
/// <param name="DefaultCollection">The collection of drafts that name none.</param>
/// <param name="PageTabs">Bounds of a page tab; null for the usual ones.</param>
/// <param name="ReceiveWithin">
/// How long a page tab may be on its way, however long it is; null for half a minute and as long as the longest one takes at 128 KiB/s.
/// </param>
/// <param name="Expiry">How long a draft stays when nobody works on it; zero for ever.</param>
public sealed record DraftOptions(string DefaultCollection = "BioImages", PageTabLimits? PageTabs = null, TimeSpan? ReceiveWithin = null, TimeSpan Expiry = default)
{
    private const int LeastBytesPerSecond = 128 << 10;

    internal PageTabLimits Limits => PageTabs ?? PageTabLimits.Default;

    internal TimeSpan Deadline => ReceiveWithin ?? TimeSpan.FromSeconds(30 + Limits.MaxBytes / LeastBytesPerSecond);
}

/// <summary>
/// Begins, describes and gives up drafts. Who may touch a draft is for the caller to judge: an id alone opens it here.
/// </summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="collections">Which collections there are.</param>
/// <param name="closer">Removes what a draft leaves.</param>
/// <param name="options">Settings.</param>
/// <param name="time">The clock that a draft's beginning is read from.</param>
public sealed class DraftDesk(
    IDraftStore drafts, ICollectionStore collections, DraftCloser closer, DraftOptions options, TimeProvider time)
{
    // A draft has one depositor, so a lost race is rare; many in a row mean that something else is wrong.
    private const int MaxRaces = 20;

    /// <summary>Begins a draft of a depositor.</summary>
    /// <inheritdoc cref="BeginAsync(AccountId, Role, string?, CancellationToken)"/>
    public Task<Draft> BeginAsync(AccountId owner, string? collection, CancellationToken ct) => BeginAsync(owner, Role.Depositor, collection, ct);

    /// <inheritdoc cref="BeginAsync(AccountId, Role, string?, Func{Draft, PendingEffects}?, CancellationToken)"/>
    public Task<Draft> BeginAsync(AccountId owner, Role role, string? collection, CancellationToken ct) => BeginAsync(owner, role, collection, null, ct);

    /// <summary>Begins a draft.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="role">As what its owner, or who acts for him, begins it.</param>
    /// <param name="collection">The collection by name, or null for the default one.</param>
    /// <param name="follows">Tells what must follow, which is kept with the draft and left to the caller; null for nothing.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.CollectionUnknown"/>, <see cref="Problems.CollectionClosed"/>.</exception>
    public async Task<Draft> BeginAsync(AccountId owner, Role role, string? collection, Func<Draft, PendingEffects>? follows, CancellationToken ct)
    {
        var name = collection ?? options.DefaultCollection;
        var rules = (await collections.ReadAsync(ct)).RulesOf(name);
        if (rules.AccessionPrefix is null) throw new ArchiveException(Problems.CollectionUnknown, $"There is no collection '{name}'.");
        if (!rules.MayUse(owner, role)) throw new ArchiveException(Problems.CollectionClosed, $"The collection '{rules.Collection}' does not take datasets of this account.");
        var draft = new Draft { Id = DraftId.New(), Owner = owner, Collection = rules.Collection, CreatedAt = time.GetUtcNow() };
        await drafts.AddAsync(follows is null ? draft : draft with { Effects = follows(draft) }, ct);
        return await drafts.FindAsync(draft.Id, ct) ?? draft;
    }

    /// <summary>As the other, of a page tab in JSON.</summary>
    public Task<(Draft Draft, ValidationReport Report)> SetPageTabAsync(DraftId id, Stream json, long? revision, CancellationToken ct) =>
        SetPageTabAsync(id, PageTabForm.Json, json, revision, null, ct);

    /// <summary>Reads a page tab and puts it in the place of the draft's own. It is kept as JSON, which every form can be made of again.</summary>
    /// <param name="form">What the content is.</param>
    /// <param name="enter">Takes a place for a tree made of so many bytes, once all of them are here, or refuses; null where nobody bounds it.</param>
    /// <param name="revision">The revision that must still stand, or null to put it over whatever stands.</param>
    /// <returns>The draft with its new revision, and warnings.</returns>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.DraftNotFound"/>, <see cref="Problems.DraftSealed"/>, <see cref="Problems.PreconditionFailed"/>,
    /// <see cref="Problems.BodyTooSlow"/>, or one of
    /// <see cref="Problems.PageTabNotJson"/>, <see cref="Problems.PageTabNotTsv"/>, <see cref="Problems.PageTabNotXml"/>,
    /// <see cref="Problems.PageTabNotXlsx"/>, <see cref="Problems.PageTabTooLarge"/>, <see cref="Problems.PageTabTooDeep"/> and
    /// <see cref="Problems.PageTabInvalid"/> with the fact <c>findings</c>; nothing is stored then.
    /// </exception>
    public async Task<(Draft Draft, ValidationReport Report)> SetPageTabAsync(
        DraftId id, PageTabForm form, Stream content, long? revision, Func<long, IDisposable?>? enter, CancellationToken ct)
    {
        // Before the body is read: a sealed draft and a wrong revision need none.
        Accepts(await drafts.FindAsync(id, ct), revision);
        var limits = options.Limits;
        var received = await ReceiveAsync(content, limits.MaxBytes, ct) ?? throw Refusal(PageTabJson.TooLong(limits));
        var (json, reading) = await PageTabIntake.ToJsonAsync(form, received, limits, enter, ct);
        using var text = json ?? throw Refusal(reading);
        for (var race = 0; race < MaxRaces; race++)
        {
            var draft = Accepts(await drafts.FindAsync(id, ct), revision);
            if (await drafts.TryWritePageTabAsync(draft, text, ct) is { } stored) return (stored, reading.Report);
        }
        throw new ArchiveException(Problems.Conflict, "The draft changes faster than it can be written.");
    }

    /// <summary>What a draft says, and its revision; null when it says nothing or is gone. Large ones take some 100 MB.</summary>
    public Task<(PageTabDocument Document, long Revision)?> ReadPageTabAsync(DraftId id, CancellationToken ct) => DraftPageTab.ReadRevisionAsync(drafts, id, ct);

    /// <summary>Gives up a draft: its files in staging go with it. Does nothing when it is gone already.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.DraftSealed"/>.</exception>
    public async Task DeleteAsync(DraftId id, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var draft = await drafts.FindAsync(id, ct);
            if (draft is { IsSealed: true }) throw Sealed();
            // The draft goes first: an upload that is still running finds none and is thrown away, and a submit cannot begin.
            if (draft is not null && !await closer.TryDeleteAsync(draft, ct)) continue;
            await closer.EmptyAsync(id, ct);
            await closer.ForgetSharesAsync(id, ct);
            return;
        }
        throw new ArchiveException(Problems.Conflict, "The draft changes faster than it can be removed.");
    }

    private async Task<PageTabText?> ReceiveAsync(Stream content, long maxBytes, CancellationToken ct)
    {
        // What came is held in memory, so it is given up when the rest does not come.
        using var late = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            return await PageTabText.ReceiveAsync(content, maxBytes, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ArchiveException(Problems.BodyTooSlow, $"The page tab was not whole after {options.Deadline.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>The draft, when it is there, open and of the revision (null: of any).</summary>
    internal static Draft Accepts(Draft? draft, long? revision)
    {
        if (draft is null) throw new ArchiveException(Problems.DraftNotFound, "There is no such draft.");
        if (draft.IsSealed) throw Sealed();
        if (revision is { } wanted && wanted != draft.Revision)
            throw new ArchiveException(Problems.PreconditionFailed, "The draft was changed since the ETag that the request names.");
        return draft;
    }

    /// <summary>Judges a text before it becomes a draft's page tab.</summary>
    /// <returns>Warnings.</returns>
    /// <exception cref="ArchiveException">Those of setting a page tab that are about the text.</exception>
    internal static ValidationReport Check(PageTabText text, DraftOptions options)
    {
        var limits = options.Limits;
        var reading = text.LengthBytes > limits.MaxBytes ? PageTabJson.TooLong(limits) : PageTabJson.Check(text, limits);
        return reading.Fault == PageTabFault.None && reading.Report.IsAcceptable ? reading.Report : throw Refusal(reading);
    }

    private static ArchiveException Sealed() => new(Problems.DraftSealed, "The draft is sealed by its submission and takes no change.");

    private static ArchiveException Refusal(PageTabReading reading)
    {
        var problem = reading.Fault switch
        {
            PageTabFault.NotJson => Problems.PageTabNotJson,
            PageTabFault.NotTsv => Problems.PageTabNotTsv,
            PageTabFault.NotXml => Problems.PageTabNotXml,
            PageTabFault.NotXlsx => Problems.PageTabNotXlsx,
            PageTabFault.TooLarge => Problems.PageTabTooLarge,
            PageTabFault.TooDeep => Problems.PageTabTooDeep,
            _ => Problems.PageTabInvalid,
        };
        var first = reading.Report.Findings.First(f => f.Severity == Severity.Error);
        return new(problem, first.Message, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["findings"] = reading.Report.Findings,
            ["omitted"] = reading.Report.Omitted,
        });
    }
}
