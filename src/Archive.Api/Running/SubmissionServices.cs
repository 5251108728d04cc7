using Archive.Model.PageTab;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists;
using Archive.Submissions.Ingest;
using Archive.Submissions.Staging;
using Archive.Submissions.Validation;
using Archive.Submissions.Workflow;

namespace Archive.Api.Running;

/// <summary>Puts drafts, staging and the submission service together. Every node can take requests; those with the role also work on them.</summary>
internal static class SubmissionServices
{
    public static IServiceCollection AddSubmissions(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(provider => new StagingOptions
        {
            Folder = settings.StagingFolder,
            Reserve = provider.GetRequiredService<SpaceReserve>(),
            MaxFileBytes = settings.Get(SettingCatalogue.MaxUploadBytes),
            IdleTimeout = TimeSpan.FromSeconds(settings.Get(SettingCatalogue.UploadIdleSeconds)),
        });
        services.AddSingleton<StagingArea>();
        services.AddSingleton<StagingSweep>();
        services.AddSingleton(provider =>
        {
            var staging = provider.GetRequiredService<StagingArea>();
            // Uploads by HTTP are new inodes that nobody opens for writing again: they may be linked.
            return new StagedContent(staging.PathOf, MayLink: true, staging.EmptyAsync);
        });
        services.AddSingleton<DraftCloser>();
        services.AddSingleton(provider => new DraftDesk(provider.GetRequiredService<IDraftStore>(), provider.GetRequiredService<ICollectionStore>(),
            provider.GetRequiredService<DraftCloser>(), settings.Get(SettingCatalogue.DefaultCollection),
            new PageTabLimits(settings.Get(SettingCatalogue.MaxMetadataBytes)), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(FileListLimits.Default);
        services.AddSingleton(provider => new FileListCheck(
            provider.GetRequiredService<IUploadStore>(), provider.GetRequiredService<StagedContent>().Open, provider.GetRequiredService<FileListLimits>()));
        services.AddSingleton<SubmissionValidator>();
        services.AddSingleton<AccessionMinter>();
        services.AddSingleton<Submitter>();
        services.AddSingleton<SealedDraftSweep>();
        return settings.Roles.HasFlag(Roles.Submission) ? services.AddWorkflow(settings) : services;
    }

    private static IServiceCollection AddWorkflow(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new IngestOptions(Path.Combine(settings.Data, "scratch")));
        services.AddSingleton<FileIngester>();
        services.AddSingleton<DatasetPublisher>();
        services.AddSingleton<ValidateStep>();
        services.AddSingleton<IngestStep>();
        services.AddSingleton<PublishStep>();
        services.AddSingleton<SubmissionWorkflow>();
        services.AddSingleton(new RunnerOptions($"{Environment.MachineName}-{Environment.ProcessId}", (int)settings.Get(SettingCatalogue.Workers)));
        services.AddSingleton<SubmissionRunner>();
        services.AddHostedService<SubmissionWorker>();
        return services;
    }
}
