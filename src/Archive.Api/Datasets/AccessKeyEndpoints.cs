using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Storage.Metadata;
using Archive.Submissions.Sharing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>Keys for reviewers of private datasets.</summary>
internal static class AccessKeyEndpoints
{
    public static IEndpointRouteBuilder MapAccessKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/datasets/{accession}/access-keys").WithTags("Datasets").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The access keys of a dataset, oldest first, for its owner and curators").Refuses(401, 403, 404, 410);
        group.MapPost("", AddAsync).WithSummary("Makes an access key for reviewers of a private dataset")
            .WithDescription("The key is told once and kept as a digest only. Put key= into any address that reads the dataset: page, JSON, files. Whoever has it "
                + "sees the blind view: no people, organisations, funding, publications or links, known names taken out of texts, no page tab, no file lists as files; "
                + "what files contain and how they are called is not blinded. It lives 90 days, or until expiresAt, two years at most, and opens nothing once the "
                + "dataset is public. A dataset has 20 live ones at most.")
            .Refuses(400, 401, 403, 404, 409, 410, 422);
        group.MapDelete("/{id}", RevokeAsync).WithSummary("Revokes an access key at once").Refuses(401, 403, 404, 410);
        return routes;
    }

    private static async Task<Ok<Page<AccessKeyResponse>>> ListAsync(string accession, HttpContext http, IDatasetStore datasets, AccessKeyDesk desk, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Page<AccessKeyResponse>([.. (await desk.ListAsync(dataset.Accession, ct)).Keys.Select(AccessKeyResponse.Of)], null));
    }

    private static async Task<Created<NewAccessKeyResponse>> AddAsync(
        string accession, NewAccessKeyRequest request, HttpContext http, IDatasetStore datasets, AccessKeyDesk desk, BaseAddress address, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share);
        if (dataset.State == DatasetState.Released) throw new ArchiveException(Problems.AlreadyPublic, "Everybody reads a public dataset: a key would open nothing.");
        var (made, key) = await desk.AddAsync(dataset.Accession, request.Name, request.ExpiresAt, http.RequireAccount(), ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new NewAccessKeyResponse(
            made.Id, made.Name, made.CreatedAt, made.ExpiresAt, key, address.To($"/datasets/{dataset.Accession}?{ReviewAccess.Parameter}={key}"), BlindViewResponse.StandardWarnings));
    }

    private static async Task<NoContent> RevokeAsync(string accession, string id, HttpContext http, IDatasetStore datasets, AccessKeyDesk desk, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share);
        return await desk.RevokeAsync(dataset.Accession, id, http.RequireAccount(), ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
    }
}

/// <summary>An access key to make.</summary>
/// <param name="Name">Whom it is for, 100 characters at most.</param>
/// <param name="ExpiresAt">From then on it opens nothing; in 90 days when left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewAccessKeyRequest(string? Name = null, DateTimeOffset? ExpiresAt = null);

/// <summary>An access key.</summary>
/// <param name="Id">Names it; it is no secret.</param>
/// <param name="Name">Whom it is for.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="ExpiresAt">From then on it opens nothing (UTC).</param>
/// <param name="LastUsed">The last day (UTC) on which it opened something; null when it never did.</param>
/// <param name="RevokedAt">When it was revoked (UTC); null unless it was.</param>
internal sealed record AccessKeyResponse(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateOnly? LastUsed, DateTimeOffset? RevokedAt)
{
    public static AccessKeyResponse Of(AccessKey key) => new(key.Id, key.Name, key.CreatedAt, key.ExpiresAt, key.LastUsedOn, key.RevokedAt);
}

/// <summary>A new access key.</summary>
/// <param name="Key">22 characters, told this once.</param>
/// <param name="Address">The address to hand to reviewers.</param>
/// <param name="Warnings">What the blind view does not hide.</param>
internal sealed record NewAccessKeyResponse(
    string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Key, string Address, IReadOnlyList<string> Warnings);
