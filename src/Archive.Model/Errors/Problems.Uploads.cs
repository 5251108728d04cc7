namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>Another transfer holds the path.</summary>
    public static readonly Problem UploadInProgress = new("upload-in-progress", 409, "Another upload to this path is under way",
        "Wait for it to end, or for a minute if it was cut, and send the file again.");

    /// <summary>A file stands at the path whose name is the same to people and another in bytes.</summary>
    public static readonly Problem PathTaken = new("path-taken", 409, "The name is taken in another Unicode form",
        "path names the file that is staged. To replace it, upload to that path; to rename it, delete it first. It was not changed.");

    /// <summary>Fewer bytes came than were declared.</summary>
    public static readonly Problem UploadTruncated = new("upload-truncated", 400, "The upload ended before its declared length",
        "Send the file again; what stood at the path before is still there.");

    /// <summary>More bytes came than were declared.</summary>
    public static readonly Problem UploadTooLong = new("upload-too-long", 400, "The upload is longer than it declared",
        "Declare the file's true length, or none, and send it again.");

    /// <summary>No byte came for too long.</summary>
    public static readonly Problem UploadIdle = new("upload-idle", 408, "The upload stood still for too long",
        "Send the file again over a steadier connection; what stood at the path before is still there.");

    /// <summary>The file is longer than this archive takes in one file.</summary>
    public static readonly Problem FileTooLarge = new("file-too-large", 413, "The file is larger than the archive takes",
        "Split the file, or ask the operator to raise the limit, which the answer names.");

    /// <summary>The draft has as many files as this archive takes in one dataset.</summary>
    public static readonly Problem TooManyFiles = new("too-many-files", 422, "The draft has as many files as it may have",
        "Pack small files together, or ask the operator to raise the limit, which the answer names.");

    /// <summary>
    /// The account has staged as much as it may. 413 and not 507: the bound is the account's and not the server's, and trying again does not help.
    /// </summary>
    public static readonly Problem QuotaExceeded = new("quota-exceeded", 413, "You have staged as much as you may",
        "Submit or delete a draft, delete files, or wait for your other uploads to end: each gives room back. usedBytes and limitBytes, usedFiles and limitFiles "
        + "say how much there is. The operator of the archive can raise the quota of an account.");

    /// <summary>What arrived differs from the digest that was declared with it.</summary>
    public static readonly Problem DigestMismatch = new("digest-mismatch", 422, "The file did not arrive as it was declared",
        "The answer names both digests. Check the file at its source and send it again.");
}
