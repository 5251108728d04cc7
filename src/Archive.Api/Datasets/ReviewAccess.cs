using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Sharing;
using Archive.Submissions.Sharing;

namespace Archive.Api.Datasets;

/// <summary>
/// Lets reviewers read private datasets: by <c>?key=</c>, or by the cookie that a page's first visit exchanges the key for. Everything that they
/// are shown goes through <see cref="BlindView"/>.
/// </summary>
internal sealed class ReviewAccess(AccessKeyDesk keys, BlindDocuments documents, SharedSecret secret, BaseAddress address)
{
    /// <summary>The parameter of an address that holds a key.</summary>
    public const string Parameter = "key";

    private const string Purpose = "review";
    private const string CookiePrefix = "review.";

    /// <summary>What a reviewer's request goes through; null for everybody else's.</summary>
    public static ReviewVisit? Review(HttpContext http) => http.Features.Get<ReviewVisit>();

    /// <summary>The head as reviewers see it, when the address has a live key of the dataset; null when not, or when it is not private.</summary>
    public async Task<Dataset?> ByKeyAsync(HttpContext http, Dataset dataset, CancellationToken ct)
    {
        if (!Opens(http, dataset) || !http.Request.Query.TryGetValue(Parameter, out var given) || given is not [{ } text]) return null;
        return await keys.FindAsync(dataset.Accession, text, ct) is { } key ? await EnterAsync(http, dataset, key, isByKey: true, ct) : null;
    }

    /// <summary>The same by the cookie of an earlier visit; it opens nothing once its key is revoked or has expired.</summary>
    public async Task<Dataset?> ByCookieAsync(HttpContext http, Dataset dataset, CancellationToken ct)
    {
        if (!Opens(http, dataset) || http.Request.Cookies[CookiePrefix + dataset.Accession] is not { } cookie) return null;
        if (secret.Verify(Purpose, cookie)?.Split(' ') is not [var accession, var id] || accession != dataset.Accession.ToString()) return null;
        return await keys.FindByIdAsync(dataset.Accession, id, ct) is { } key ? await EnterAsync(http, dataset, key, isByKey: false, ct) : null;
    }

    /// <summary>Keeps the key of a page's visit in a cookie for this dataset alone, and gives the address to go on to, without the key.</summary>
    public string Exchange(HttpContext http, ReviewVisit visit)
    {
        http.Response.Cookies.Append(CookiePrefix + visit.Accession, secret.Sign(Purpose, $"{visit.Accession} {visit.Key.Id}"), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = address.Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
            // Pages, files and API of a dataset have no folder in common; the name and the signed text bind it to the dataset.
            Path = "/",
            Expires = visit.Key.ExpiresAt,
            IsEssential = true,
        });
        var rest = http.Request.Query.Where(p => !p.Key.Equals(Parameter, StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => p.Value, (p, value) => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(value ?? "")}").ToList();
        return http.Request.PathBase.ToUriComponent() + http.Request.Path.ToUriComponent() + (rest.Count > 0 ? "?" + string.Join('&', rest) : "");
    }

    // Addresses of this dataset alone: a search that looks whether its words are an accession shows nobody more than strangers see.
    private static bool Opens(HttpContext http, Dataset dataset) => dataset.State == DatasetState.Private
        && (http.Request.RouteValues["accession"] ?? http.Request.RouteValues["acc"]) is string named && named == dataset.Accession.ToString();

    private async Task<Dataset> EnterAsync(HttpContext http, Dataset dataset, AccessKey key, bool isByKey, CancellationToken ct)
    {
        var facts = await documents.FactsOfAsync(dataset, ct);
        await keys.NoteUseAsync(dataset.Accession, key, ct);
        http.Features.Set(new ReviewVisit(dataset.Accession, key, isByKey, facts));
        // Where a page sets a policy of its own it would say less; this is set when everything else is.
        http.Response.OnStarting(() =>
        {
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            http.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return BlindDocuments.Blind(dataset, facts.Redaction);
    }
}

/// <summary>A request by an access key.</summary>
/// <param name="Accession">The dataset that it opens.</param>
/// <param name="Key">The key.</param>
/// <param name="IsByKey">Whether the key stands in the address; else it came by a cookie.</param>
/// <param name="Facts">What is left out.</param>
internal sealed record ReviewVisit(Accession Accession, AccessKey Key, bool IsByKey, BlindFacts Facts);

/// <summary>What answers do with what reviewers may not see.</summary>
internal static class ReviewAnswers
{
    /// <summary>A file as the sender of the request may see it: to all but reviewers as it is.</summary>
    public static FileReference Shown(this HttpContext http, FileReference file) =>
        ReviewAccess.Review(http) is { } visit ? BlindView.Of(file, visit.Facts.Redaction) : file;

    /// <summary>Refuses reviewers what cannot be shown without telling who deposited.</summary>
    public static void RefuseReviewers(this HttpContext http, string what)
    {
        if (ReviewAccess.Review(http) is not null) throw new ArchiveException(Problems.BlindView, what);
    }
}
