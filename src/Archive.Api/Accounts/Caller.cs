using Archive.Api.Errors;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;

namespace Archive.Api.Accounts;

/// <summary>What the sender of a request may see. What he may not see is told as absent.</summary>
internal static class Caller
{
    /// <summary>The sign-in of the request, or null for a stranger.</summary>
    public static Account? Account(this HttpContext http) => http.Features.Get<SignIn>()?.Account;

    /// <summary>The account of a request that an endpoint with required sign-in handles.</summary>
    public static Account RequireAccount(this HttpContext http) =>
        http.Account() ?? throw new ArchiveException(Problems.SignInRequired, "Sign in first.");

    /// <summary>Whether the account may read and write the draft; curators help their depositors.</summary>
    public static bool MayUse(this Account account, Draft draft) => draft.Owner == account.Id || account.Role is Role.Curator;

    /// <summary>Whether the account may see the submission.</summary>
    public static bool MayUse(this Account account, Submission submission) => submission.Owner == account.Id || account.Role is Role.Curator;

    /// <summary>Whether the caller may read the dataset: everybody what is released, its owner also what is private, curators all.</summary>
    public static bool MayRead(this Account? account, Dataset dataset) =>
        dataset.State == DatasetState.Released ||
        (account is not null && (account.Role is Role.Curator || (dataset.State == DatasetState.Private && dataset.Owner == account.Id)));

    /// <summary>Whether the caller may see what was done to the dataset, which he may read.</summary>
    public static bool MayFollow(this Account account, Dataset dataset) => dataset.Owner == account.Id || account.Role is Role.Curator;

    /// <summary>
    /// Whether the account may revise the dataset: its owner, and curators. Those with whom it is shared as editors are to be added here.
    /// </summary>
    public static bool MayEdit(this Account account, Dataset dataset) => dataset.Owner == account.Id || account.Role is Role.Curator;

    /// <summary>Whether the caller may read a version: everybody those that were public, who may read a private dataset also the others.</summary>
    public static bool MayRead(this Account? account, Dataset dataset, CommittedVersion version) =>
        dataset.IsOpen(version) || (account is not null && (account.Role is Role.Curator || (dataset.State != DatasetState.Withdrawn && account.MayEdit(dataset))));

    /// <summary>The account as it changes something.</summary>
    public static Editor AsEditor(this Account account) => new(account.Id, account.Role);

    /// <summary>Refuses a request whose token is worth nothing, so that an ended sign-in is never taken for a stranger's visit.</summary>
    public static async Task RefuseBadTokenAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<BadToken>() is null || http.GetEndpoint()?.Metadata.GetMetadata<IgnoresSignIn>() is not null)
        {
            await next(http);
            return;
        }
        await ProblemAnswer.WriteAsync(http, Problems.SessionExpired, "The token is unknown or has expired.");
    }
}

/// <summary>Marks an endpoint that answers alike whatever token comes with the request.</summary>
internal sealed class IgnoresSignIn;
