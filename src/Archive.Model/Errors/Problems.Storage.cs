namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>Free space less what running uploads were promised is below the reserve.</summary>
    public static readonly Problem InsufficientStorage = new("insufficient-storage", 507, "The archive has no room for this now",
        "Try again later; nothing that was already received is lost. The operator sees the volume that is full.");

    /// <summary>The metadata store or the object store does not answer.</summary>
    public static readonly Problem Unavailable = new("unavailable", 503, "A part of the archive is not available",
        "Try again in a minute. Repeating a request is safe.");

    /// <summary>Someone else changed the document in between.</summary>
    public static readonly Problem Conflict = new("edit-conflict", 409, "It was changed by someone else meanwhile",
        "Read it again, apply your change to what stands there now, and send it with the new ETag.");

    /// <summary>A text holds the one character that PostgreSQL cannot keep.</summary>
    public static readonly Problem UnstorableText = new("unstorable-text", 422, "A text holds a character that cannot be kept",
        "Remove the NUL character (U+0000) and send it again.");
}
