namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>The request cannot be read: no JSON, a wrong type, a parameter out of range.</summary>
    public static readonly Problem BadRequest = new("bad-request", 400, "The request cannot be read",
        "The detail, and findings where there are several, say what is wrong and where. Send it again when mended.");

    /// <summary>The address has a percent sequence or path part that is refused.</summary>
    public static readonly Problem PathRefused = new("path-refused", 400, "The path is not one that a file can have",
        "Paths are relative, without '.' and '..', backslash, control character or %2F; each part is percent-encoded UTF-8, 850 bytes in all and 240 a part.");

    /// <summary>Nothing that the caller may see is at this address.</summary>
    public static readonly Problem NotFound = new("not-found", 404, "There is nothing here",
        "Check the address. What is private is not shown to others: sign in with the account that owns it.");

    /// <summary>The address does not know this method.</summary>
    public static readonly Problem MethodNotAllowed = new("method-not-allowed", 405, "The address does not know this method",
        "The field Allow of the answer names the methods that it knows.");

    /// <summary>No form of the answer is among those that the request accepts.</summary>
    public static readonly Problem NotAcceptable = new("not-acceptable", 406, "The answer does not exist in the form asked for",
        "Ask for application/json, or leave Accept out.");

    /// <summary>The body did not arrive whole or in time.</summary>
    public static readonly Problem BodyIncomplete = new("body-incomplete", 400, "The body did not arrive whole",
        "Nothing was kept of it. Send the whole body again; Content-Length must be its length in bytes.");

    /// <summary>The body was not whole within the time it is given.</summary>
    public static readonly Problem BodyTooSlow = new("body-too-slow", 408, "The body took too long to arrive",
        "Nothing was kept of it. Send it again over a faster connection, or make it shorter: files belong into a file list, not into the page tab.");

    /// <summary>The document changed since the ETag that the request named.</summary>
    public static readonly Problem PreconditionFailed = new("precondition-failed", 412, "It is not the version that the request names",
        "Read it again, apply your change to what stands there now, and send it with the new ETag in If-Match.");

    /// <summary>The body is longer than is taken here.</summary>
    public static readonly Problem BodyTooLarge = new("body-too-large", 413, "The body is too long",
        "limitBytes says how long it may be. Files go to the upload addresses, which take long bodies.");

    /// <summary>The body has a type that is not read here.</summary>
    public static readonly Problem UnsupportedMediaType = new("unsupported-media-type", 415, "This type of body is not read here",
        "Send application/json.");

    /// <summary>No part of the file lies in the ranges asked for.</summary>
    public static readonly Problem RangeNotSatisfiable = new("range-not-satisfiable", 416, "The file has no bytes there",
        "The field Content-Range of the answer names the file's length.");

    /// <summary>A well-formed request whose content breaks rules.</summary>
    public static readonly Problem Unprocessable = new("invalid-input", 422, "The request breaks rules",
        "findings lists everything that is wrong, each with its place.");

    /// <summary>More requests than the limit in the time.</summary>
    public static readonly Problem RateLimited = new("rate-limited", 429, "Too many requests",
        "Wait as many seconds as Retry-After says. limit and windowSeconds say how many requests are taken.");

    /// <summary>A fault of the archive itself.</summary>
    public static readonly Problem Internal = new("internal-error", 500, "The archive failed",
        "It is recorded under traceId: name it to the operator. Repeating the request is safe.");

    /// <summary>The process is starting or stopping.</summary>
    public static readonly Problem Starting = new("starting", 503, "The archive is starting or stopping",
        "Try again after as many seconds as Retry-After says; /readyz says what is still missing.");

    /// <summary>All places of a bounded resource are taken.</summary>
    public static readonly Problem Busy = new("busy", 503, "All places are taken",
        "Try again after as many seconds as Retry-After says; the state of a submission can be asked for without the stream of events.");
}
