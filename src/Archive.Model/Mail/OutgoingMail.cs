using Archive.Model.Accounts;

namespace Archive.Model.Mail;

/// <summary>
/// A mail that is to be sent: a template and what goes into it. The text is made when it is sent, the same each time, so that a
/// repetition after a crash is the same mail.
/// </summary>
/// <param name="Id">Names it: what is added under one identifier twice is sent once.</param>
/// <param name="To">One address as <see cref="EmailAddress"/> takes it.</param>
/// <param name="Template">Name of the template, lower case with hyphens.</param>
/// <param name="Values">Texts for the template's places, without secrets; control characters in them become spaces.</param>
public sealed record OutgoingMail(MailId Id, string To, string Template, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>
    /// The account whose token the mail carries at the place <c>token</c>; null for none. The token follows from the mail's identifier
    /// and the archive's own secret, so it stands in no database.
    /// </summary>
    public AccountId? TokenOf { get; init; }
}
