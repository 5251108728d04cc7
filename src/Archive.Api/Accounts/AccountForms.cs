using Archive.Api.Http;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>
/// What the pages behind the links of mails send. Each form carries the token or the address itself and no sign-in is looked at, so
/// another site's page gains nothing by sending one.
/// </summary>
internal static class AccountForms
{
    private const long MaxBytes = 16 * 1024;

    public static IEndpointRouteBuilder MapAccountForms(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/account").ExcludeFromDescription().WithMetadata(new IgnoresSignIn());
        group.MapPost("/confirm", ConfirmAsync);
        group.MapPost("/password", RequestAsync).RequireRateLimiting(RateLimits.Mails);
        group.MapPost("/password/new", ResetAsync).RequireRateLimiting(RateLimits.Passwords);
        return routes;
    }

    private static Task<StatusCodeHttpResult> ConfirmAsync(HttpContext http, AccountDesk desk, CancellationToken ct) =>
        AnswerAsync(http, "confirmed", form => desk.ConfirmAsync(form["token"].ToString().Trim(), ct), ct);

    private static Task<StatusCodeHttpResult> RequestAsync(HttpContext http, AccountDesk desk, TimeProvider clock, CancellationToken ct) =>
        AnswerAsync(http, "password-sent", async form =>
        {
            var (findings, email) = (new List<Finding>(), form["email"].ToString().Trim());
            AccountRules.CheckEmail(findings, email);
            if (findings.Count > 0) throw Refusal.Of(findings);
            await AccountEndpoints.InEqualTimeAsync(clock, () => desk.RequestResetAsync(email, ct), ct);
        }, ct);

    private static Task<StatusCodeHttpResult> ResetAsync(HttpContext http, AccountDesk desk, CancellationToken ct) =>
        AnswerAsync(http, "password-changed", async form =>
        {
            var (findings, password) = (new List<Finding>(), form["password"].ToString());
            AccountRules.CheckPassword(findings, password);
            if (findings.Count > 0) throw Refusal.Of(findings);
            await desk.ResetAsync(form["token"].ToString().Trim(), password, ct);
        }, ct);

    // See other: the token leaves the address line, and a reload sends nothing twice.
    private static async Task<StatusCodeHttpResult> AnswerAsync(HttpContext http, string done, Func<IFormCollection, Task> work, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > MaxBytes)
            throw new ArchiveException(Problems.BadRequest, "This takes the form of the page, and nothing longer.");
        try
        {
            await work(await http.Request.ReadFormAsync(ct));
        }
        catch (ArchiveException refused) when (refused.Problem.Status < 500)
        {
            return SeeOther(http, $"/problems/{refused.Problem.Code}");
        }
        return SeeOther(http, $"/account/done/{done}");
    }

    private static StatusCodeHttpResult SeeOther(HttpContext http, string address)
    {
        http.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
