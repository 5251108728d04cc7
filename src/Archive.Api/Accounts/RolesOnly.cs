using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Accounts;

/// <summary>
/// Keeps addresses for a role. Judged before anything is looked up, so that others are told the same whatever there is at the address; put
/// it behind a required sign-in.
/// </summary>
internal static class RolesOnly
{
    /// <summary>Refuses accounts of other roles.</summary>
    public static TBuilder For<TBuilder>(this TBuilder routes, Role role)
        where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilter(async (context, next) =>
            context.HttpContext.RequireAccount().Role == role
                ? await next(context)
                : throw new ArchiveException(Problems.Forbidden, $"This needs the role {role}."));
}
