namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>The dataset was withdrawn; a tombstone is all that is shown.</summary>
    public static readonly Problem Withdrawn = new("withdrawn", 410, "The dataset was withdrawn",
        "Its accession stays taken and its files are not to be had any more. The reason, where one was given, stands in the answer.");

    /// <summary>A depositor would change or remove a file that everybody can read and may have cited.</summary>
    public static readonly Problem FilePublic = new("file-public", 409, "The file is public and stays as it is",
        "Add the new content under another path, and a file list that tells more under another name, named by the page tab beside the one there is. "
        + "Ask a curator where a public file must be replaced or removed; older versions keep it. Descriptions can always be mended.");
    /// <summary>It cannot be shown to reviewers without telling who deposited.</summary>
    public static readonly Problem BlindView = new("blind-view", 403, "Reviewers are not shown this",
        "An access key shows a dataset without its authors: its page, its JSON, its files and their attributes. What names people as the depositor wrote it is left out.");

    /// <summary>The release date of a public dataset does not move.</summary>
    public static readonly Problem AlreadyPublic = new("already-public", 409, "The dataset is public already",
        "What is public stays public. A revision adds files or mends metadata; a curator can withdraw it with a reason.");

    /// <summary>The dataset was never in the curators' queue.</summary>
    public static readonly Problem NotInReview = new("not-in-review", 409, "No curator was asked about the dataset",
        "Its collection releases datasets without a curator, or did so when it was submitted. Its release date decides.");

    /// <summary>Another curator was quicker.</summary>
    public static readonly Problem ReviewDecided = new("review-decided", 409, "The dataset was decided about already",
        "The answer says what it became. One that was returned comes back into the queue with its next version; one that was approved can be withdrawn.");

    /// <summary>A newer version stands than the one that was looked at.</summary>
    public static readonly Problem VersionMoved = new("version-moved", 409, "There is a newer version than the one that was looked at",
        "Look at the version that the answer names, and decide about that one.");
}
