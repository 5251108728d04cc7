using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Archive.Api.Mail.Smtp;

/// <summary>
/// Hands mails to a mail server (RFC 5321), each over a connection of its own. The framework's client is no longer advised and gives
/// no say over the message's bytes; the part of the protocol that is needed here is small.
/// </summary>
internal sealed class SmtpCarrier(SmtpOptions options) : IMailCarrier
{
    /// <inheritdoc/>
    public async Task CarryAsync(ComposedMail mail, MailHold hold, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(options.Timeout);
        try
        {
            await using var server = await SmtpConnection.OpenAsync(options.Host, options.Port, limited.Token);
            await HandOverAsync(server, mail, hold, limited.Token);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"The mail server took longer than {options.Timeout.TotalSeconds} seconds.", fault);
        }
        catch (Exception fault) when (fault is SocketException or AuthenticationException)
        {
            throw new IOException($"The mail server cannot be reached: {fault.Message}", fault);
        }
    }

    private async Task HandOverAsync(SmtpConnection server, ComposedMail mail, MailHold hold, CancellationToken ct)
    {
        if (options.Tls == SmtpTls.Implicit) await server.ProtectAsync(options.Host, ct);
        Expect(await server.ReadAsync(ct), "greeting", 220, lasting: false);
        var extensions = await HelloAsync(server, ct);
        if (options.Tls == SmtpTls.StartTls)
        {
            if (!Has(extensions, "STARTTLS")) throw new MailRefusedException("The mail server offers no STARTTLS; smtp-tls says that it must.", isFinal: false);
            Expect(await server.AskAsync("STARTTLS", ct), "STARTTLS", 220, lasting: false);
            await server.ProtectAsync(options.Host, ct);
            extensions = await HelloAsync(server, ct);
        }
        if (options.User.Length > 0) await SignInAsync(server, ct);
        var eightBit = Has(extensions, "8BITMIME");
        var message = mail.ToBytes(eightBit);
        var body = eightBit && Array.Exists(message, b => b > 127) ? " BODY=8BITMIME" : "";
        Expect(await server.AskAsync($"MAIL FROM:<{mail.From}>{body}", ct), "MAIL", 250, lasting: true);
        Expect(await server.AskAsync($"RCPT TO:<{mail.To}>", ct), "RCPT", 250, lasting: true);
        Expect(await server.AskAsync("DATA", ct), "DATA", 354, lasting: true);
        hold.Require();
        Expect(await server.SendAsync(message, ct), "the message", 250, lasting: true);
        await QuitAsync(server, ct);
    }

    private async Task<IReadOnlyList<string>> HelloAsync(SmtpConnection server, CancellationToken ct)
    {
        var reply = await server.AskAsync($"EHLO {options.HelloName}", ct);
        Expect(reply, "EHLO", 250, lasting: false);
        return reply.Lines;
    }

    // A refused password is the operator's to mend, so the mail waits.
    private async Task SignInAsync(SmtpConnection server, CancellationToken ct)
    {
        var lines = await File.ReadAllLinesAsync(options.PasswordFile, ct);
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{options.User}\0{(lines.Length > 0 ? lines[0] : "")}"));
        Expect(await server.AskAsync($"AUTH PLAIN {plain}", ct), "AUTH", 235, lasting: false);
    }

    // The message is in the server's hands: whatever happens to the farewell must not have it sent again.
    private static async Task QuitAsync(SmtpConnection server, CancellationToken ct)
    {
        try
        {
            await server.AskAsync("QUIT", ct);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // It has closed already.
        }
    }

    // A reply such as 251 is good where 250 was expected: what counts is its first digit.
    private static void Expect(SmtpReply reply, string what, int code, bool lasting)
    {
        if (reply.Code / 100 != code / 100) throw new MailRefusedException($"The mail server answered {what} with {reply}", lasting && reply.IsFinal);
    }

    private static bool Has(IReadOnlyList<string> extensions, string name) =>
        extensions.Any(e => e.Equals(name, StringComparison.OrdinalIgnoreCase) || e.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase));
}
