using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Archive.Model.Datasets;

/// <summary>
/// The public number of a dataset, such as <c>S-BIAR12</c>: a prefix of upper-case letters, digits and inner hyphens that ends
/// in a letter or hyphen, then a positive number without leading zeros; 64 characters at most. Never reused.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<Accession>))]
public readonly record struct Accession : IParsable<Accession>, IComparable<Accession>
{
    private const int MaxLength = 64;

    private Accession(string prefix, long number)
    {
        Prefix = prefix;
        Number = number;
    }

    /// <summary>The part before the number; one sequence of numbers exists for each prefix.</summary>
    public string Prefix { get; }

    /// <summary>The number, 1 or more.</summary>
    public long Number { get; }

    /// <summary>Puts a prefix and a number together.</summary>
    /// <exception cref="FormatException">Together they are no accession.</exception>
    public static Accession From(string prefix, long number) => Parse(prefix + number, null);

    /// <summary>Reads an accession.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static Accession Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var accession) ? accession : throw new FormatException($"'{s}' is not an accession.");

    /// <summary>Reads an accession; false when the text is none. Letters are matched in upper case only.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Accession result)
    {
        result = default;
        if (s is null || s.Length is 0 or > MaxLength) return false;
        var digits = s.Length;
        while (digits > 0 && char.IsAsciiDigit(s[digits - 1])) digits--;
        var prefix = s.AsSpan(0, digits);
        if (!IsPrefix(prefix) || digits == s.Length || s[digits] == '0' || !long.TryParse(s.AsSpan(digits), out var number)) return false;
        result = new Accession(prefix.ToString(), number);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Accession other)
    {
        var prefixes = string.CompareOrdinal(Prefix, other.Prefix);
        return prefixes != 0 ? prefixes : Number.CompareTo(other.Number);
    }

    /// <summary>The accession as it is cited.</summary>
    public override string ToString() => Prefix + Number;

    private static bool IsPrefix(ReadOnlySpan<char> prefix)
    {
        if (prefix.IsEmpty || !char.IsAsciiLetterUpper(prefix[0])) return false;
        foreach (var c in prefix)
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        return char.IsAsciiLetterUpper(prefix[^1]) || (prefix[^1] == '-' && prefix.Length > 1);
    }
}
