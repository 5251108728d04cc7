namespace Archive.Api.Mail;

/// <summary>Takes mails on their way: to a mail server, or into a folder.</summary>
internal interface IMailCarrier
{
    /// <summary>Returns when the mail is in other hands, or on the disk. Carrying one mail twice is the sender's to prevent.</summary>
    /// <exception cref="MailRefusedException">It was not taken.</exception>
    /// <exception cref="IOException">The way is interrupted; trying again later is sound.</exception>
    Task CarryAsync(ComposedMail mail, CancellationToken ct);
}

/// <summary>A mail was not taken.</summary>
/// <param name="message">Why, one line, for the log and the operator.</param>
/// <param name="isFinal">Whether trying again is useless.</param>
internal sealed class MailRefusedException(string message, bool isFinal) : IOException(message)
{
    /// <summary>Whether trying again is useless.</summary>
    public bool IsFinal { get; } = isFinal;
}
