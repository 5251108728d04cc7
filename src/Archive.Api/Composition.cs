using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Collections;
using Archive.Api.Curation;
using Archive.Api.Datasets;
using Archive.Api.Documentation;
using Archive.Api.Drafts;
using Archive.Api.Errors;
using Archive.Api.Files;
using Archive.Api.Http;
using Archive.Api.Indexing;
using Archive.Api.Jobs;
using Archive.Api.Jobs.Quartz;
using Archive.Api.Mail;
using Archive.Api.Monitoring;
using Archive.Api.Pages;
using Archive.Api.Running;
using Archive.Api.Search;
using Archive.Api.Sharing;
using Archive.Api.Submissions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;

namespace Archive.Api;

/// <summary>Puts the archive together. Nothing is started here: making the application needs no database and no folder.</summary>
internal static class Composition
{
    private const long MaxBodyBytes = 30_000_000;
    private const int MaxJsonDepth = 32;

    /// <summary>Everything that the process is made of.</summary>
    public static void AddArchive(this WebApplicationBuilder builder, Settings settings)
    {
        var services = builder.Services;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        Logs.Add(builder.Logging, settings);
        Serve(builder, settings);
        services.AddSingleton(settings);
        services.AddSingleton<Readiness>();
        services.AddSingleton<DataFolder>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<StartupService>();
        services.AddHostedService(provider => provider.GetRequiredService<StartupService>());
        services.AddHostedService<DependencyWatch>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        services.AddStores(settings);
        services.AddSubmissions(settings);
        services.AddMail(settings);
        services.AddIndex(settings);
        services.AddSingleton(provider => JobCatalogue.Of(settings, provider));
        services.AddSingleton<IJobScheduler, QuartzJobScheduler>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton<BaseAddress>();
        services.AddAccounts(settings);
        services.AddSingleton<EventStreams>();
        services.AddSingleton<DraftChecks>();
        services.AddSingleton<LargePageTabs>();
        services.AddSingleton<DatasetDocuments>();
        services.AddSingleton<BlindDocuments>();
        services.AddSingleton<ReviewAccess>();
        services.AddSingleton<DraftRecord>();
        services.AddSingleton<DraftsForOthers>();
        services.AddSingleton<IncomingPageTabs>();
        services.AddSingleton<SubmissionWatch>();
        AddHttp(services, settings);
        services.AddDocumentation();
        services.AddArchivePages();
    }

    /// <summary>What every request passes, and all addresses.</summary>
    public static void UseArchive(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<RequestLog>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(StatusPages.WriteAsync);
        app.Use(RawPath.RefuseAsync);
        app.Use(Caching.StandardAsync);
        app.UseHostFiltering();
        app.UseMiddleware<ReadyGate>();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        // Before bad tokens are refused: whoever sends them is bounded like everybody else.
        app.UseRateLimiter();
        app.Use(Caller.RefuseBadTokenAsync);
        app.Use(TokenScopes.RefuseAsync);
        app.UseAuthorization();
        app.UseDocumentation();
        var api = app.MapAnsweringHead();
        api.MapAccounts().MapAccountTokens().MapAccountAdministration().MapAudit().MapSessions().MapOrcid().MapAccountForms();
        api.MapDrafts().MapDraftMetadata().MapDraftFiles().MapProposals().MapFileListProposals().MapSubmissions();
        api.MapChanges().MapDatasets().MapDatasetFiles().MapSearch().MapIndex().MapReleases().MapAccessKeys().MapBlindView().MapCollaborators().MapOwners();
        api.MapCollections().MapRules().MapCuration().MapFiles().MapJobs().MapHealth().MapProblems().MapDocumentation();
        app.MapArchivePages();
    }

    private static void Serve(WebApplicationBuilder builder, Settings settings) => builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        if (settings.Get(SettingCatalogue.Bind) == "localhost" && settings.Port != 0) kestrel.ListenLocalhost(settings.Port);
        else kestrel.Listen(settings.BindAddress, settings.Port);
    });

    private static void AddHttp(IServiceCollection services, Settings settings)
    {
        services.AddRouting();
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(DataFolder.KeysFolder(settings.Data))).SetApplicationName("archive");
        services.AddAuthentication(BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddRateLimits(settings);
        services.AddExceptionHandler<ProblemHandler>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddHostFiltering(options => options.AllowedHosts = settings.Get(SettingCatalogue.AllowedHosts).Split(';'));
        services.AddCors(options => options.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods("GET", "HEAD")
            .WithExposedHeaders("ETag", "Content-Range", "Accept-Ranges", "Content-Length", "Content-Disposition", "Repr-Digest", "Retry-After")));
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            foreach (var proxy in SettingCatalogue.Split(settings.Get(SettingCatalogue.TrustedProxies))) options.KnownProxies.Add(IPAddress.Parse(proxy));
            options.ForwardedHeaders = options.KnownProxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.MaxDepth = MaxJsonDepth;
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            options.SerializerOptions.Converters.Add(new UtcJson());
            options.SerializerOptions.RespectNullableAnnotations = true;
        });
    }
}
