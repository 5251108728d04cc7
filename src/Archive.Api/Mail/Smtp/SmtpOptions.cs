namespace Archive.Api.Mail.Smtp;

/// <summary>How the connection to the mail server is protected.</summary>
internal enum SmtpTls
{
    /// <summary>By STARTTLS; a server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>By TLS from the first byte, usually on port 465.</summary>
    Implicit,

    /// <summary>Not at all; for a server on the same machine. No password is sent then.</summary>
    None,
}

/// <summary>The mail server.</summary>
/// <param name="Host">Its name, which its certificate must carry.</param>
/// <param name="Port">Its TCP port.</param>
/// <param name="Tls">How the connection is protected.</param>
/// <param name="User">Whom to sign in as; empty: nobody.</param>
/// <param name="PasswordFile">A file whose first line is the password; read for each connection.</param>
/// <param name="HelloName">How the archive names itself.</param>
/// <param name="Timeout">How long one mail may take altogether.</param>
internal sealed record SmtpOptions(string Host, int Port, SmtpTls Tls, string User, string PasswordFile, string HelloName, TimeSpan Timeout);
