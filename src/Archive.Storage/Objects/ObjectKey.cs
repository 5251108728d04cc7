using System.Text;

namespace Archive.Storage.Objects;

/// <summary>
/// The name of an object: segments separated by <c>/</c>, none empty, <c>.</c> or <c>..</c>; no control character or backslash; at
/// most 1,024 bytes of UTF-8, 240 a segment.
/// </summary>
public readonly record struct ObjectKey
{
    /// <summary>The longest key in bytes of UTF-8, as S3 has it.</summary>
    public const int MaxBytes = 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Names an object.</summary>
    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public ObjectKey(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0 || CountBytes(value) > MaxBytes || value.Any(c => char.IsControl(c) || c == '\\'))
            throw new FormatException("An object key has 1 to 1,024 bytes without control characters and backslashes.");
        foreach (var segment in value.Split('/'))
            if (segment is "" or "." or ".." || Encoding.UTF8.GetByteCount(segment) > 240)
                throw new FormatException("A segment of an object key has 1 to 240 bytes and is not '.' or '..'.");
        Value = value;
    }

    // Half a surrogate pair would be written as U+FFFD, and two keys would become one file.
    private static int CountBytes(string value)
    {
        try
        {
            return Strict.GetByteCount(value);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("An object key is valid Unicode.", e);
        }
    }

    /// <summary>The key's text.</summary>
    public string Value { get; }

    /// <summary>The key's text.</summary>
    public override string ToString() => Value;
}
