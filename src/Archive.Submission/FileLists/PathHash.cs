using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Archive.Submissions.FileLists;

/// <summary>128 bits of SHA-256 of a path under NFC: so many that two of millions of paths never meet, and nobody can make them.</summary>
internal static class PathHash
{
    /// <summary>The hash of a match key. A folder's ends in <c>/</c>, which no file's does.</summary>
    public static UInt128 Of(ReadOnlySpan<char> matchKey)
    {
        Span<byte> digest = stackalloc byte[32];
        var length = Encoding.UTF8.GetMaxByteCount(matchKey.Length);
        var bytes = length <= 4096 ? stackalloc byte[length] : new byte[length];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(matchKey, bytes)], digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
