namespace Archive.Api.Mail;

/// <summary>Takes mails on their way: to a mail server, or into a folder.</summary>
internal interface IMailCarrier
{
    /// <summary>Returns when the mail is in other hands, or on the disk. Carrying one mail twice is the sender's to prevent.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="hold">Asked once more right before the mail leaves: what has been waited for may have taken longer than it seemed.</param>
    /// <param name="ct">Ends the try.</param>
    /// <exception cref="MailRefusedException">It was not taken.</exception>
    /// <exception cref="IOException">The way is interrupted; trying again later is sound.</exception>
    Task CarryAsync(ComposedMail mail, MailHold hold, CancellationToken ct);
}

/// <summary>
/// How long a sender may act on a mail that it took. A process that was stopped and goes on finds what it waited for before its timers
/// have told it how late it is, so it asks the clock itself.
/// </summary>
/// <param name="Clock">Whose timestamps count on while the process is stopped.</param>
/// <param name="Since">The timestamp before the mail was asked for.</param>
/// <param name="Length">From then on.</param>
internal readonly record struct MailHold(TimeProvider Clock, long Since, TimeSpan Length)
{
    /// <summary>What is left of it; zero when it is over.</summary>
    public TimeSpan Left => Length - Clock.GetElapsedTime(Since) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Refuses when it is over: another sender may have the mail.</summary>
    /// <exception cref="IOException">It is over.</exception>
    public void Require()
    {
        if (Left == TimeSpan.Zero) throw new IOException($"The mail was held for longer than {Length.TotalSeconds} seconds; another sender may have it.");
    }
}

/// <summary>A mail was not taken.</summary>
/// <param name="message">Why, one line, for the log and the operator.</param>
/// <param name="isFinal">Whether trying again is useless.</param>
internal sealed class MailRefusedException(string message, bool isFinal) : IOException(message)
{
    /// <summary>Whether trying again is useless.</summary>
    public bool IsFinal { get; } = isFinal;
}
