namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>Validation stops the submission.</summary>
    public static readonly Problem SubmissionRefused = new("submission-refused", 422, "The draft cannot be submitted as it is",
        "Mend the findings of severity Error and submit again. The draft is open and has lost nothing.");

    /// <summary>The only or first error is the missing release date.</summary>
    public static readonly Problem ReleaseDateMissing = new("release-date-missing", 422, "The page tab has no ReleaseDate",
        "Add an attribute ReleaseDate of the form YYYY-MM-DD: today's date to release at once, a later one for an embargo of two years at most.");

    /// <summary>It has ended or is being published, and cannot be cancelled.</summary>
    public static readonly Problem SubmissionEnded = new("submission-ended", 409, "It is too late to cancel the submission",
        "What is published is withdrawn instead of cancelled; what was rejected or cancelled can be submitted again.");
}
