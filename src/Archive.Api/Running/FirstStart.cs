using Archive.Api.Accounts;
using Archive.Indexer.Building;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;
using Archive.Submissions.Accessioning;

namespace Archive.Api.Running;

/// <summary>
/// What a new archive is given: the identity of its volumes, its default collection, and the operator's account. An archive that
/// has an operator is not new: then volumes must carry the identity already, so that one that is not mounted is an error and not
/// an empty archive.
/// </summary>
internal sealed partial class FirstStart(Settings settings, MetadataDatabase database, IObjectStore objects, IAccountStore accounts,
    ICollectionStore collections, PasswordCheck passwords, SharedSecret secret, RaiseNumbersAfterRestore raise, TimeProvider clock, ILogger<FirstStart> log)
{
    /// <summary>The address that the operator signs in with.</summary>
    public const string OperatorEmail = "operator@localhost";

    /// <summary>Where the operator's first password is written, for its user alone.</summary>
    public string PasswordFile => Path.Combine(settings.Data, "operator-password");

    public async Task PrepareAsync(CancellationToken ct)
    {
        var isNew = await accounts.FindByEmailAsync(OperatorEmail, ct) is null;
        if (isNew) await ClaimAsync(ct);
        await RequireAsync(ct);
        secret.Open();
        await RaiseAfterRestoreAsync(ct);
        var id = settings.Get(SettingCatalogue.DefaultCollection);
        if (await collections.FindAsync(id, ct) is null)
            await collections.PutAsync(new Collection(id, id, "Images of biological samples.", settings.Get(SettingCatalogue.AccessionPrefix)), ct);
        if (isNew) await AddOperatorAsync(ct);
    }

    /// <summary>Fails when a volume carries another identity or none.</summary>
    /// <exception cref="WrongVolumeException">It does.</exception>
    public async Task RequireAsync(CancellationToken ct)
    {
        VolumeIdentity.Require(settings.StagingFolder, database.ArchiveId);
        var found = (await objects.ProbeAsync(ct)).ArchiveId;
        if (found != database.ArchiveId)
            throw new WrongVolumeException($"The object store carries the archive identity '{found ?? "(none)"}' and not '{database.ArchiveId}': is its volume mounted?");
    }

    // A restored database may be older than the objects beside it; the mark is left by the restore and goes when numbers are safe.
    private async Task RaiseAfterRestoreAsync(CancellationToken ct)
    {
        var mark = Path.Combine(settings.Data, "restored");
        if (!File.Exists(mark)) return;
        var highest = await raise.RunAsync(ct);
        // What was published of the index may be of a state that is lost.
        await IndexBuilder.ForgetPublishedAsync(objects, ct);
        File.Delete(mark);
        LogRaised(log, string.Join(", ", highest.Select(h => $"{h.Key}{h.Value}")));
    }

    private async Task ClaimAsync(CancellationToken ct)
    {
        await objects.ClaimAsync(database.ArchiveId, ct);
        VolumeIdentity.Claim(settings.StagingFolder, database.ArchiveId);
    }

    // The file first: an account whose password nobody knows would lock everybody out, a password without account harms nobody.
    private async Task AddOperatorAsync(CancellationToken ct)
    {
        var password = SessionToken.New();
        await DataFolder.WriteSecretAsync(PasswordFile, password, ct);
        await accounts.TryAddAsync(new Account
        {
            Id = AccountId.New(),
            Email = OperatorEmail,
            Name = "Operator",
            PasswordHash = passwords.Hash(password),
            Role = Role.Operator,
            IsConfirmed = true,
            CreatedAt = clock.GetUtcNow(),
        }, ct);
        LogOperator(log, OperatorEmail, PasswordFile);
    }

    [LoggerMessage(LogLevel.Information, "After a restore, accessions go on above {Highest}")]
    private static partial void LogRaised(ILogger log, string highest);

    [LoggerMessage(LogLevel.Information, "Made the account {Email}; its first password is in {File}")]
    private static partial void LogOperator(ILogger log, string email, string file);
}
