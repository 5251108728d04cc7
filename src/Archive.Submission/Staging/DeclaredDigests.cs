using Archive.Model.Errors;
using Archive.Model.Files;

namespace Archive.Submissions.Staging;

/// <summary>Digests that a depositor declared with a file, as lower-case hexadecimal digits; null where none was.</summary>
/// <param name="Md5">32 digits.</param>
/// <param name="Sha256">64 digits.</param>
public sealed record DeclaredDigests(string? Md5, string? Sha256)
{
    /// <summary>Nothing was declared.</summary>
    public static DeclaredDigests None { get; } = new(null, null);

    /// <summary>Compares with what arrived.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.DigestMismatch"/>, naming both digests.</exception>
    public void Require(FileDigests received)
    {
        ArgumentNullException.ThrowIfNull(received);
        Require("MD5", Md5, received.Md5);
        Require("SHA-256", Sha256, received.Sha256);
    }

    private static void Require(string name, string? declared, string received)
    {
        if (declared is null || string.Equals(declared, received, StringComparison.OrdinalIgnoreCase)) return;
        throw new ArchiveException(
            Problems.DigestMismatch,
            $"The {name} of what arrived is {received} and {declared} was declared.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["digest"] = name, ["declared"] = declared, ["received"] = received });
    }
}
