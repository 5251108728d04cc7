using System.Diagnostics.Metrics;
using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Storage.Metadata;

namespace Archive.Api.Mail;

/// <summary>
/// Sends what stands in the outbox: takes a mail for a time longer than sending may take, sends it, notes it. So a mail goes out once
/// while nodes live; one whose sender dies between sending and noting goes out once more, under the same Message-ID.
/// </summary>
internal sealed partial class MailCourier(IMailStore mails, IChangeSignal signal, IMailCarrier carrier, MailTemplates templates, MailTokens tokens,
    BaseAddress address, Settings settings, Readiness readiness, TimeProvider clock, ILogger<MailCourier> log) : BackgroundService
{
    private const int SendersAtOnce = 4;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan NotePause = TimeSpan.FromMilliseconds(200);

    // RFC 5321, section 4.5.4.1: give up after four to five days.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(5);

    // A mail being handed over when the process is to stop is finished, not cut.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private static readonly Meter Meter = new("Archive.Mail");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("archive.mail.sent", "{mail}", "Mails that were sent");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("archive.mail.failures", "{mail}", "Tries that failed");
    private static readonly Counter<long> GivenUp = Meter.CreateCounter<long>("archive.mail.given.up", "{mail}", "Mails that were given up");

    private TimeSpan Timeout => TimeSpan.FromSeconds(settings.Get(SettingCatalogue.MailTimeoutSeconds));

    private string From => settings.Get(SettingCatalogue.MailFrom);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, SendersAtOnce).Select(i => SendAllAsync($"mail {i}", stoppingToken)));
    }

    private async Task SendAllAsync(string listener, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Twice the time that sending takes, which is counted from before the asking: a sender that lives has always ended
                // before another may begin.
                var hold = new MailHold(clock, clock.GetTimestamp(), Timeout);
                if (await mails.TakeAsync(Timeout * 2, From[(From.IndexOf('@', StringComparison.Ordinal) + 1)..], stop) is { } held) await SendAsync(held, hold, stop);
                else await signal.WaitAsync(SignalTopic.Mails, listener, LookAnyway, stop);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                // The database does not answer just now. Nothing may end this loop.
                LogTrouble(log, fault);
                await Task.Delay(LookAnyway, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault) when (fault is OperationCanceledException or Archive.Model.Errors.ArchiveException)
            {
                // The process is to stop; what is not noted is sent again.
                return;
            }
        }
    }

    private async Task SendAsync(HeldMail held, MailHold hold, CancellationToken stop)
    {
        using var limited = new CancellationTokenSource(hold.Left, clock);
        await using var stopping = stop.Register(() => limited.CancelAfter(Farewell));
        try
        {
            hold.Require();
            await carrier.CarryAsync(Compose(held), hold, limited.Token);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            await NoteFailureAsync(held, fault, stop);
            return;
        }
        await NoteAsync(() => mails.MarkSentAsync(held, CancellationToken.None), stop);
        Sent.Add(1);
        LogSent(log, held.Mail.Template, held.Mail.Id);
    }

    private ComposedMail Compose(HeldMail held)
    {
        var values = new Dictionary<string, string>(held.Mail.Values, StringComparer.Ordinal) { ["address"] = address.Value, ["to"] = held.Mail.To };
        if (held.Mail.TokenOf is { } account) values["token"] = tokens.Of(held.Mail.Id, account);
        var (subject, text) = templates.Fill(held.Mail.Template, values);
        return new ComposedMail(held.MessageId, From, held.Mail.To, subject, text, held.CreatedAt);
    }

    private async Task NoteFailureAsync(HeldMail held, Exception fault, CancellationToken stop)
    {
        var gaveUp = fault is MailRefusedException { IsFinal: true } or FormatException or InvalidOperationException || clock.GetUtcNow() - held.CreatedAt > GiveUpAfter;
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(held.Attempt, 20) - 1)));
        await NoteAsync(() => mails.MarkFailedAsync(held, fault.Message, gaveUp ? null : pause, CancellationToken.None), stop);
        (gaveUp ? GivenUp : Failed).Add(1);
        if (gaveUp) LogGivenUp(log, held.Mail.Template, held.Mail.Id, fault.Message);
        else LogWaits(log, held.Mail.Template, held.Mail.Id, pause.TotalSeconds, fault.Message);
    }

    // As long as it takes: a mail that was sent and not noted would be sent again.
    private async Task NoteAsync(Func<Task<bool>> note, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await note();
                return;
            }
            catch (Archive.Model.Errors.ArchiveException fault) when (!stop.IsCancellationRequested)
            {
                LogTrouble(log, fault);
                await Task.Delay(NotePause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Sent the mail {Template} {Id}")]
    private static partial void LogSent(ILogger log, string template, Archive.Model.Mail.MailId id);

    [LoggerMessage(LogLevel.Warning, "The mail {Template} {Id} waits for {Seconds} s: {Reason}")]
    private static partial void LogWaits(ILogger log, string template, Archive.Model.Mail.MailId id, double seconds, string reason);

    [LoggerMessage(LogLevel.Error, "The mail {Template} {Id} was given up: {Reason}")]
    private static partial void LogGivenUp(ILogger log, string template, Archive.Model.Mail.MailId id, string reason);

    [LoggerMessage(LogLevel.Warning, "The outbox cannot be reached; mails wait")]
    private static partial void LogTrouble(ILogger log, Exception fault);
}
