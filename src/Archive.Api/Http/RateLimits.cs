using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Archive.Api.Errors;
using Archive.Api.Running;
using Archive.Model.Errors;
using Microsoft.AspNetCore.RateLimiting;

namespace Archive.Api.Http;

/// <summary>Bounds the requests of each client: by account where it signed in, else by address.</summary>
internal static class RateLimits
{
    /// <summary>The policy of addresses that hash a password, which takes a processor for a tenth of a second.</summary>
    public const string Passwords = "passwords";

    /// <summary>The policy of addresses that have a mail sent to whoever is named.</summary>
    public const string Mails = "mails";

    // Of the requests that a stranger may send, one in so many may hash a password.
    private const long PasswordShare = 20;
    private const long MailShare = 100;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, Settings settings)
    {
        var strangers = settings.Get(SettingCatalogue.RateLimit);
        var accounts = settings.Get(SettingCatalogue.RateLimitSignedIn);
        var partners = settings.Get(SettingCatalogue.RateLimitPartners);
        return services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account
                    ? IsPartner(http) ? Partition("partner " + account, partners) : Partition("account " + account, accounts)
                    : Partition("address " + ClientKey(http), strangers));
            var hashing = strangers == 0 ? 0 : Math.Max(1, strangers / PasswordShare);
            options.AddPolicy(Passwords, http => Partition("password " + ClientKey(http), hashing));
            var mailing = strangers == 0 ? 0 : Math.Max(1, strangers / MailShare);
            options.AddPolicy(Mails, http => Partition("mail " + ClientKey(http), mailing));
            options.OnRejected = (context, _) =>
            {
                var limit = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is { } policy ? policy.PolicyName == Mails ? mailing : hashing
                    : IsPartner(context.HttpContext) ? partners
                    : context.HttpContext.User.Identity?.IsAuthenticated == true ? accounts : strangers;
                return new ValueTask(RefuseAsync(context.HttpContext, limit, Window,
                    context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1)));
            };
        });
    }

    /// <summary>Answers 429 with the limit and how long to wait.</summary>
    public static Task RefuseAsync(HttpContext http, long limit, TimeSpan window, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ProblemAnswer.WriteAsync(http, Problems.RateLimited, $"{limit} requests in {(long)window.TotalSeconds} seconds are taken.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["limit"] = limit, ["windowSeconds"] = (long)window.TotalSeconds });
    }

    /// <summary>Names a client by its address; an IPv6 client by its network of 64 bits, since it has the rest to itself.</summary>
    public static string ClientKey(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address.ToString();
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    private static bool IsPartner(HttpContext http) => http.User.HasClaim(c => c.Type == Accounts.BearerAuthentication.PartnerClaim);

    private static RateLimitPartition<string> Partition(string client, long limit) => limit == 0
        ? RateLimitPartition.GetNoLimiter(client)
        : RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
        {
            // The bucket is refilled in parts, so that a waiting client goes on after seconds rather than a minute.
            TokenLimit = (int)limit,
            TokensPerPeriod = (int)Math.Max(1, limit / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(limit >= 60 ? 1 : 60.0 / limit),
            QueueLimit = 0,
        });
}
