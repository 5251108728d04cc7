using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Archive.Model.Accounts;

/// <summary>An ORCID iD, such as <c>0000-0002-1825-0097</c>: 16 digits in four groups, the last a check character (ISO 7064, MOD 11-2).</summary>
/// <param name="Value">The text.</param>
[JsonConverter(typeof(TextJsonConverter<Orcid>))]
public readonly record struct Orcid(string Value) : IParsable<Orcid>
{
    /// <summary>Reads the 19 characters.</summary>
    /// <exception cref="FormatException">The text is anything else, or its check character is wrong.</exception>
    public static Orcid Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an ORCID iD.");

    /// <summary>Reads the 19 characters; false for anything else or a wrong check character.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Orcid result)
    {
        result = default;
        if (s is not { Length: 19 }) return false;
        var total = 0;
        for (var i = 0; i < 18; i++)
        {
            if (i % 5 == 4)
            {
                if (s[i] != '-') return false;
                continue;
            }
            if (!char.IsAsciiDigit(s[i])) return false;
            // https://support.orcid.org/hc/en-us/articles/360006897674
            total = (total + (s[i] - '0')) * 2;
        }
        var check = (12 - total % 11) % 11;
        if (s[18] != (check == 10 ? 'X' : (char)('0' + check))) return false;
        result = new Orcid(s);
        return true;
    }

    /// <summary>The text.</summary>
    public override string ToString() => Value;
}
