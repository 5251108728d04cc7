using System.Buffers.Binary;
using System.Numerics;

namespace Archive.Indexer.Format;

/// <summary>CRC-32C (Castagnoli, RFC 3720), which processors compute: finds every change of up to 32 bits in a row.</summary>
internal static class Checksum
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>The checksum of a block of any length.</summary>
    public static uint Of(Block block)
    {
        var state = uint.MaxValue;
        for (long at = 0; at < block.Length; at += ChunkBytes)
            state = Append(state, block.Bytes(at, (int)Math.Min(ChunkBytes, block.Length - at)));
        return ~state;
    }

    /// <summary>Goes on with more bytes; start with all bits set, and invert the end.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes) state = BitOperations.Crc32C(state, b);
        return state;
    }
}
