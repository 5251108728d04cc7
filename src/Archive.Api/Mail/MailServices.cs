using Archive.Api.Mail.Smtp;
using Archive.Api.Running;
using Archive.Storage.Metadata;

namespace Archive.Api.Mail;

/// <summary>Puts mail together. Every node may ask for one; those that work on submissions send them.</summary>
internal static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<SharedSecret>();
        services.AddSingleton<MailTokens>();
        services.AddSingleton<EffectDrain>();
        if (!settings.Roles.HasFlag(Roles.Submission)) return services;
        services.AddSingleton<MailTemplates>();
        services.AddSingleton(Carrier(settings));
        services.AddHostedService<MailCourier>();
        return services;
    }

    private static IMailCarrier Carrier(Settings settings)
    {
        var host = settings.Get(SettingCatalogue.SmtpHost);
        if (host.Length == 0) return new MailFolder(settings);
        var (tls, user, passwordFile) = (settings.Get(SettingCatalogue.SmtpTlsMode), settings.Get(SettingCatalogue.SmtpUser), settings.Get(SettingCatalogue.SmtpPasswordFile));
        if (user.Length > 0 && tls == SmtpTls.None) throw new StartupException("Setting smtp-user needs TLS: a password is not sent in the clear.");
        if (user.Length > 0 && !File.Exists(passwordFile)) throw new StartupException("Setting smtp-user needs smtp-password-file, a file that is there.");
        var from = settings.Get(SettingCatalogue.MailFrom);
        return new SmtpCarrier(new SmtpOptions(host, (int)settings.Get(SettingCatalogue.SmtpPort), tls, user, passwordFile,
            from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..], TimeSpan.FromSeconds(settings.Get(SettingCatalogue.MailTimeoutSeconds))));
    }
}
