using Archive.Api.Accounts;
using Archive.Api.Curation;
using Archive.Api.Drafts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Submissions;

/// <summary>Checking and submitting drafts, and following what becomes of them.</summary>
internal static class SubmissionEndpoints
{
    public static IEndpointRouteBuilder MapSubmissions(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/api/drafts/{id}").WithTags("Drafts").RequireAuthorization();
        drafts.MapPost("/validation", ValidateAsync).WithSummary("Checks a draft without submitting it")
            .WithDescription("Everything that is found, errors before warnings, each with its place. Takes as long as the file lists are long; an account has two checks at once.").Refuses(401, 404, 503);
        drafts.MapPost("/submission", SubmitAsync).WithSummary("Submits a draft")
            .WithDescription("The accession in the answer may be cited at once. Repeating the request gives the same answer.").Refuses(401, 403, 404, 409, 422, 503);
        var group = routes.MapGroup("/api/submissions").WithTags("Submissions").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The caller's submissions, newest first")
            .WithDescription("Of findings an item has the number only; the submission itself lists them.").Refuses(401);
        group.MapGet("/{id}", GetAsync).WithSummary("A submission: state, progress, findings and history").Refuses(401, 404);
        group.MapDelete("/{id}", CancelAsync).WithSummary("Cancels a submission that is not published yet")
            .WithDescription("After 202 it is never published. Once publishing has begun, the answer is 409.").Refuses(401, 403, 404, 409);
        group.MapGet("/{id}/events", WatchAsync).WithSummary("A submission's states as server-sent events")
            .WithDescription("Each event is the whole state. The stream ends with the submission.")
            .Produces<SubmissionResponse>(StatusCodes.Status200OK, "text/event-stream").Refuses(401, 404, 503);
        return routes;
    }

    private static async Task<Ok<ValidationResponse>> ValidateAsync(
        string id, HttpContext http, IDraftStore drafts, SubmissionValidator validator, DraftChecks checks, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Read);
        using var place = checks.Enter(http.RequireAccount().Id);
        var longPlace = large.Enter(http.RequireAccount().Id, draft.PageTabBytes);
        return TypedResults.Ok(ValidationResponse.Of(await validator.CheckAsync(draft, http.RequireAccount().AsEditor(), longPlace, ct)));
    }

    private static async Task<Accepted<SubmittedResponse>> SubmitAsync(
        string id, HttpContext http, IDraftStore drafts, ISubmissionStore submissions, Submitter submitter, Standings standings, LargePageTabs large, CancellationToken ct)
    {
        var account = http.RequireAccount();
        if (!DraftId.TryParse(id, null, out var draftId)) throw StatusPages.NotFound();
        if (await DraftEndpoints.TryFindAsync(draftId, http, drafts, ct, DraftAct.Submit) is { } draft)
        {
            using var place = large.Enter(account.Id, draft.PageTabBytes);
            if (await submitter.SubmitAsync(draftId, draft.Owner, account.AsEditor(), ct) is { } outcome)
                return outcome.Submission is { } submission ? Submitted(submission) : throw Refused(outcome.Report);
        }
        // A draft that was published is gone, in this very moment perhaps: the repetition by whoever could submit it is still answered.
        if (await submissions.ListAsync(null, draftId, null, 1, ct) is not [var newest, ..] || !(await standings.OfAsync(account, newest, ct)).Allows(DraftAct.Submit))
            throw StatusPages.NotFound();
        return Submitted(newest);
    }

    private static Accepted<SubmittedResponse> Submitted(Submission submission) =>
        TypedResults.Accepted($"/api/submissions/{submission.Id}", new SubmittedResponse(submission.Id, submission.Accession, submission.Version));

    private static async Task<Ok<Page<SubmissionItem>>> ListAsync(
        HttpContext http, ISubmissionStore submissions, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size, 200);
        var found = await submissions.ListAsync(http.RequireAccount().Id, null, Paging.Key<SubmissionId>(cursor), count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, s => s.Id.ToString(), SubmissionItem.Of));
    }

    private static async Task<Ok<SubmissionResponse>> GetAsync(string id, HttpContext http, ISubmissionStore submissions, IDatasetStore datasets, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var submission = await FindAsync(id, http, submissions, ct);
        var dataset = submission.State == SubmissionState.Private ? await datasets.FindAsync(submission.Accession, ct) : null;
        return TypedResults.Ok(SubmissionResponse.Of(submission) with
        {
            Review = dataset?.Latest.Submission == submission.Id ? ReviewResponse.For(dataset, http.Account()) : null,
        });
    }

    private static async Task<Accepted<SubmissionResponse>> CancelAsync(
        string id, HttpContext http, ISubmissionStore submissions, IChangeSignal signal, CancellationToken ct)
    {
        var submission = await FindAsync(id, http, submissions, ct, DraftAct.Submit);
        var isAsked = await submissions.RequestCancelAsync(submission.Id, ct);
        var now = await submissions.FindAsync(submission.Id, ct) ?? submission;
        // Cancelling twice is no fault; only what is being published, was published or rejected cannot be cancelled any more.
        if (!isAsked && now.State != SubmissionState.Cancelled)
            throw new ArchiveException(Problems.SubmissionEnded, now.IsEnded ? "The submission has ended." : "The submission is being published.");
        await signal.SendAsync(SignalTopic.Submissions, ct);
        await signal.SendAsync(SignalTopic.Progress, ct);
        return TypedResults.Accepted($"/api/submissions/{now.Id}", SubmissionResponse.Of(now));
    }

    private static async Task<SubmissionEvents> WatchAsync(
        string id, HttpContext http, ISubmissionStore submissions, EventStreams streams, CancellationToken ct)
    {
        var submission = await FindAsync(id, http, submissions, ct);
        return new SubmissionEvents(submission, streams.Enter(http.RequireAccount().Id));
    }

    private static async Task<Submission> FindAsync(
        string id, HttpContext http, ISubmissionStore submissions, CancellationToken ct, DraftAct act = DraftAct.Read)
    {
        if (!SubmissionId.TryParse(id, null, out var submissionId) || await submissions.FindAsync(submissionId, ct) is not { } submission) throw StatusPages.NotFound();
        var standing = await http.RequestServices.GetRequiredService<Standings>().OfAsync(http.RequireAccount(), submission, ct);
        if (!standing.Allows(DraftAct.Read)) throw StatusPages.NotFound();
        return standing.Allows(act) ? submission : throw new ArchiveException(Problems.Forbidden, "The draft is shared with you to be read only.");
    }

    private static ArchiveException Refused(ValidationReport report)
    {
        var errors = report.Findings.Where(f => f.Severity == Severity.Error).ToList();
        var problem = errors is [{ Code: "release-date-missing" }, ..] ? Problems.ReleaseDateMissing : Problems.SubmissionRefused;
        var facts = Refusal.Facts(report.Findings);
        facts["omitted"] = report.Omitted;
        return new ArchiveException(problem, errors.Count == 1 ? errors[0].Message : $"{errors.Count} errors stand in the way; findings lists them.", facts);
    }
}
