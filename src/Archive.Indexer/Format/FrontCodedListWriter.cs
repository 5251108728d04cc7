using System.Text;

namespace Archive.Indexer.Format;

/// <summary>Puts a <see cref="FrontCodedList"/> together from entries in order.</summary>
internal sealed class FrontCodedListWriter
{
    private readonly int shift;
    private readonly List<uint> starts = [];
    private readonly ByteBuffer entries = new();
    // Small at first: a shelf has one such list for each attribute.
    private byte[] last = new byte[64];
    private int lastLength;

    /// <param name="shift">log2 of the entries a block: larger is smaller on disk and slower at random.</param>
    public FrontCodedListWriter(int shift) => this.shift = shift;

    /// <summary>Entries added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an entry, which follows the one before in the list's order; returns its index.</summary>
    public int Add(ReadOnlySpan<byte> entry)
    {
        if (entry.Length > FrontCodedList.MaxEntryBytes) throw new ArgumentException("The entry is too long.", nameof(entry));
        var shared = 0;
        if ((Count & ((1 << shift) - 1)) == 0) starts.Add((uint)entries.Length);
        else shared = entry.CommonPrefixLength(last.AsSpan(0, lastLength));
        entries.AddVarInt((uint)shared);
        entries.AddVarInt((uint)(entry.Length - shared));
        entries.Add(entry[shared..]);
        if (entry.Length > last.Length) last = new byte[Math.Max(entry.Length, last.Length * 2)];
        entry.CopyTo(last);
        lastLength = entry.Length;
        return Count++;
    }

    /// <summary>Writes the list.</summary>
    public void WriteTo(ByteBuffer target)
    {
        target.AddUInt32((uint)Count);
        target.AddUInt32((uint)shift);
        target.AddUInt32((uint)entries.Length);
        foreach (var start in starts) target.AddUInt32(start);
        target.Add(entries.Written);
    }

    /// <summary>The UTF-8 of a text, cut at a character where it is longer than an entry may be.</summary>
    public static byte[] Encode(string text)
    {
        if (text.Length <= FrontCodedList.MaxEntryBytes / 3) return Encoding.UTF8.GetBytes(text);
        var buffer = new byte[FrontCodedList.MaxEntryBytes];
        Encoding.UTF8.GetEncoder().Convert(text, buffer, flush: true, out _, out var used, out _);
        return buffer[..used];
    }
}
