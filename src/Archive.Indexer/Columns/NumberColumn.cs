using System.Runtime.InteropServices;
using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>Whole numbers, one a row, kept as their distance from the least in 0, 1, 2, 4 or 8 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct NumberColumn
{
    /// <summary>Bytes of a record: name offset u32, name length u16, width u8, spare u8, data offset u32, spare u32, min, max and sum i64.</summary>
    public const int RecordBytes = 40;

    private readonly Block table;
    private readonly long dataOffset;
    private readonly int width;

    public NumberColumn(Block table, int recordOffset, int rows)
    {
        this.table = table;
        Rows = rows;
        width = table.Read<byte>(recordOffset + 6L);
        dataOffset = table.Read<uint>(recordOffset + 8L);
        Min = table.Read<long>(recordOffset + 16L);
        Max = table.Read<long>(recordOffset + 24L);
        Sum = table.Read<long>(recordOffset + 32L);
        _ = table.Part(dataOffset, (long)width * rows);
    }

    public int Rows { get; }

    public long Min { get; }

    public long Max { get; }

    public long Sum { get; }

    public long this[int row]
    {
        get
        {
            if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row));
            return Min + width switch
            {
                0 => 0,
                1 => table.Read<byte>(dataOffset + row),
                2 => table.Read<ushort>(dataOffset + (row * 2L)),
                4 => table.Read<uint>(dataOffset + (row * 4L)),
                _ => table.Read<long>(dataOffset + (row * 8L)),
            };
        }
    }

    /// <summary>Takes every row out of the bitmap whose number is out of the bounds, both inclusive.</summary>
    public void And(long min, long max, Span<ulong> bits)
    {
        if (min <= Min && max >= Max) return;
        for (var row = Bits.Next(bits, 0); row >= 0 && row < Rows; row = Bits.Next(bits, row + 1))
        {
            var number = this[row];
            if (number < min || number > max) Bits.ClearRange(bits, row, row + 1);
        }
    }

    /// <summary>Writes numbers; gives the record without its name.</summary>
    public static byte[] Write(ByteBuffer target, List<long> numbers)
    {
        var min = numbers.Count == 0 ? 0 : numbers.Min();
        var max = numbers.Count == 0 ? 0 : numbers.Max();
        var span = (ulong)(max - min);
        var bytesEach = span == 0 ? 0 : span <= byte.MaxValue ? 1 : span <= ushort.MaxValue ? 2 : span <= uint.MaxValue ? 4 : 8;
        long sum = 0;
        foreach (var number in numbers) sum += number;
        target.Align(8);
        var record = new byte[RecordBytes];
        record[6] = (byte)bytesEach;
        BitConverter.TryWriteBytes(record.AsSpan(8), (uint)target.Length);
        BitConverter.TryWriteBytes(record.AsSpan(16), min);
        BitConverter.TryWriteBytes(record.AsSpan(24), max);
        BitConverter.TryWriteBytes(record.AsSpan(32), sum);
        Span<byte> buffer = stackalloc byte[8];
        foreach (var number in numbers)
        {
            BitConverter.TryWriteBytes(buffer, number - min);
            target.Add(buffer[..bytesEach]);
        }
        return record;
    }
}
