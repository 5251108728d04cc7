using Archive.Api.Http;
using Archive.Model.Submissions;
using Archive.Submissions.Staging;

namespace Archive.Api.Drafts;

/// <summary>Digests that a sender declares in header fields: Content-MD5 (RFC 1864) and Repr-Digest or Content-Digest (RFC 9530).</summary>
internal static class DigestFields
{
    private const int Md5Bytes = 16;
    private const int Sha256Bytes = 32;

    /// <summary>Reads the fields. Algorithms that are not known are passed over, as the standard asks.</summary>
    /// <exception cref="Archive.Model.Errors.ArchiveException">A field cannot be read; all that cannot are named.</exception>
    public static DeclaredDigests Read(IHeaderDictionary headers)
    {
        var findings = new List<Finding>();
        var md5 = headers.ContentMD5.Count == 0 ? null : Hex(headers.ContentMD5.ToString().Trim(), Md5Bytes, "Content-MD5", findings);
        string? sha256 = null;
        foreach (var field in new[] { "Repr-Digest", "Content-Digest" })
            foreach (var part in headers[field].SelectMany(v => (v ?? "").Split(',')))
            {
                var (name, value) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (part.Trim(), "");
                if (name.Length == 0) continue;
                var length = name.ToLowerInvariant() switch { "sha-256" => Sha256Bytes, "md5" => Md5Bytes, _ => 0 };
                if (length == 0) continue;
                var digest = value is [':', .. var inner, ':'] ? Hex(inner, length, field, findings) : Hex("", length, field, findings);
                if (length == Sha256Bytes) sha256 = digest;
                else md5 ??= digest;
            }
        return findings.Count == 0 ? new DeclaredDigests(md5, sha256) : throw Refusal.Of(findings);
    }

    private static string? Hex(string base64, int bytes, string field, List<Finding> findings)
    {
        var buffer = new byte[bytes + 3];
        if (Convert.TryFromBase64String(base64, buffer, out var length) && length == bytes) return Convert.ToHexStringLower(buffer.AsSpan(0, length));
        var form = field == "Content-MD5" ? "the Base64 form of 16 bytes" : "sha-256=:…: with the Base64 form of 32 bytes";
        findings.Add(new Finding(Severity.Error, "digest-field", field, $"{field} must be {form}."));
        return null;
    }
}
