using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;
using Archive.Model.Text;

namespace Archive.Model.Files;

/// <summary>
/// The path of a file inside a dataset: relative, separated by <c>/</c>, valid Unicode, kept as sent. At most 850 bytes of
/// UTF-8, 240 a segment, so that an object key (1,024) and a file name (255) hold it. No empty, blank, <c>.</c> or <c>..</c> segment,
/// no backslash, no control character. A segment may end in a space or a dot: what
/// one system cannot name, another did.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<ArchivePath>))]
public readonly record struct ArchivePath : IParsable<ArchivePath>, IComparable<ArchivePath>
{
    /// <summary>The longest path in bytes of UTF-8.</summary>
    public const int MaxBytes = 850;

    /// <summary>The longest segment in bytes of UTF-8.</summary>
    public const int MaxSegmentBytes = 240;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly string? text;

    private ArchivePath(string text) => this.text = text;

    /// <summary>The path as sent.</summary>
    public string Value => text ?? "";

    /// <summary>The path under NFC: two paths with the same key are the same name to people and must not stand side by side.</summary>
    public string MatchKey => Nfc.Of(Value);

    /// <summary>The last segment.</summary>
    public string FileName => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It breaks a rule; the message says which.</exception>
    public static ArchivePath Parse(string s, IFormatProvider? provider) =>
        Check(s) is { } fault ? throw new FormatException(fault) : new ArchivePath(s);

    /// <summary>Reads a path; false when it breaks a rule. <see cref="Check"/> says which.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ArchivePath result)
    {
        var sound = s is not null && Check(s) is null;
        result = sound ? new ArchivePath(s!) : default;
        return sound;
    }

    /// <summary>
    /// A path that was read when it came, and stored: it stays readable when a rule becomes stricter. Never for what somebody sent.
    /// </summary>
    public static ArchivePath FromStore(string stored)
    {
        ArgumentException.ThrowIfNullOrEmpty(stored);
        return new(stored);
    }

    /// <summary>The rule that a text breaks as a path, in words for the depositor; null when it breaks none.</summary>
    public static string? Check(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (s.Length == 0) return "The path is empty.";
        if (s[0] == '/') return "The path must be relative: leave out the first '/'.";
        if (s[^1] == '/') return "The path ends in '/': name a file, not a folder.";
        if (s.Length > MaxBytes || !TryCountBytes(s, out var bytes) || bytes > MaxBytes) return CheckLength(s);
        foreach (var c in s)
        {
            if (char.IsControl(c)) return "The path has a control character.";
            if (c == '\\') return "The path has a backslash: separate folders by '/'.";
        }
        foreach (var range in s.AsSpan().Split('/'))
        {
            var segment = s.AsSpan(range);
            if (segment.IsEmpty) return "The path has an empty part between two '/'.";
            if (segment.IsWhiteSpace()) return "A part of the path is nothing but white space.";
            if (segment is "." or "..") return "The path has a part '.' or '..'.";
            if (Strict.GetByteCount(segment) > MaxSegmentBytes) return $"A part of the path is longer than {MaxSegmentBytes} bytes.";
        }
        return null;
    }

    /// <summary>
    /// Orders by code point, which is the order of the bytes in UTF-8 and so of the database's "C" collation; UTF-16 order
    /// differs where surrogates meet U+E000 to U+FFFF.
    /// </summary>
    public int CompareTo(ArchivePath other) => Compare(Value, other.Value);

    /// <summary>Orders two texts by code point, as <see cref="CompareTo"/> does: for match keys, which the stores sort by.</summary>
    public static int Compare(string a, string b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        var same = a.AsSpan(0, shorter).CommonPrefixLength(b.AsSpan(0, shorter));
        if (same == shorter) return a.Length.CompareTo(b.Length);
        char x = a[same], y = b[same];
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? SurrogateAgainst(y) : -SurrogateAgainst(x);
    }

    /// <summary>The path as sent.</summary>
    public override string ToString() => Value;

    // A surrogate stands for a code point above U+FFFF, so it comes after every other character.
    private static int SurrogateAgainst(char other) => char.IsSurrogate(other) ? 0 : 1;

    private static string CheckLength(string s) => s.Length > MaxBytes || TryCountBytes(s, out _)
        ? $"The path is longer than {MaxBytes} bytes."
        : "The path is not valid Unicode.";

    private static bool TryCountBytes(string s, out int bytes)
    {
        bytes = 0;
        try
        {
            bytes = Strict.GetByteCount(s);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
