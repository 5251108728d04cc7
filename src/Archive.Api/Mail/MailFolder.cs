using Archive.Api.Running;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Api.Mail;

/// <summary>
/// Writes mails as files <c>DATA/mail/{id}.eml</c>, readable for the archive's user alone, since they carry tokens. One written twice
/// is the same file.
/// </summary>
internal sealed class MailFolder(Settings settings) : IMailCarrier
{
    private readonly string folder = Path.Combine(settings.Data, "mail");

    /// <inheritdoc/>
    public async Task CarryAsync(ComposedMail mail, MailHold hold, CancellationToken ct)
    {
        Durable.CreateFolder(folder);
        // One name for each mail: what a killed process left is written over.
        var temporary = Path.Combine(folder, $".{mail.LocalId}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            await using (var file = new FileStream(temporary, options))
            {
                await file.WriteAsync(mail.ToBytes(eightBit: true), ct);
                await file.FlushAsync(ct);
                Durable.Sync(file.SafeFileHandle);
            }
            hold.Require();
            Durable.Replace(temporary, Path.Combine(folder, mail.LocalId + ".eml"));
        }
        finally
        {
            Durable.TryUnlink(temporary);
        }
    }
}
