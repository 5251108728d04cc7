using Archive.Model.Files;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Reads one format of text files that depositors keep beside their images. A new format is one class and one line in
/// <see cref="TextMetadataParsers.All"/>. Parsers hold no state, throw nothing for what a file contains, and put what they find
/// into the collector, which bounds it.
/// </summary>
public interface ITextMetadataParser
{
    /// <summary>Short, lower case, with hyphens; part of each proposal's identity.</summary>
    string Name { get; }

    /// <summary>How many bytes of one file are read; the text is cut there.</summary>
    long MaxBytes { get; }

    /// <summary>Whether the files of a draft are read together because they name each other; else each is read by itself.</summary>
    bool ReadsTogether { get; }

    /// <summary>Whether the name says that the file is of this format.</summary>
    bool Knows(ArchivePath path);

    /// <summary>Reads the files that it knows.</summary>
    /// <param name="files">One file, or all in path order when <see cref="ReadsTogether"/>.</param>
    Task ReadAsync(IReadOnlyList<TextFile> files, MetadataCollector into, CancellationToken ct);
}

/// <summary>A text file to be read.</summary>
/// <param name="Path">Its path in the dataset.</param>
/// <param name="Open">Opens it for reading from the start; the reader closes it.</param>
public sealed record TextFile(ArchivePath Path, Func<CancellationToken, Task<Stream>> Open);

/// <summary>The formats that are read.</summary>
public static class TextMetadataParsers
{
    /// <summary>All of them. A file goes to the first that knows it.</summary>
    public static IReadOnlyList<ITextMetadataParser> All { get; } = [new YeastAcquisitionParser(), new YeastLogParser(), new BioImageIt.BioImageItParser()];
}
