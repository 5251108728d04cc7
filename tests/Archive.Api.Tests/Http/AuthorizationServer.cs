using System.Text.RegularExpressions;
using Archive.Api.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Archive.Api.Tests.Http;

/// <summary>The routes that the archive has, read from the application itself as it is put together for a start.</summary>
internal static partial class AuthorizationServer
{
    private static readonly Lazy<IReadOnlyList<(string Method, string Pattern)>> Read = new(ReadAll);

    /// <summary>Method and pattern of each, pages among them.</summary>
    public static IReadOnlyList<(string Method, string Pattern)> Routes => Read.Value;

    /// <summary>The name of the folder that style sheets and icons stand in.</summary>
    public static string Fingerprint { get; private set; } = "";

    /// <summary>The methods of a row of the table: that of a GET are HEAD, too, where the route answers it.</summary>
    public static IEnumerable<string> MethodsOf(AuthorizedRoute row) => row.Method == "GET" && Routes.Contains(("HEAD", row.Pattern)) ? ["GET", "HEAD"] : [row.Method];

    private static List<(string Method, string Pattern)> ReadAll()
    {
        // The name is that of the assembly which has the pages; a test's host has another.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(Composition).Assembly.GetName().Name });
        builder.AddArchive(Settings.Read([]));
        var app = builder.Build();
        app.UseArchive();
        var found = new List<(string, string)>();
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            var pattern = "/" + endpoint.RoutePattern.RawText?.Trim('/');
            if (Folder().Match(pattern) is { Success: true } match) (Fingerprint, pattern) = (match.Groups["name"].Value, pattern.Replace(match.Groups["name"].Value, "{fingerprint}", StringComparison.Ordinal));
            var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            found.AddRange((methods.Count == 0 ? ["any method"] : methods).Select(method => (method, pattern)));
        }
        return [.. found.Distinct()];
    }

    [GeneratedRegex("^/assets/(?<name>[0-9a-f]{16})/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Folder();
}
