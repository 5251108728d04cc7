using System.Text.RegularExpressions;

namespace Archive.Demo.Deposit;

/// <summary>Reads a depositor's mail, where the archive writes mails as files.</summary>
internal static partial class MailedToken
{
    /// <summary>The token of the newest mail to an address, or null.</summary>
    public static string? Find(string folder, string address)
    {
        if (!Directory.Exists(folder)) return null;
        foreach (var file in new DirectoryInfo(folder).GetFiles("*.eml").OrderByDescending(f => f.LastWriteTimeUtc))
        {
            var mail = File.ReadAllText(file.FullName);
            if (mail.Contains($"To: {address}\r\n", StringComparison.OrdinalIgnoreCase) && Token().Match(mail) is { Success: true } link) return link.Value;
        }
        return null;
    }

    [GeneratedRegex(@"(?<=[?&]token=)[A-Za-z0-9_\-]+", RegexOptions.None, 1000)]
    private static partial Regex Token();
}
