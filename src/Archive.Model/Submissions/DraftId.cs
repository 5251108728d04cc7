using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Archive.Model.Submissions;

/// <summary>Names a draft: a dataset being prepared, which has no accession number yet. Its text is 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">The identifier's 128 bits; the first 48 grow with the time of creation.</param>
[JsonConverter(typeof(TextJsonConverter<DraftId>))]
public readonly record struct DraftId(Guid Value) : IParsable<DraftId>
{
    /// <summary>A new identifier that no other call returns.</summary>
    public static DraftId New() => new(Guid.CreateVersion7());

    /// <summary>Reads the 32 digits that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static DraftId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a DraftId.");

    /// <summary>Reads the 32 digits that <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DraftId result)
    {
        var read = Guid.TryParseExact(s, "N", out var value);
        result = new DraftId(value);
        return read;
    }

    /// <summary>The 32 digits.</summary>
    public override string ToString() => Value.ToString("N");
}
