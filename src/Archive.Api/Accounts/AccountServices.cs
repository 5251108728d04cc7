using Archive.Api.Running;

namespace Archive.Api.Accounts;

/// <summary>Puts accounts together.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<AccountEffects>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<Standings>();
        services.AddSingleton<OrcidProvider>();
        services.AddHttpClient(OrcidProvider.ClientName, OrcidProvider.Limit)
            // What an answer redirects to is not ORCID.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        if (settings.Get(SettingCatalogue.OrcidClientId).Length > 0 && !File.Exists(settings.Get(SettingCatalogue.OrcidSecretFile)))
            throw new StartupException("Setting orcid-client-id needs orcid-secret-file, a file that is there.");
        if (settings.Roles.HasFlag(Roles.Submission)) services.AddHostedService<AccountEffectsWorker>();
        return services;
    }
}
