using System.Text;
using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Archive.Api.Documentation;

/// <summary>The description of the API, from the code: OpenAPI 3.1 at /openapi.yaml, and a page to try it at /swagger.</summary>
internal static class DocumentationEndpoints
{
    private const string Document = "v1";

    public static IServiceCollection AddDocumentation(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "Archive",
                Version = Document,
                Description = "Deposit, find and download bioimage datasets. Times are UTC, sizes are in bytes, errors are problem+json with a stable code. "
                    + "Every address here and every page that answers GET answers HEAD likewise, without the body. "
                    + "What is no sound HTTP is refused by the server itself, without a body: 400 for a NUL in the address or a bad header line, 414 for an "
                    + "address above 8 KB, 431 for header fields above 32 KB.",
                License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            });
            foreach (var type in new[] { typeof(AccountId), typeof(DraftId), typeof(SubmissionId), typeof(Accession), typeof(ArchivePath), typeof(Orcid) })
                options.MapType(type, () => new OpenApiSchema { Type = JsonSchemaType.String });
            options.SupportNonNullableReferenceTypes();
            options.DocInclusionPredicate((_, api) => !HeadAnswers.IsImplied(api));
            options.CustomOperationIds(api => OperationId(api.HttpMethod ?? "", api.RelativePath ?? ""));
            options.AddSecurityDefinition("bearer", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The token that POST /api/sessions answers, or an API token of POST /api/accounts/me/tokens.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] });
            if (Path.Combine(AppContext.BaseDirectory, "Archive.Api.xml") is var comments && File.Exists(comments)) options.IncludeXmlComments(comments);
        });
        return services;
    }

    public static IEndpointRouteBuilder MapDocumentation(this IEndpointRouteBuilder routes)
    {
        // Made once: it takes a noticeable part of a second and does not change while the process lives.
        string? text = null;
        routes.MapGet("/openapi.yaml", (ISwaggerProvider provider) => TypedResults.Text(text ??= Write(provider), "application/yaml; charset=utf-8"))
            .ExcludeFromDescription().WithMetadata(new IgnoresSignIn());
        return routes;
    }

    /// <summary>The page to try the API at.</summary>
    public static void UseDocumentation(this WebApplication app) => app.UseSwaggerUI(options =>
    {
        options.DocumentTitle = "Archive API";
        options.SwaggerEndpoint("/openapi.yaml", "Archive");
    });

    // get + api/drafts/{id}/files/{**path} = getDraftsByIdFilesByPath: a name that generated clients can use for a method.
    private static string OperationId(string method, string path)
    {
        var name = new StringBuilder(method.ToLowerInvariant());
        foreach (var part in path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(p => p == "api"))
        {
            if (part[0] == '{') name.Append("By");
            foreach (var word in part.Split(':')[0].Split(['{', '}', '*', '.', '-'], StringSplitOptions.RemoveEmptyEntries))
                name.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
        }
        return name.ToString();
    }

    private static string Write(ISwaggerProvider provider)
    {
        using var text = new StringWriter();
        provider.GetSwagger(Document).SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiYamlWriter(text));
        return text.ToString();
    }
}
