using System.Globalization;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>A wish that was read and found sound.</summary>
/// <param name="Name">The list's path.</param>
/// <param name="Rule">Reads names.</param>
/// <param name="Kept">Indices of the fields that become columns.</param>
/// <param name="Dimensions">Indices of the fields that span the hypercube; none when there are too many to choose from.</param>
/// <param name="Folder">The folder, or null.</param>
/// <param name="Filter">The filter, or null.</param>
internal sealed record ProposalPlan(ArchivePath Name, NameRule Rule, int[] Kept, int[] Dimensions, ArchivePath? Folder, PathFilter? Filter)
{
    // What stands before the dimensions in the names that microscopes write; files that differ in nothing else are the same plane twice.
    private const string NoDimension = "prefix";

    /// <summary>Reads a wish.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Unprocessable"/> with everything that is wrong in <c>findings</c>.</exception>
    public static ProposalPlan Read(ProposalWish wish)
    {
        var findings = new FindingList();
        var name = ReadPath(wish.Name, "name", findings);
        var folder = wish.Folder is { Length: > 0 } given ? ReadPath(given.TrimEnd('/'), "folder", findings) : null;
        var filter = wish.Filter is null ? null : PathFilter.Read(wish.Filter, findings);
        if (wish.Pattern is not null && (wish.Separator is not null || wish.Positions is not null))
            findings.Error("rule-twice", "pattern", "Give a pattern, or a separator with positions, and not both.");
        var ofRule = new FindingList();
        NameRule? rule = wish.Pattern is not null ? NamePattern.Read(wish.Pattern, ofRule) : NameParts.Read(wish.Separator, wish.Positions, ofRule);
        findings.Add(ofRule.ToReport());
        var dimensions = rule is null ? [] : ReadDimensions(wish.Dimensions, rule, findings);
        if (!findings.HasErrors)
            return new(name!.Value, rule!, [.. Enumerable.Range(0, rule!.Fields.Count).Where(i => rule.Fields[i].IsKept)], dimensions, folder, filter);
        var report = findings.ToReport();
        throw new ArchiveException(
            Problems.Unprocessable, report.Findings.Count == 1 ? report.Findings[0].Message : $"{report.Findings.Count} things are wrong; findings lists them.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = report.Findings });
    }

    private static ArchivePath? ReadPath(string text, string place, FindingList findings)
    {
        if (ArchivePath.Check(text) is not { } fault) return ArchivePath.Parse(text, CultureInfo.InvariantCulture);
        findings.Error("path-invalid", place, fault);
        return null;
    }

    private static int[] ReadDimensions(IReadOnlyList<string>? names, NameRule rule, FindingList findings)
    {
        if (names is null)
        {
            var all = Enumerable.Range(0, rule.Fields.Count)
                .Where(i => rule.Fields[i].IsKept && !rule.Fields[i].Name.Equals(NoDimension, StringComparison.OrdinalIgnoreCase)).ToArray();
            return all.Length <= Hypercube.MaxDimensions ? all : [];
        }
        if (names.Count > Hypercube.MaxDimensions)
            findings.Error("dimensions-too-many", "dimensions", $"A hypercube has at most {Hypercube.MaxDimensions} dimensions.");
        var found = new List<int>();
        for (var i = 0; i < names.Count && i <= Hypercube.MaxDimensions; i++)
        {
            var index = rule.Fields.ToList().FindIndex(f => f.Name == names[i]);
            if (index < 0) findings.Error("dimension-unknown", $"dimensions[{i}]", $"'{names[i]}' is no field of the rule.");
            else if (found.Contains(index)) findings.Error("dimension-repeated", $"dimensions[{i}]", $"'{names[i]}' is named twice.");
            found.Add(index);
        }
        return [.. found];
    }
}
