namespace Archive.Model.Submissions;

/// <summary>Collects findings up to <see cref="MaxKept"/> and counts the rest; an error never gives way to a warning. Not thread-safe.</summary>
/// <param name="ruleOf">Gives the rule, by code, that stands in findings which are added without one; null for none.</param>
public sealed class FindingList(Func<string, string?>? ruleOf = null)
{
    /// <summary>How many findings a report holds.</summary>
    public const int MaxKept = 1000;

    private readonly List<Finding> errors = [];
    private readonly List<Finding> warnings = [];
    private readonly HashSet<Finding> kept = [];
    private long found;

    /// <summary>Whether an error was added.</summary>
    public bool HasErrors => errors.Count > 0;

    /// <summary>How many findings were added, kept or only counted.</summary>
    public long Found => found;

    /// <summary>Adds a finding, unless the very same is kept already: checks may overlap.</summary>
    public void Add(Finding finding)
    {
        if (finding.Rule is null && ruleOf?.Invoke(finding.Code) is { } rule) finding = finding with { Rule = rule };
        if (kept.Contains(finding)) return;
        found++;
        var list = finding.Severity == Severity.Error ? errors : warnings;
        if (list.Count >= MaxKept) return;
        list.Add(finding);
        kept.Add(finding);
    }

    /// <summary>Adds an error.</summary>
    public void Error(string code, string place, string message, string? fix = null) =>
        Add(new Finding(Severity.Error, code, place, message, fix));

    /// <summary>
    /// Counts an error that a report has no room for, so that its text need not be made: a hostile document has hundreds of thousands.
    /// False when it is to be added.
    /// </summary>
    public bool TryOmitError()
    {
        if (errors.Count < MaxKept) return false;
        found++;
        return true;
    }

    /// <summary>Adds a warning.</summary>
    public void Warn(string code, string place, string message, string? fix = null) =>
        Add(new Finding(Severity.Warning, code, place, message, fix));

    /// <summary>Adds everything of another report.</summary>
    public void Add(ValidationReport report)
    {
        foreach (var finding in report.Findings) Add(finding);
        found += report.Omitted;
    }

    /// <summary>The report so far: errors first, each kind in the order added, and how many were left out.</summary>
    public ValidationReport ToReport()
    {
        var report = errors.Concat(warnings).Take(MaxKept).ToList();
        return new(report, found - report.Count);
    }
}
