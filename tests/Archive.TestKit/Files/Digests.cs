using System.Security.Cryptography;
using Archive.Model.Files;

namespace Archive.TestKit.Files;

/// <summary>Digests of test content, taken without the code under test.</summary>
public static class Digests
{
    /// <summary>MD5 and SHA-256 by the framework in one call each; CRC-32 bit by bit as ISO 3309 defines it.</summary>
    public static FileDigests Of(byte[] content) => new(
        Convert.ToHexStringLower(MD5.HashData(content)), Convert.ToHexStringLower(SHA256.HashData(content)), Crc32(content));

    private static uint Crc32(byte[] content)
    {
        var crc = ~0u;
        foreach (var b in content)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
