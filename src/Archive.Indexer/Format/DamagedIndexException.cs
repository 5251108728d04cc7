namespace Archive.Indexer.Format;

/// <summary>An index file is not what was written; it must not be searched.</summary>
public sealed class DamagedIndexException : Exception
{
    /// <summary>Names what is damaged.</summary>
    /// <param name="file">The file.</param>
    /// <param name="section">The part of it: a section's name, <c>header</c>, <c>table</c> or <c>footer</c>.</param>
    /// <param name="reason">What is wrong.</param>
    public DamagedIndexException(string file, string section, string reason)
        : base($"The index file {Path.GetFileName(file)} is damaged in its section '{section}': {reason}.")
    {
        FileName = file;
        Section = section;
    }

    /// <summary>The file.</summary>
    public string FileName { get; }

    /// <summary>The part of it.</summary>
    public string Section { get; }
}
