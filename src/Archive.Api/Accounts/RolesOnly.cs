using Archive.Model.Accounts;

namespace Archive.Api.Accounts;

/// <summary>
/// Keeps addresses for a role. Judged before a body is read and anything is looked up, so that others are told the same whatever there is
/// at the address.
/// </summary>
internal static class RolesOnly
{
    /// <summary>Requires a sign-in, and refuses accounts of other roles.</summary>
    public static TBuilder For<TBuilder>(this TBuilder routes, Role role)
        where TBuilder : IEndpointConventionBuilder => routes
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(context => (context.Resource as HttpContext)?.Account()?.Role == role))
            .WithMetadata(new RequiredRole(role));
}

/// <summary>The role that an address is kept for, for the words of its refusal.</summary>
internal sealed record RequiredRole(Role Role);
