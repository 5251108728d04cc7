using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.Revisions;

/// <summary>What becomes of a path in the version that a draft makes.</summary>
public enum NextFileState
{
    /// <summary>The version before does not have it.</summary>
    New,

    /// <summary>It stays as it is in the version before, whether or not the same content was uploaded again.</summary>
    Kept,

    /// <summary>It gets another content.</summary>
    Replaced,

    /// <summary>The version before has it and the next does not.</summary>
    Removed,
}

/// <summary>One path of a draft's files; at least one of its two contents is there.</summary>
/// <param name="Path">The path.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Staged">What is staged there, or null.</param>
/// <param name="Base">What the version before has there, or null.</param>
public sealed record NextFile(ArchivePath Path, NextFileState State, StagedFile? Staged, FileReference? Base)
{
    /// <summary>Length of the content that the next version has; of the one that goes, where it is removed.</summary>
    public long LengthBytes => Staged?.LengthBytes ?? Base!.LengthBytes;

    /// <summary>Digests of the same content.</summary>
    public FileDigests Digests => Staged?.Digests ?? Base!.Digests!;

    /// <summary>A file of a first version.</summary>
    public static NextFile Of(StagedFile file) => new(file.Path, NextFileState.New, file, null);

    /// <summary>Puts together what a draft and the version before say of one path; null when neither has a file there.</summary>
    public static NextFile? Of(StagedPath? staged, FileReference? before) => (staged, before) switch
    {
        (null, null) or ({ File: null }, null) => null,
        (null, { } kept) => new(kept.Path, NextFileState.Kept, null, kept),
        ({ File: null }, { } gone) => new(gone.Path, NextFileState.Removed, null, gone),
        ({ File: { } file }, null) => Of(file),
        ({ File: { } file }, { } old) => new(file.Path, IsSame(file, old) ? NextFileState.Kept : NextFileState.Replaced, file, old),
    };

    private static bool IsSame(StagedFile file, FileReference old) =>
        file.Path == old.Path && file.LengthBytes == old.LengthBytes && file.Digests.Sha256 == old.Digests!.Sha256;
}
