namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>A cursor that is damaged, forged or of another query.</summary>
    public static readonly Problem CursorInvalid = new("cursor-invalid", 400, "The cursor does not belong to this query",
        "Take the cursor from the field next of the page before, unchanged, and repeat every other parameter as it was.");

    /// <summary>A relevance cursor of an index that no longer answers.</summary>
    public static readonly Problem CursorExpired = new("cursor-expired", 410, "The search index was renewed since the page before",
        "Ask for the first page again, or sort by a field: such cursors never expire.");

    /// <summary>A parameter of a search that names nothing or is out of bounds.</summary>
    public static readonly Problem SearchParameter = new("search-parameter", 400, "A parameter of the search cannot be used",
        "The detail names the parameter and what it may be.");

    /// <summary>No index answers yet.</summary>
    public static readonly Problem IndexNotReady = new("index-not-ready", 503, "The search index is being opened",
        "Try again in some seconds. Reading datasets and files by their address works meanwhile.");

    /// <summary>A generation that neither this node nor the object store has.</summary>
    public static readonly Problem GenerationAbsent = new("generation-absent", 404, "There is no such generation of the search index",
        "GET /api/index lists those that are kept.");

    /// <summary>A generation that is not what was written.</summary>
    public static readonly Problem GenerationDamaged = new("generation-damaged", 409, "The generation is damaged and cannot be gone back to",
        "Choose another one that GET /api/index lists, or build the index anew.");
}
