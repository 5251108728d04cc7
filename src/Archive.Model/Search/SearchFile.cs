using Archive.Model.Files;

namespace Archive.Model.Search;

/// <summary>What the search index is fed for a file.</summary>
/// <param name="Path">The file's path in its dataset.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Format">Its format, such as <c>OME-TIFF</c>.</param>
/// <param name="Attributes">What the file lists say of it; a name may repeat, blank values are left out of the index.</param>
public sealed record SearchFile(ArchivePath Path, long LengthBytes, string Format, IReadOnlyList<FileAttribute> Attributes);
