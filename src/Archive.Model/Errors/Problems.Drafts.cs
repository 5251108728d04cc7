namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>There is no such draft, or it is another person's.</summary>
    public static readonly Problem DraftNotFound = new("draft-not-found", 404, "There is no such draft",
        "Look at your drafts, or begin a new one. A draft whose submission was published is gone: its dataset is there instead.");

    /// <summary>The draft is being submitted.</summary>
    public static readonly Problem DraftSealed = new("draft-sealed", 409, "The draft is sealed by its submission",
        "Cancel the submission to change the draft, or wait: when it is rejected, the draft opens again.");

    /// <summary>A file that is to be made stands in the draft already.</summary>
    public static readonly Problem FileStaged = new("file-staged", 409, "There is a file at this path already",
        "Name another path, or ask for the file to be replaced.");

    /// <summary>The collection that was named does not exist.</summary>
    public static readonly Problem CollectionUnknown = new("collection-unknown", 422, "There is no such collection",
        "Name a collection of the archive's list, or leave it out to use the archive's own.");

    /// <summary>The collection takes drafts of others only.</summary>
    public static readonly Problem CollectionClosed = new("collection-closed", 403, "The collection does not take this account's datasets",
        "Name a collection whose attach is 'everyone', leave it out to use the archive's own, or ask the operator to be named for this one.");

    /// <summary>The metadata is no JSON, or no JSON object.</summary>
    public static readonly Problem PageTabNotJson = new("page-tab-not-json", 400, "The page tab is not JSON",
        "The finding names the line and column where reading stopped. Send the document as UTF-8.");

    /// <summary>The metadata is no text that can be TSV.</summary>
    public static readonly Problem PageTabNotTsv = new("page-tab-not-tsv", 400, "The page tab is not a text of tab-separated values",
        "The finding names the line where reading stopped. Save the file as text, UTF-8, cells separated by tabs.");

    /// <summary>The metadata is no XML, or no page tab in XML.</summary>
    public static readonly Problem PageTabNotXml = new("page-tab-not-xml", 400, "The page tab is not XML",
        "The finding names the line and column where reading stopped. A DOCTYPE and entities of one's own are not read.");

    /// <summary>The metadata is no workbook that can be read.</summary>
    public static readonly Problem PageTabNotXlsx = new("page-tab-not-xlsx", 400, "The page tab is not a workbook",
        "Save it as .xlsx without password, the page tab in the first sheet; or save the sheet as tab-separated text and send that.");

    /// <summary>The form asked for has no way to say what the metadata says.</summary>
    public static readonly Problem PageTabInexpressible = new("page-tab-inexpressible", 406, "The page tab cannot be written in this form",
        "The findings name each character that XML has no way to write. JSON and TSV have one: ask for those, or remove the characters.");

    /// <summary>The metadata is too long.</summary>
    public static readonly Problem PageTabTooLarge = new("page-tab-too-large", 413, "The page tab is too large",
        "Name files in a file list, which has no such bound, instead of in the page tab.");

    /// <summary>The metadata is nested too deep.</summary>
    public static readonly Problem PageTabTooDeep = new("page-tab-too-deep", 400, "The page tab is nested too deep",
        "Objects and arrays may stand 64 deep in each other; sections of real datasets stand five deep.");

    /// <summary>The metadata can be read but breaks the rules of a page tab.</summary>
    public static readonly Problem PageTabInvalid = new("page-tab-invalid", 422, "The page tab has errors",
        "Every error is in the findings with its JSON path, line or row. Nothing was stored: what stood there before still stands.");
}
