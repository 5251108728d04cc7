using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Metadata.Postgres.Cluster;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Api.Running;

/// <summary>Chooses the adapters of metadata and objects by the settings.</summary>
internal static class StoreServices
{
    public static IServiceCollection AddStores(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(provider => new MetadataDatabase(Database(settings), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        services.AddSingleton<ISessionStore, PostgresSessionStore>();
        services.AddSingleton<ITallyStore, PostgresTallyStore>();
        services.AddSingleton<INodeReportStore, PostgresNodeReportStore>();
        services.AddSingleton<MailBound>();
        services.AddSingleton<IMailStore, PostgresMailStore>();
        services.AddSingleton<IAuditStore, PostgresAuditStore>();
        services.AddSingleton<ISharingStore, PostgresSharingStore>();
        services.AddSingleton<IDraftStore, PostgresDraftStore>();
        services.AddSingleton<IDraftAgenda, PostgresDraftAgenda>();
        services.AddSingleton<IUploadStore, PostgresUploadStore>();
        services.AddSingleton<IStagingMeter, PostgresStagingMeter>();
        services.AddSingleton<ISubmissionStore, PostgresSubmissionStore>();
        services.AddSingleton<ILeftoverStore, PostgresLeftoverStore>();
        services.AddSingleton<IDatasetStore, PostgresDatasetStore>();
        services.AddSingleton<IDatasetAgenda, PostgresDatasetAgenda>();
        services.AddSingleton<DatabaseTime>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseTime>());
        services.AddSingleton<IFileReferenceStore, PostgresFileReferenceStore>();
        services.AddSingleton<ICollectionStore, PostgresCollectionStore>();
        services.AddSingleton<ICurationStore, PostgresCurationStore>();
        services.AddSingleton<PostgresChangeSignal>();
        services.AddSingleton<IChangeSignal>(provider => provider.GetRequiredService<PostgresChangeSignal>());
        services.AddSingleton(new FileSystemObjectStore(settings.ObjectsFolder));
        services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<FileSystemObjectStore>());
        services.AddSingleton(new SpaceReserve(settings.Get(SettingCatalogue.ReserveBytes), settings.Get(SettingCatalogue.ReservePercent) / 100.0));
        return services;
    }

    private static MetadataOptions Database(Settings settings) => settings.Get(SettingCatalogue.Postgres) is { Length: > 0 } connection
        ? new MetadataOptions { ConnectionString = connection }
        : new MetadataOptions
        {
            Cluster = new PrivateClusterOptions
            {
                DataFolder = settings.Data,
                BinFolder = settings.Get(SettingCatalogue.PostgresBin) is { Length: > 0 } folder ? folder : null,
            },
        };
}
