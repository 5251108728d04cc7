namespace Archive.Model.PageTab;

/// <summary>What the name of a line or column says that it is.</summary>
internal enum PageTabNameKind
{
    /// <summary>An attribute.</summary>
    Attribute,

    /// <summary><c>&lt;x&gt;</c>: an attribute that refers to a section.</summary>
    Reference,

    /// <summary><c>(x)</c>: a qualifier of the name of the attribute before it.</summary>
    NameQualifier,

    /// <summary><c>[x]</c>: a qualifier of the value of the attribute before it.</summary>
    ValueQualifier,

    /// <summary><c>{size}</c> and the like: a property of the thing itself, which JSON keeps outside its attributes.</summary>
    Property,
}

/// <summary>
/// Words of TSV that mean something. A name that would be taken for one is written with a backslash before it; only there does a backslash
/// mean anything.
/// </summary>
internal static class PageTabTsvNames
{
    /// <summary>The first cell of the document.</summary>
    public const string Submission = "Submission";

    /// <summary>Length and type of a file.</summary>
    public const string Size = "size", Type = "type";

    /// <summary>How deep a section stands, 0 being the root: for those below a section that no accession names.</summary>
    public const string Level = "level";

    /// <summary>That a block is a row of a table that TSV cannot write as one: <see cref="FirstRow"/> or <see cref="NextRow"/>.</summary>
    public const string Table = "table";

    /// <summary>Values of <see cref="Table"/>.</summary>
    public const string FirstRow = "first", NextRow = "next";

    private static readonly string[] Properties = [Size, Type, Level, Table];
    private static readonly string[] Blocks = [Submission, "File", "Link", "Files", "Links"];

    /// <summary>What a name of an attribute line or a column means.</summary>
    /// <param name="text">Not blank.</param>
    public static (PageTabNameKind Kind, string Name) Read(string text)
    {
        if (Marked(text) is { } marked) return marked;
        return (PageTabNameKind.Attribute, text[0] == '\\' && NeedsEscape(text[1..], isBlock: false) ? text[1..] : text);
    }

    /// <summary>The cell for a name; see <see cref="Read"/>.</summary>
    public static string Write(PageTabNameKind kind, string name) => kind switch
    {
        PageTabNameKind.Reference => $"<{name}>",
        PageTabNameKind.NameQualifier => $"({name})",
        PageTabNameKind.ValueQualifier => $"[{name}]",
        PageTabNameKind.Property => $"{{{name}}}",
        _ => NeedsEscape(name, isBlock: false) ? "\\" + name : name,
    };

    /// <summary>The word of a block, as it is spelt here, or null: then the first cell is the type of a section.</summary>
    public static string? Block(string text)
    {
        foreach (var word in Blocks)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return word;
        return null;
    }

    /// <summary>The type of a section whose block begins with the text.</summary>
    public static string ReadType(string text) => text.Length > 0 && text[0] == '\\' && NeedsEscape(text[1..], isBlock: true) ? text[1..] : text;

    /// <summary>The first cell of a section's block.</summary>
    public static string WriteType(string type) => NeedsEscape(type, isBlock: true) ? "\\" + type : type;

    /// <summary>Type and parent of a table of sections, <c>Type[parent]</c>; null for anything else. Brackets in the parent are balanced.</summary>
    public static (string Type, string Parent)? ReadTable(string text)
    {
        if (!text.EndsWith(']')) return null;
        var open = 0;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == ']') open++;
            else if (text[i] == '[' && --open == 0) return string.IsNullOrWhiteSpace(text[..i]) ? null : (text[..i], text[(i + 1)..^1]);
        }
        return null;
    }

    private static bool NeedsEscape(string name, bool isBlock)
    {
        // A name that begins with a backslash needs one more only if its own would be taken for one, or for the type of a table.
        var bare = name.TrimStart('\\');
        return isBlock ? Block(bare) is not null || ReadTable(name) is not null : Marked(bare) is not null;
    }

    private static (PageTabNameKind Kind, string Name)? Marked(string text)
    {
        if (text.Length < 2) return null;
        PageTabNameKind? kind = (text[0], text[^1]) switch
        {
            ('<', '>') => PageTabNameKind.Reference,
            ('(', ')') => PageTabNameKind.NameQualifier,
            ('[', ']') => PageTabNameKind.ValueQualifier,
            ('{', '}') => Properties.Contains(text[1..^1], StringComparer.Ordinal) ? PageTabNameKind.Property : null,
            _ => null,
        };
        return kind is { } found ? (found, text[1..^1]) : null;
    }
}
