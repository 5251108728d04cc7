using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Drafts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Sharing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Sharing;

/// <summary>Gives drafts and datasets another owner.</summary>
internal static class OwnerEndpoints
{
    private const string About = "By its owner this is an offer: the person is told by mail and may accept within 14 days; an address without an account is answered like any other, "
        + "and another offer takes its place. By a curator it is done at once. The former owner reads it no more while it is not public, unless it is shared with him.";

    public static IEndpointRouteBuilder MapOwners(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/api/drafts/{id}/owner").WithTags("Drafts").RequireAuthorization();
        drafts.MapPost("", GiveDraftAsync).WithSummary("Gives a draft another owner").WithDescription(About).Refuses(400, 401, 403, 404, 409, 422);
        drafts.MapDelete("", KeepDraftAsync).WithSummary("Takes the offer of a draft back").Refuses(401, 403, 404);
        drafts.MapPost("/acceptance", AcceptDraftAsync).WithSummary("Accepts a draft that was offered")
            .WithDescription("What it has staged counts for its new owner, whose quota has to have room for it.").Refuses(401, 404, 409, 413);
        var datasets = routes.MapGroup("/api/datasets/{accession}/owner").WithTags("Datasets").RequireAuthorization();
        datasets.MapPost("", GiveDatasetAsync).WithSummary("Gives a dataset another owner").WithDescription(About).Refuses(400, 401, 403, 404, 409, 410, 422);
        datasets.MapDelete("", KeepDatasetAsync).WithSummary("Takes the offer of a dataset back").Refuses(401, 403, 404, 410);
        datasets.MapPost("/acceptance", AcceptDatasetAsync).WithSummary("Accepts a dataset that was offered")
            .WithDescription("With its open revision, which counts for its new owner, whose quota has to have room for it.").Refuses(401, 404, 409, 413);
        return routes;
    }

    private static async Task<Ok<OwnerResponse>> GiveDraftAsync(string id, OwnerRequest request, HttpContext http, IDraftStore drafts, IAccountStore accounts, OwnershipDesk desk, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Transfer);
        // A revision belongs to whom its dataset does.
        if (draft.IsRevision) throw new ArchiveException(Problems.Conflict, $"The draft revises {draft.Accession}: give that another owner.");
        return await GiveAsync(SharedThing.Of(draft.Id), draft.Owner, request, http, accounts, desk,
            async to => await desk.TransferAsync(draft.Id, to, null, http.RequireAccount(), ct) is not null, ct);
    }

    private static async Task<Ok<OwnerResponse>> GiveDatasetAsync(
        string accession, OwnerRequest request, HttpContext http, IDatasetStore datasets, IAccountStore accounts, OwnershipDesk desk, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Transfer);
        return await GiveAsync(SharedThing.Of(dataset.Accession), dataset.Owner, request, http, accounts, desk,
            async to => await desk.TransferAsync(dataset.Accession, to, null, http.RequireAccount(), ct) is not null, ct);
    }

    private static async Task<NoContent> KeepDraftAsync(string id, HttpContext http, IDraftStore drafts, OwnershipDesk desk, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Transfer);
        return await desk.TakeBackAsync(SharedThing.Of(draft.Id), http.RequireAccount(), ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
    }

    private static async Task<NoContent> KeepDatasetAsync(string accession, HttpContext http, IDatasetStore datasets, OwnershipDesk desk, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Transfer);
        return await desk.TakeBackAsync(SharedThing.Of(dataset.Accession), http.RequireAccount(), ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
    }

    private static async Task<Ok<OwnerResponse>> AcceptDraftAsync(string id, HttpContext http, IDraftStore drafts, OwnershipDesk desk, CancellationToken ct)
    {
        var account = http.RequireAccount();
        if (!DraftId.TryParse(id, null, out var draft)) throw StatusPages.NotFound();
        if (await desk.AcceptAsync(SharedThing.Of(draft), account, async from => await desk.TransferAsync(draft, account, from, account, ct) is not null, ct))
            return TypedResults.Ok(OwnerResponse.Of(account));
        // The repetition of a request whose answer was lost.
        return await drafts.FindAsync(draft, ct) is { } own && own.Owner == account.Id ? TypedResults.Ok(OwnerResponse.Of(account)) : throw StatusPages.NotFound();
    }

    private static async Task<Ok<OwnerResponse>> AcceptDatasetAsync(string accession, HttpContext http, IDatasetStore datasets, OwnershipDesk desk, CancellationToken ct)
    {
        var account = http.RequireAccount();
        if (!Accession.TryParse(accession, null, out var known)) throw StatusPages.NotFound();
        if (await desk.AcceptAsync(SharedThing.Of(known), account, async from => await desk.TransferAsync(known, account, from, account, ct) is not null, ct))
            return TypedResults.Ok(OwnerResponse.Of(account));
        return await datasets.FindAsync(known, ct) is { } own && own.Owner == account.Id ? TypedResults.Ok(OwnerResponse.Of(account)) : throw StatusPages.NotFound();
    }

    private static async Task<Ok<OwnerResponse>> GiveAsync(
        SharedThing thing, AccountId owner, OwnerRequest request, HttpContext http, IAccountStore accounts, OwnershipDesk desk, Func<Account, Task<bool>> transfer, CancellationToken ct)
    {
        var (account, findings, email) = (http.RequireAccount(), new List<Finding>(), request.Email?.Trim());
        AccountRules.CheckEmail(findings, email);
        if (findings.Count == 0 && await accounts.FindAsync(owner, ct) is { } own && own.Email.Equals(email, StringComparison.OrdinalIgnoreCase))
            findings.Add(new(Severity.Error, "owner", "$.email", "It belongs to this address already."));
        if (findings.Count > 0) throw Refusal.Of(findings);
        if (account.Role is Role.Curator)
        {
            var to = await DraftsForOthers.RequireAsync(accounts, email!, "$.email", ct);
            return await transfer(to) ? TypedResults.Ok(OwnerResponse.Of(to)) : throw StatusPages.NotFound();
        }
        var offer = await desk.OfferAsync(thing, owner, email!, account, ct);
        return TypedResults.Ok(new OwnerResponse("Offered", offer.Email, offer.ExpiresAt));
    }
}

/// <summary>Who is to be the owner.</summary>
/// <param name="Email">His address.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OwnerRequest(string? Email);

/// <summary>Whose something is, or is offered to be.</summary>
/// <param name="State">Offered or Transferred.</param>
/// <param name="Email">The address that is meant.</param>
/// <param name="ExpiresAt">Until when the offer can be accepted (UTC); null when it is done.</param>
internal sealed record OwnerResponse(string State, string Email, DateTimeOffset? ExpiresAt)
{
    public static OwnerResponse Of(Account owner) => new("Transferred", owner.Email, null);
}
