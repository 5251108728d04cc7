using Archive.Model.Submissions;
using Archive.Model.Text;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>The place of an attribute among the parts of a file name.</summary>
/// <param name="Position">From 1; negative from the end, -1 being the last part.</param>
/// <param name="Name">The attribute.</param>
/// <param name="Type"><c>text</c> or <c>int</c>; null for text.</param>
public sealed record NamePosition(int Position, string? Name, string? Type = null);

/// <summary>Reads attributes off file names, without folders and extension, cut at a separator.</summary>
internal sealed class NameParts : NameRule
{
    private const int MaxSeparatorChars = 10;
    private const int MaxPosition = 255;

    private readonly string separator;
    private readonly int[] positions;

    private NameParts(string separator, int[] positions, IReadOnlyList<NameField> fields)
        : base(fields) => (this.separator, this.positions) = (separator, positions);

    /// <summary>Reads a rule; null with findings.</summary>
    public static NameParts? Read(string? separator, IReadOnlyList<NamePosition>? positions, FindingList findings)
    {
        if (separator is not { Length: > 0 and <= MaxSeparatorChars } || separator.Contains('/', StringComparison.Ordinal))
            findings.Error("separator-invalid", "separator", $"A separator has 1 to {MaxSeparatorChars} characters, and none is '/': folders are for a pattern.", "_");
        if (positions is not { Count: > 0 and <= NameField.MaxFields })
            findings.Error("positions-missing", "positions", $"Name 1 to {NameField.MaxFields} positions: which part of the name is which attribute.");
        var fields = new List<NameField>();
        for (var i = 0; i < positions?.Count && i < NameField.MaxFields; i++)
        {
            var place = $"positions[{i}]";
            if (positions[i] is not { } position || position.Position is 0 or < -MaxPosition or > MaxPosition)
                findings.Error("position-invalid", place, $"A position is 1 to {MaxPosition} from the beginning, or -1 to -{MaxPosition} from the end.");
            else if (NameField.Read(position.Name, position.Type, place, findings) is { } field)
            {
                if (fields.Any(f => f.Name == field.Name)) findings.Error("field-repeated", place, $"The attribute '{field.Name}' has a position already.");
                fields.Add(field);
            }
        }
        return findings.HasErrors ? null : new(Nfc.Of(separator!), [.. positions!.Select(p => p.Position)], fields);
    }

    /// <inheritdoc/>
    public override bool TryRead(string path, string[] values)
    {
        var stem = Stem(path.AsSpan(path.LastIndexOf('/') + 1));
        var count = stem.Count(separator) + 1;
        for (var i = 0; i < positions.Length; i++)
        {
            var index = positions[i] > 0 ? positions[i] - 1 : count + positions[i];
            if (index < 0 || index >= count || Fields[i].Accept(Part(stem, index)) is not { } value) return false;
            values[i] = value;
        }
        return true;
    }

    private ReadOnlySpan<char> Part(ReadOnlySpan<char> stem, int index)
    {
        while (index-- > 0) stem = stem[(stem.IndexOf(separator) + separator.Length)..];
        var end = stem.IndexOf(separator);
        return end < 0 ? stem : stem[..end];
    }

    // OME names have two endings: .ome.tif.
    private static ReadOnlySpan<char> Stem(ReadOnlySpan<char> name)
    {
        if (name.LastIndexOf('.') is > 0 and var dot) name = name[..dot];
        return name.EndsWith(".ome", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
