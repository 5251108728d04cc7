using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>An attribute that a rule reads off names.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="IsNumber">Whether it is a whole number of at most nine digits, given without leading zeros.</param>
public sealed record NameField(string Name, bool IsNumber)
{
    /// <summary>Whether it becomes a column; fields whose name begins with <c>_</c> only stand for what they pass over.</summary>
    public bool IsKept => Name[0] != '_';

    internal const int MaxFields = 32;

    private const int MaxNameChars = 100;

    /// <summary>Reads a field's name and type; null with a finding when they are none.</summary>
    internal static NameField? Read(string? name, string? type, string place, FindingList findings)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > MaxNameChars || name.Any(c => char.IsControl(c) || c is '{' or '}' or ':'))
            findings.Error("field-name", place, $"A field needs a name of 1 to {MaxNameChars} characters without braces, colon and control characters.");
        else if (type is not (null or "" or "text" or "int"))
            findings.Error("field-type", place, $"'{type}' is no type of a field: text (the usual one), int, or in a pattern path.", "int");
        else
            return new(name, type == "int");
        return null;
    }

    /// <summary>The value as it goes into the list; null when the field does not take it.</summary>
    internal string? Accept(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (!IsNumber) return value.IsEmpty ? null : value.ToString();
        if (value.IsEmpty || value.ContainsAnyExceptInRange('0', '9')) return null;
        value = value.TrimStart('0');
        return value.Length > 9 ? null : value.IsEmpty ? "0" : value.ToString();
    }
}

/// <summary>Reads attributes off the names of files, in time linear in the length of a name.</summary>
internal abstract class NameRule(IReadOnlyList<NameField> fields)
{
    /// <summary>What it reads, each name once.</summary>
    public IReadOnlyList<NameField> Fields { get; } = fields;

    /// <summary>Reads a path under NFC; false when it is not of the form. Values are in the order of <see cref="Fields"/>.</summary>
    public abstract bool TryRead(string path, string[] values);
}
