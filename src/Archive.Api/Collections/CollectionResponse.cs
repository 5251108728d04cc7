using Archive.Model;
using Archive.Model.Datasets;

namespace Archive.Api.Collections;

/// <summary>A collection, with what holds in it, its parents' settings among it.</summary>
/// <param name="Id">The name used in addresses and in <c>AttachTo</c>.</param>
/// <param name="Title">The name shown to people.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="Parent">The collection that it is part of, or null.</param>
/// <param name="Children">The collections that are part of it.</param>
/// <param name="AccessionPrefix">The part before the number of its accessions.</param>
/// <param name="AccessionTemplate">How its accessions look, such as <c>S-BIAR{n}</c>.</param>
/// <param name="ReleasePolicy">Whether datasets wait for a curator: <c>direct</c>, <c>first-by-curator</c> or <c>curator</c>.</param>
/// <param name="RuleSet">What metadata are held against: see /api/rule-sets.</param>
/// <param name="Attach">Who may deposit into it: <c>everyone</c>, <c>named</c> or <c>curators</c>.</param>
internal sealed record CollectionResponse(string Id, string Title, string Description, string? Parent, IReadOnlyList<string> Children,
    string? AccessionPrefix, string? AccessionTemplate, string ReleasePolicy, string RuleSet, string Attach)
{
    /// <summary>E-mail addresses of the accounts that it names; told to operators only, and by the collection itself.</summary>
    public IReadOnlyList<string>? Accounts { get; init; }

    public static CollectionResponse Of(Collection collection, CollectionCatalogue catalogue)
    {
        var rules = catalogue.RulesOf(collection.Id);
        return new(collection.Id, collection.Title, collection.Description, collection.Parent, [.. catalogue.Children(collection.Id).Select(c => c.Id)],
            rules.AccessionPrefix, rules.AccessionPrefix is { } prefix ? Archive.Model.Datasets.AccessionTemplate.Of(prefix).ToString() : null,
            KebabCase.Text(rules.ReleasePolicy), rules.RuleSet, KebabCase.Text(rules.Attach));
    }
}
