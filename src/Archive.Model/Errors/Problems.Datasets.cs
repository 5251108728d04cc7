namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>The dataset was withdrawn; a tombstone is all that is shown.</summary>
    public static readonly Problem Withdrawn = new("withdrawn", 410, "The dataset was withdrawn",
        "Its accession stays taken and its files are not to be had any more. The reason, where one was given, stands in the answer.");

    /// <summary>The release date of a public dataset does not move.</summary>
    public static readonly Problem AlreadyPublic = new("already-public", 409, "The dataset is public already",
        "What is public stays public. A revision adds files or mends metadata; a curator can withdraw it with a reason.");
}
