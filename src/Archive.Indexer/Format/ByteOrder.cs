using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Indexer.Format;

/// <summary>An order of the entries of a list.</summary>
internal interface IByteOrder
{
    static abstract int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b);
}

/// <summary>By bytes, which for UTF-8 is by code point: paths and terms.</summary>
internal readonly struct ByteOrder : IByteOrder
{
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceCompareTo(b);
}

/// <summary>Accessions: by prefix, then by number.</summary>
internal readonly struct AccessionOrder : IByteOrder
{
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        Accession.TryParse(Encoding.ASCII.GetString(a), null, out var x) && Accession.TryParse(Encoding.ASCII.GetString(b), null, out var y)
            ? x.CompareTo(y)
            : a.SequenceCompareTo(b);
}

/// <summary>
/// Attribute values: numbers first, by size, then everything else by bytes. One order for all columns, so that a range of numbers
/// is a range of ordinals and sorting by a column is sorting by ordinals.
/// </summary>
internal readonly struct ValueOrder : IByteOrder
{
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var isNumberA = TryNumber(a, out var x);
        var isNumberB = TryNumber(b, out var y);
        if (isNumberA != isNumberB) return isNumberA ? -1 : 1;
        if (isNumberA && x != y) return x < y ? -1 : 1;
        return a.SequenceCompareTo(b);
    }

    /// <summary>Reads a number by the rule of <see cref="AttributeKinds"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double number) => AttributeKinds.TryNumber(text, out number);
}
