using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;

namespace Archive.Api.Pages;

/// <summary>Puts the pages into the application.</summary>
internal static class PagesSetup
{
    /// <summary>What the pages need.</summary>
    public static IServiceCollection AddArchivePages(this IServiceCollection services)
    {
        services.AddSingleton<StaticAssets>();
        services.AddSingleton<ProblemPage>();
        services.AddSingleton<PublicTotals>();
        services.AddSingleton<IndexFreshness>();
        services.AddScoped<DatasetReading>();
        // Letters of every script stay letters; what HTML reads as markup is encoded all the same.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddRazorPages(options => options.Conventions.ConfigureFilter(new PageHeaders()).ConfigureFilter(new KeyExchange()));
        return services;
    }

    /// <summary>The pages, their style and fonts.</summary>
    public static void MapArchivePages(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<StaticAssets>().Map(routes);
        ColourScheme.Map(routes);
        // Forms are sent to addresses of their own; without this, other methods would reach the pages and fail there.
        routes.MapRazorPages().WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }
}
