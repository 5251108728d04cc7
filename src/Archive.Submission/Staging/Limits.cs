using Archive.Model.Errors;

namespace Archive.Submissions.Staging;

/// <summary>Refusals of what is too large, with the fact that a program needs.</summary>
internal static class Limits
{
    public static void RequireLength(long lengthBytes, long limitBytes)
    {
        if (lengthBytes > limitBytes)
            throw new ArchiveException(Problems.FileTooLarge, $"A file may have {limitBytes} bytes.", Fact("limitBytes", limitBytes));
    }

    public static Dictionary<string, object?> Fact(string name, object? value) => new(StringComparer.Ordinal) { [name] = value };
}
