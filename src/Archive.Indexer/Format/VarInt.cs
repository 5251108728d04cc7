using System.Runtime.CompilerServices;

namespace Archive.Indexer.Format;

/// <summary>Unsigned numbers in 7-bit groups, lowest first (LEB128), 32 bits at most.</summary>
internal static class VarInt
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxBytes = 5;

    /// <summary>Reads a number and moves on.</summary>
    /// <exception cref="IndexOutOfRangeException">The bytes end within it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint b = bytes[at++];
        if (b < 128) return b;
        var value = b & 127;
        for (var shift = 7; ; shift += 7)
        {
            b = bytes[at++];
            value |= (b & 127) << shift;
            if (b < 128 || shift >= 28) return value;
        }
    }

    /// <summary>Passes over some numbers.</summary>
    public static void Skip(ReadOnlySpan<byte> bytes, ref int at, uint numbers)
    {
        while (numbers > 0)
            if (bytes[at++] < 128)
                numbers--;
    }

    /// <summary>Writes a number; returns how many bytes it took.</summary>
    public static int Write(Span<byte> bytes, uint value)
    {
        var at = 0;
        while (value >= 128)
        {
            bytes[at++] = (byte)(value | 128);
            value >>= 7;
        }
        bytes[at++] = (byte)value;
        return at;
    }
}
