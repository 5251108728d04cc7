using Archive.Model.Mail;

namespace Archive.Storage.Metadata;

/// <summary>A mail that one sender holds.</summary>
/// <param name="Mail">What is to be sent.</param>
/// <param name="Attempt">1 for the first, raised by each taking; compared when its end is noted.</param>
/// <param name="MessageId">The Message-ID with its angle brackets, the same in every attempt.</param>
/// <param name="CreatedAt">When the mail was added (UTC, the database's clock): its Date.</param>
public sealed record HeldMail(OutgoingMail Mail, int Attempt, string MessageId, DateTimeOffset CreatedAt);

/// <summary>How many mails stand where.</summary>
/// <param name="Waiting">To be sent.</param>
/// <param name="Failed">Given up.</param>
public sealed record MailCounts(long Waiting, long Failed);

/// <summary>
/// Keeps what is to be sent by mail until it was, and after that the fact that it was. One sender holds a mail at a time, for a time
/// that the database's clock judges; who does not note the mail's end in it has died, and the next sends it again under the same
/// Message-ID.
/// </summary>
public interface IMailStore
{
    /// <summary>Adds a mail; does nothing when one with its identifier was added before, sent or not.</summary>
    Task AddAsync(OutgoingMail mail, CancellationToken ct);

    /// <summary>Takes the mail that is due for longest; null when none is.</summary>
    /// <param name="lease">How long nobody else takes it.</param>
    /// <param name="domain">The right part of the Message-ID, where it has none yet.</param>
    Task<HeldMail?> TakeAsync(TimeSpan lease, string domain, CancellationToken ct);

    /// <summary>Notes that the mail was sent and forgets what it said; false when another sender has taken it since.</summary>
    Task<bool> MarkSentAsync(HeldMail held, CancellationToken ct);

    /// <summary>Notes that the mail could not be sent; false when another sender has taken it since.</summary>
    /// <param name="failure">Why, one line.</param>
    /// <param name="retryAfter">When to try again; null to give it up, which forgets what it said.</param>
    Task<bool> MarkFailedAsync(HeldMail held, string failure, TimeSpan? retryAfter, CancellationToken ct);

    /// <summary>How many wait, and how many were given up.</summary>
    Task<MailCounts> CountAsync(CancellationToken ct);

    /// <summary>Forgets mails that were sent or given up and are older than the age; from then on their identifiers may be added again.</summary>
    Task<int> RemoveDoneAsync(TimeSpan age, CancellationToken ct);
}
