using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Api.Running;

/// <summary>
/// 256 random bits that all nodes of one archive share and its database does not know: a file on the volume of staging, which every
/// node has. What is derived from it proves that this archive made it. Losing the file makes mails worthless that were not used yet.
/// </summary>
internal sealed class SharedSecret(Settings settings)
{
    /// <summary>Bytes that <see cref="Derive"/> gives.</summary>
    public const int DerivedBytes = 32;

    private const int SecretBytes = 32;
    private byte[]? key;

    /// <summary>Reads the secret, or makes it durably where there is none. The volume's identity was checked before.</summary>
    /// <exception cref="StartupException">The file is not one that this wrote.</exception>
    public void Open()
    {
        var file = Path.Combine(settings.StagingFolder, "shared-secret");
        if (!File.Exists(file)) Make(file);
        var text = File.ReadAllText(file).Trim();
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: SecretBytes } read)
            throw new StartupException($"{file} is damaged: remove it, and mails that were sent before lose their links.");
        key = read;
    }

    /// <summary>32 bytes that follow from the secret, a purpose and a text.</summary>
    public byte[] Derive(string purpose, string text) =>
        HMACSHA256.HashData(key ?? throw new InvalidOperationException("The archive has not started."), Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    /// <summary>The text with a proof that this archive wrote it for the purpose. Anybody can read it.</summary>
    public string Sign(string purpose, string text) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))}.{Base64Url.EncodeToString(Derive(purpose, text))}";

    /// <summary>The text that <see cref="Sign"/> signed for the purpose; null for anything else.</summary>
    public string? Verify(string purpose, string? signed)
    {
        if (signed is not { Length: <= 4096 } || signed.Split('.') is not [var text, var proof] || !Base64Url.IsValid(text) || !Base64Url.IsValid(proof)) return null;
        var read = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return CryptographicOperations.FixedTimeEquals(Derive(purpose, read), Base64Url.DecodeFromChars(proof)) ? read : null;
    }

    private static void Make(string file)
    {
        var temporary = $"{file}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)) + "\n"));
                stream.Flush();
                Durable.Sync(stream.SafeFileHandle);
            }
            // A link, not a rename: of two nodes that start together the second takes the first one's.
            Durable.TryLink(temporary, file);
        }
        finally
        {
            Durable.TryUnlink(temporary);
        }
        Durable.SyncFolder(Path.GetDirectoryName(file)!);
    }
}
