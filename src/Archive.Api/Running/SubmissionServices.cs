using Archive.Api.Jobs;
using Archive.Storage.Metadata.Postgres;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Collections;
using Archive.Submissions.Curation;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists;
using Archive.Submissions.FileLists.Proposing;
using Archive.Submissions.Ingest;
using Archive.Submissions.Release;
using Archive.Submissions.Revisions;
using Archive.Submissions.Sharing;
using Archive.Submissions.Staging;
using Archive.Submissions.Validation;
using Archive.Submissions.Workflow;

namespace Archive.Api.Running;

/// <summary>Puts drafts, staging and the submission service together. Every node can take requests; those with the role also work on them.</summary>
internal static class SubmissionServices
{
    // Backup scripts take the same lock by its name.
    private const string SweepLock = "archive.sweep";

    public static IServiceCollection AddSubmissions(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(provider => new StagingOptions
        {
            Folder = settings.StagingFolder,
            Reserve = provider.GetRequiredService<Archive.Storage.Objects.SpaceReserve>(),
            MaxFileBytes = settings.Get(SettingCatalogue.MaxUploadBytes),
            Quotas = new(settings.Get(SettingCatalogue.AccountQuotaBytes), settings.Get(SettingCatalogue.AccountQuotaFiles), settings.Get(SettingCatalogue.StagingQuotaBytes)),
            IdleTimeout = TimeSpan.FromSeconds(settings.Get(SettingCatalogue.UploadIdleSeconds)),
            Lease = TimeSpan.FromSeconds(settings.Get(SettingCatalogue.LeaseSeconds)),
        });
        services.AddSingleton<StagingArea>();
        services.AddSingleton<StagingSweep>();
        services.AddSingleton<DraftCloser>();
        services.AddSingleton(new DraftOptions(settings.Get(SettingCatalogue.DefaultCollection), new(settings.Get(SettingCatalogue.MaxMetadataBytes)),
            Expiry: TimeSpan.FromDays(settings.Get(SettingCatalogue.DraftExpiryDays))));
        services.AddSingleton<DraftDesk>();
        services.AddSingleton<DraftLimitsDesk>();
        services.AddSingleton<DraftEffects>();
        services.AddSingleton<DraftExpirySweep>();
        services.AddSingleton(FileListLimits.Default);
        services.AddSingleton<FileListCheck>();
        services.AddSingleton<FileListProposer>();
        services.AddSingleton<CollectionChoice>();
        services.AddSingleton<CollectionDesk>();
        services.AddSingleton<CurationDesk>();
        services.AddSingleton<NextFiles>();
        services.AddSingleton<RevisionDesk>();
        services.AddSingleton<SubmissionValidator>();
        services.AddSingleton(Archive.Submissions.TextMetadata.TextMetadataLimits.Default);
        services.AddSingleton<Archive.Submissions.TextMetadata.ReadingCache>();
        services.AddSingleton<Archive.Submissions.TextMetadata.ProposalDesk>();
        services.AddSingleton<AccessionMinter>();
        services.AddSingleton<Submitter>();
        services.AddSingleton<SealedDraftSweep>();
        services.AddSingleton<DatasetEffects>();
        services.AddSingleton<ReleaseRunner>();
        services.AddSingleton<ReleaseDesk>();
        services.AddSingleton<SharingWriter>();
        services.AddSingleton<CollaboratorDesk>();
        services.AddSingleton<AccessKeyDesk>();
        services.AddSingleton<OwnershipDesk>();
        services.AddSingleton<TrySweepLock>(provider => ct => provider.GetRequiredService<MetadataDatabase>().TryLockAsync(SweepLock, ct));
        services.AddSingleton<OrphanSweep>();
        services.AddSingleton<RaiseNumbersAfterRestore>();
        services.AddSingleton<SweepJob>();
        return settings.Roles.HasFlag(Roles.Submission) ? services.AddWorkflow(settings) : services;
    }

    private static IServiceCollection AddWorkflow(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(provider => new IngestOptions(
            Path.Combine(settings.Data, "scratch"), Reserve: provider.GetRequiredService<Archive.Storage.Objects.SpaceReserve>()));
        services.AddSingleton<FileIngester>();
        services.AddSingleton<ReleaseGate>();
        services.AddSingleton<DatasetPublisher>();
        services.AddSingleton<ValidateStep>();
        services.AddSingleton<IngestStep>();
        services.AddSingleton<PublishStep>();
        services.AddSingleton<SubmissionWorkflow>();
        services.AddSingleton(new RunnerOptions($"{Environment.MachineName}-{Environment.ProcessId}", (int)settings.Get(SettingCatalogue.Workers),
            Lease: TimeSpan.FromSeconds(settings.Get(SettingCatalogue.LeaseSeconds)), Idle: TimeSpan.FromSeconds(Math.Min(5, settings.Get(SettingCatalogue.LeaseSeconds) / 2))));
        services.AddSingleton<SubmissionRunner>();
        services.AddHostedService<SubmissionWorker>();
        services.AddHostedService<ReleaseWorker>();
        return services;
    }
}
