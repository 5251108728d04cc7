using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// What the two text files of a yeast time lapse share: <c>{anything}Acq.txt</c> says how it was set up, <c>{anything}log.txt</c>
/// what happened; both as the microscope's MATLAB program writes them and PyOmeroUpload reads them.
/// </summary>
internal static class YeastFiles
{
    public const string AcquisitionSection = "Image acquisition";

    public const int MaxBytes = 1 << 20;

    /// <summary>Whether the name ends in the word, whose first letter has either case.</summary>
    public static bool EndsIn(ArchivePath path, string word) =>
        path.Value.EndsWith(word + ".txt", StringComparison.Ordinal) ||
        path.Value.EndsWith(char.ToUpperInvariant(word[0]) + word[1..] + ".txt", StringComparison.Ordinal);

    /// <summary>What the files of one time lapse have in common: the path without the word and what joins it.</summary>
    public static string TitleOf(ArchivePath path, string word)
    {
        var stem = path.Value[..^(word.Length + ".txt".Length)].TrimEnd('_', '-', ' ', '.', '/');
        return stem.Length == 0 ? word : stem;
    }

    /// <summary>Says what every reading of lines must say.</summary>
    public static void NoteBounds(TextLines lines, ArchivePath file, MetadataCollector into)
    {
        if (lines.IsUtf16) into.Note("metadata-encoding", file, "The text is UTF-16 and is not read: save it as UTF-8.");
        if (lines.TooLong > 0) into.Note("metadata-line-too-long", file, $"{lines.TooLong} lines are longer than {into.Limits.MaxLineBytes} bytes and are left out.");
    }
}
