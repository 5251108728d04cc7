using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Model.Files;

/// <summary>The digests of one content, taken in one pass.</summary>
/// <param name="Md5">32 lower-case hexadecimal digits: what the ecosystem's manifests speak.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits: what integrity is judged by.</param>
/// <param name="Crc32">CRC-32 (ISO-HDLC) of the content: what a zip needs.</param>
public sealed record FileDigests(string Md5, string Sha256, uint Crc32);

/// <summary>An attribute that a file list gives a file. Names may repeat: then the file has several values.</summary>
public sealed record FileAttribute(string Name, string Value);

/// <summary>
/// One immutable row: from version <see cref="Version"/> on, <see cref="Path"/> of the dataset is this object. The file set of
/// version n is the newest row up to n for each path, among rows of committed passes.
/// </summary>
public sealed record FileReference
{
    /// <summary>The dataset.</summary>
    public required Accession Accession { get; init; }

    /// <summary>The file's path in the dataset.</summary>
    public required ArchivePath Path { get; init; }

    /// <summary>The version that brought it.</summary>
    public required int Version { get; init; }

    /// <summary>The pass that wrote the row.</summary>
    public required SubmissionId Submission { get; init; }

    /// <summary>The full key of the stored object; null when this row removes the path. Never built from the path again.</summary>
    public required string? ObjectKey { get; init; }

    /// <summary>The content's length; 0 for a removal.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>The content's digests; null for a removal.</summary>
    public required FileDigests? Digests { get; init; }

    /// <summary>The format by name, as <see cref="FileFormat.Of"/> tells it: <c>OME-TIFF</c>, <c>PNG</c> …</summary>
    public required string Format { get; init; }

    /// <summary>What the file lists say of it, in column order.</summary>
    public IReadOnlyList<FileAttribute> Attributes { get; init; } = [];
}
