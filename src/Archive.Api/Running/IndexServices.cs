using System.Security.Cryptography;
using System.Text;
using Archive.Api.Search;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Storage.Metadata.Postgres;

namespace Archive.Api.Running;

/// <summary>Puts the index together: nodes that serve the API search it, nodes with the role build it.</summary>
internal static class IndexServices
{
    public static IServiceCollection AddIndex(this IServiceCollection services, Settings settings)
    {
        var facets = ReadFacets(settings.Get(SettingCatalogue.Facets));
        services.AddSingleton(facets);
        // Cursors are the same on every node and after a restart: their key comes from the archive's identity, which is never told.
        services.AddSingleton(provider => new IndexOptions(settings.IndexFolder,
            SHA256.HashData(Encoding.ASCII.GetBytes("cursors of " + provider.GetRequiredService<MetadataDatabase>().ArchiveId))) { Facets = facets });
        services.AddSingleton<CurrentIndex>();
        services.AddSingleton<ISearchIndex, SearchIndex>();
        services.AddSingleton<IndexFeed, ArchiveFeed>();
        services.AddSingleton<IndexBuilder>();
        services.AddSingleton<FileDigestLookup>();
        services.AddSingleton<FileExports>();
        services.AddSingleton<IndexCatchUp>();
        if ((settings.Roles & (Roles.Api | Roles.Indexer)) == Roles.None) return services;
        services.AddSingleton<IndexFollower>();
        services.AddSingleton<IStartupStep>(provider => provider.GetRequiredService<IndexFollower>());
        services.AddHostedService(provider => provider.GetRequiredService<IndexFollower>());
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
