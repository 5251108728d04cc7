using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model;
using Archive.Model.Accounts;
using Archive.Model.Rules;
using Archive.Storage.Metadata;
using Archive.Submissions.Collections;
using Archive.Submissions.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Collections;

/// <summary>The rules that metadata and files are held against, and the sets that collections choose among.</summary>
internal static class RuleEndpoints
{
    public static IEndpointRouteBuilder MapRules(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/rules", ListRules).WithTags("Rules").WithSummary("Every rule, with its own severity and parameters");
        var group = routes.MapGroup("/api/rule-sets").WithTags("Rules");
        group.MapGet("", ListAsync).WithSummary("All rule sets by name");
        group.MapGet("/{id}", GetAsync).WithSummary("A rule set: the severity of each rule, and parameters").Refuses(404);
        group.MapPut("/{id}", PutAsync).For(Role.Operator).WithSummary("Adds or replaces a rule set, for operators")
            .WithDescription("Rules that it does not name are off; those that protect the archive are errors in every set. The answer to a wrong one lists everything that is wrong.")
            .Produces<RuleSetResponse>(StatusCodes.Status201Created).Refuses(400, 401, 403, 409, 422);
        group.MapDelete("/{id}", DeleteAsync).For(Role.Operator).WithSummary("Removes a rule set, for operators")
            .WithDescription("One that comes with the archive is then as it came.").Refuses(401, 403, 404, 409);
        return routes;
    }

    private static Ok<Page<RuleResponse>> ListRules() => TypedResults.Ok(new Page<RuleResponse>([.. RuleCatalogue.All.Select(RuleResponse.Of)], null));

    private static async Task<Ok<Page<RuleSetResponse>>> ListAsync(ICollectionStore collections, CancellationToken ct)
    {
        var stored = (await collections.ReadAsync(ct)).RuleSets;
        var all = BuiltInRuleSets.All.Values.Where(b => stored.All(s => s.Id != b.Id)).Concat(stored).OrderBy(r => r.Id, StringComparer.Ordinal);
        return TypedResults.Ok(new Page<RuleSetResponse>([.. all.Select(RuleSetResponse.Of)], null));
    }

    private static async Task<Ok<RuleSetResponse>> GetAsync(string id, ICollectionStore collections, CancellationToken ct)
    {
        var stored = (await collections.ReadAsync(ct)).RuleSets.FirstOrDefault(r => r.Id == id);
        return TypedResults.Ok(RuleSetResponse.Of(stored ?? BuiltInRuleSets.All.GetValueOrDefault(id) ?? throw StatusPages.NotFound()));
    }

    private static async Task<Results<Ok<RuleSetResponse>, Created<RuleSetResponse>>> PutAsync(string id, RuleSetForm form, CollectionDesk desk, CancellationToken ct)
    {
        var (set, isNew, report) = await desk.PutRuleSetAsync(id, form, ct);
        if (set is null) throw Refusal.Of(report.Findings);
        return isNew ? TypedResults.Created($"/api/rule-sets/{id}", RuleSetResponse.Of(set)) : TypedResults.Ok(RuleSetResponse.Of(set));
    }

    private static async Task<NoContent> DeleteAsync(string id, CollectionDesk desk, CancellationToken ct) =>
        await desk.RemoveRuleSetAsync(id, ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
}

/// <summary>A rule.</summary>
/// <param name="Name">Stands in what it finds.</param>
/// <param name="About">What it asks for.</param>
/// <param name="Severity">What it weighs where a set does not say: <c>error</c> or <c>warning</c>.</param>
/// <param name="IsProtective">Whether it is an error in every set and cannot be turned off.</param>
/// <param name="Fix">What its findings propose; empty for nothing.</param>
/// <param name="Parameters">Numbers that a set may give it.</param>
internal sealed record RuleResponse(string Name, string About, string Severity, bool IsProtective, string Fix, IReadOnlyList<RuleParameter> Parameters)
{
    public static RuleResponse Of(Rule rule) => new(rule.Name, rule.About, KebabCase.Text(rule.Severity), rule.IsProtective, rule.Fix, rule.Parameters);
}

/// <summary>A rule set.</summary>
/// <param name="Id">The name that collections refer to.</param>
/// <param name="Title">The name shown to people.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsBuiltIn">Whether it comes with the archive, edited or not.</param>
/// <param name="Rules">By the name of the rule; rules that are not named are off, but for those that protect the archive.</param>
internal sealed record RuleSetResponse(string Id, string Title, string Description, bool IsBuiltIn, IReadOnlyDictionary<string, RuleEntryForm?> Rules)
{
    public static RuleSetResponse Of(RuleSet set) => new(set.Id, set.Title, set.Description, BuiltInRuleSets.All.ContainsKey(set.Id), RuleSetForm.Of(set).Rules!);
}
