using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace Archive.Api.Http;

/// <summary>
/// Has every address that answers GET answer HEAD as well (RFC 9110, section 9.3.2). The handler runs as for GET, and the server
/// sends nothing of what it writes; a handler whose body is long, or never ends, looks at the method itself.
/// </summary>
internal static class HeadAnswers
{
    /// <summary>Routes that are mapped into the answer get HEAD beside GET.</summary>
    public static RouteGroupBuilder MapAnsweringHead(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { HttpMethods: [var only] } || !HttpMethods.IsGet(only)) return;
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            endpoint.Metadata.Add(new Implied());
        });
        return group;
    }

    /// <summary>Whether an operation is such a HEAD, which the description of the API does not repeat beside its GET.</summary>
    public static bool IsImplied(ApiDescription api) =>
        HttpMethods.IsHead(api.HttpMethod ?? "") && api.ActionDescriptor.EndpointMetadata.OfType<Implied>().Any();

    private sealed class Implied;
}
