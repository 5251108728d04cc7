using System.Diagnostics.CodeAnalysis;

namespace Archive.Model.Datasets;

/// <summary>How accessions of a collection look: a prefix and the place of the number, such as <c>S-BIAR{n}</c>.</summary>
public readonly record struct AccessionTemplate : IParsable<AccessionTemplate>
{
    private const string Number = "{n}";

    // Accessions of other archives (identifiers.org): numbers that they give must never be given here.
    private static readonly HashSet<string> Taken = new(
        [
            "S-BIAD", "S-BSST", "S-BSMS", "S-EPMC", "S-IMDR", "S-DIXA", "S-TOXR", "S-SCDT", "S-ECPF", "S-ONTX", "S-HECA", "S-VHPS", "EMPIAR", "EMD", "EMDB",
            "IDR", "E-MTAB", "E-GEOD", "E-PROT", "E-MEXP", "A-MTAB", "A-GEOD", "GSE", "GSM", "PXD", "PRJEB", "PRJNA", "PRJDB", "SAMEA", "SAMN", "ERP", "ERS", "SRP",
            "MTBLS", "PMC", "SSBD",
        ],
        StringComparer.Ordinal);

    private AccessionTemplate(string prefix) => Prefix = prefix;

    /// <summary>The part before the number.</summary>
    public string Prefix { get; }

    /// <summary>Whether a prefix is another archive's, so that nothing is minted under it.</summary>
    public static bool IsTaken(string prefix) => Taken.Contains(prefix.TrimEnd('-'));

    /// <summary>The template of a prefix.</summary>
    public static AccessionTemplate Of(string prefix) => Parse(prefix + Number, null);

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static AccessionTemplate Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var template) ? template : throw new FormatException($"'{s}' is not a template of accessions.");

    /// <summary>Reads a template; false when the text is none. A prefix has 40 characters at most, so that numbers have room.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AccessionTemplate result)
    {
        result = default;
        if (s is null || !s.EndsWith(Number, StringComparison.Ordinal)) return false;
        var prefix = s[..^Number.Length];
        if (prefix.Length > 40 || !Accession.TryParse(prefix + "1", null, out var first) || first.Prefix != prefix) return false;
        result = new(prefix);
        return true;
    }

    /// <summary>The template as it is written.</summary>
    public override string ToString() => Prefix + Number;
}
