using System.Security.Cryptography;
using System.Text;
using Archive.Api.Datasets;
using Archive.Api.Indexing;
using Archive.Api.Search;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Indexer.Shelves;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;

namespace Archive.Api.Running;

/// <summary>Puts the index together: nodes with the role build it, and those that serve the API search what was built.</summary>
internal static class IndexServices
{
    public static IServiceCollection AddIndex(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(ReadFacets(settings.Get(SettingCatalogue.Facets)));
        // Cursors are the same on every node and after a restart: their key comes from the archive's identity, which is never told.
        services.AddSingleton(provider => new IndexOptions(settings.IndexFolder,
            SHA256.HashData(Encoding.ASCII.GetBytes("cursors of " + provider.GetRequiredService<MetadataDatabase>().ArchiveId)))
        {
            Vocabularies = settings.Vocabularies,
            Builds = settings.Roles.HasFlag(Roles.Indexer),
        });
        services.AddSingleton<CurrentIndex>();
        services.AddSingleton<ISearchIndex, SearchIndex>();
        services.AddSingleton<IndexFeed, ArchiveFeed>();
        services.AddSingleton(provider => new IndexBuilder(provider.GetRequiredService<IndexFeed>(), provider.GetRequiredService<CurrentIndex>(),
            provider.GetRequiredService<IndexOptions>(), provider.GetRequiredService<IObjectStore>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IndexBuilder>>()));
        services.AddSingleton<IndexDesk>();
        services.AddSingleton<FileDigestLookup>();
        services.AddSingleton<FileExports>();
        services.AddSingleton<IndexCatchUp>();
        services.AddSingleton(new ShelfOptions(Path.Combine(settings.Data, "shelves")) { MaxBytes = settings.Get(SettingCatalogue.ShelfCacheBytes) });
        services.AddSingleton<ShelfSearch>();
        services.AddSingleton<VersionTables>();
        if ((settings.Roles & (Roles.Api | Roles.Indexer)) == Roles.None) return services;
        services.AddHostedService<IndexReporter>();
        services.AddSingleton<IndexFollower>();
        services.AddSingleton<IStartupStep>(provider => provider.GetRequiredService<IndexFollower>());
        services.AddHostedService(provider => provider.GetRequiredService<IndexFollower>());
        services.AddHostedService<ShelfWorker>();
        return services;
    }

    private static FacetCatalogue ReadFacets(string path)
    {
        if (path.Length == 0) return FacetCatalogue.Standard;
        try
        {
            using var file = File.OpenRead(path);
            return FacetCatalogue.Read(file);
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The list of facets {path} cannot be used:\n{fault.Message}");
        }
    }
}
