using System.Security.Cryptography;
using System.Text;

namespace Archive.Storage.Metadata;

/// <summary>
/// Bounds the mails that somebody has sent to an address, whatever they are about and whoever asks: a mailbox must not be flooded through us.
/// </summary>
public sealed class MailBound(ITallyStore tallies)
{
    /// <summary>The most mails to one address in an hour.</summary>
    public const long PerHour = 10;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Counts a mail that is about to be written; false when the address has had its share, and is to get none.</summary>
    /// <param name="address">Compared without regard to case.</param>
    public async Task<bool> TryCountAsync(string address, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(address);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.ToUpperInvariant())));
        return (await tallies.RaiseAsync("mail " + digest, Hour, ct)).Count <= PerHour;
    }
}
