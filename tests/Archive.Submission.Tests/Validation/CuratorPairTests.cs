using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.TestKit;

namespace Archive.Submission.Tests.Validation;

/// <summary>
/// What a curator changed by hand in a published record, found by comparing the record with the curator's: at each place that was changed
/// a rule must have found something.
/// </summary>
[TestClass]
public sealed class CuratorPairTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Check_WhenACuratorCorrectedIt_FindsEachPlace()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var pairs = Directory.EnumerateFiles(Path.Combine(Repository.RealData!, "pagetab"), "*_original.json", SearchOption.AllDirectories)
            .Select(original => (Original: original, Override: original.Replace("_original.json", "_override.json", StringComparison.Ordinal)))
            .Where(p => File.Exists(p.Override)).ToList();
        Assert.IsNotEmpty(pairs);
        foreach (var (original, corrected) in pairs)
        {
            var before = await ReadAsync(original);
            var changes = Changes(before, await ReadAsync(corrected)).ToList();
            var found = RuleDocument.Check(before).Findings;

            foreach (var (place, what) in changes) TestContext.WriteLine($"{Path.GetFileName(original)} {place} {what}");
            var unseen = changes.Where(c => !found.Any(f => f.Place == c.Place && Explains(f.Rule!, c.What))).ToList();
            Assert.IsEmpty(unseen, string.Join('\n', unseen));
            Assert.IsGreaterThan(10, changes.Count, "S-BIAD677 alone has more");
        }
    }

    // A rule speaks of a change when it is about what was added: 'biosample-title' of a Title, 'component-associations' of Associations.
    private static bool Explains(string rule, string what) => what == "moved"
        ? rule == "sections-placed"
        : rule.EndsWith("-" + what.ToLowerInvariant(), StringComparison.Ordinal);

    /// <summary>Every place of the first document that the second has otherwise: an attribute more, another parent, a kind of child more.</summary>
    private static IEnumerable<(string Place, string What)> Changes(PageTabDocument before, PageTabDocument after)
    {
        var left = Sections(after).ToList();
        var pairs = new List<(PageTabSection Section, PageTabSection? Parent, string Place, PageTabSection? Same, PageTabSection? SameParent)>();
        foreach (var (section, parent, place) in Sections(before))
        {
            // The same section says the same, whatever was added to it; the accession is the program's.
            var same = left.FirstOrDefault(s => s.Section.Type == section.Type && section.Attributes.All(a => s.Section.Attributes.Any(b => b.Name == a.Name && b.Value == a.Value)));
            left.Remove(same);
            pairs.Add((section, parent, place, same.Section, same.Parent));
        }
        // What is left after that is new.
        var made = left.Select(l => l.Section).ToHashSet<PageTabSection>(ReferenceEqualityComparer.Instance);
        foreach (var (section, parent, place, same, sameParent) in pairs)
        {
            if (same is null)
            {
                yield return (place, "replaced");
                continue;
            }
            if (sameParent?.Type != parent?.Type) yield return (place, "moved");
            foreach (var added in same.Attributes.Select(a => a.Name).Except(section.Attributes.Select(a => a.Name))) yield return (place, added);
            foreach (var added in Children(same).Where(made.Contains).Select(c => c.Type).Distinct()) yield return (place, added);
        }
    }

    private static IEnumerable<(PageTabSection Section, PageTabSection? Parent, string Place)> Sections(PageTabDocument document)
    {
        var parents = new Dictionary<PageTabSection, PageTabSection>(ReferenceEqualityComparer.Instance);
        foreach (var at in SectionWalk.Over(document))
        {
            foreach (var child in Children(at.Section)) parents[child] = at.Section;
            yield return (at.Section, parents.GetValueOrDefault(at.Section), at.Place);
        }
    }

    private static IEnumerable<PageTabSection> Children(PageTabSection section) => section.Subsections.SelectMany(s => s.Items);

    private async Task<PageTabDocument> ReadAsync(string file) => await RuleDocument.ReadAsync(await File.ReadAllTextAsync(file, TestContext.CancellationToken), TestContext.CancellationToken);
}
