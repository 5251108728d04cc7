using System.Text.Json.Serialization;

namespace Archive.Model.Submissions;

/// <summary>How much a finding weighs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Worth knowing; stops nothing.</summary>
    Warning,

    /// <summary>Must be mended before the dataset is accepted.</summary>
    Error,
}

/// <summary>One thing found in what a depositor sent.</summary>
/// <param name="Severity">Whether it stops the submission.</param>
/// <param name="Code">Stable and lower case with hyphens, such as <c>file-missing</c>.</param>
/// <param name="Place">Where: a JSON path, a line range, a file list with its row, or a file's path.</param>
/// <param name="Message">What is wrong and what to do, one or two sentences.</param>
/// <param name="Fix">A proposed value; empty where leaving it out is proposed; null where there is nothing to propose.</param>
/// <param name="Rule">The rule that found it, such as <c>file-lists</c>; null for what is no rule's, such as a request that cannot be read.</param>
public sealed record Finding(Severity Severity, string Code, string Place, string Message, string? Fix = null, string? Rule = null);

/// <summary>Everything found in one check.</summary>
/// <param name="Findings">Errors before warnings, each in document order; at most 1,000.</param>
/// <param name="Omitted">How many more there were.</param>
public sealed record ValidationReport(IReadOnlyList<Finding> Findings, long Omitted)
{
    /// <summary>Whether nothing stops the submission.</summary>
    [JsonIgnore]
    public bool IsAcceptable => Findings.All(f => f.Severity != Severity.Error);
}
