using Archive.Model.Errors;

namespace Archive.Indexer.Searching;

/// <summary>What hits are sorted by.</summary>
/// <param name="Name">A key or an attribute.</param>
/// <param name="IsDescending">Whether from high to low. Hits without a value come last either way.</param>
internal readonly record struct SortRequest(string Name, bool IsDescending)
{
    public static SortRequest Parse(string text) => text.StartsWith('-') ? new SortRequest(text[1..], true) : new SortRequest(text, false);

    /// <summary>A refusal that says what may be.</summary>
    public static ArchiveException Refuse(string parameter, string detail) => new(
        Problems.SearchParameter, $"The parameter {parameter} {detail}", new Dictionary<string, object?>(StringComparer.Ordinal) { ["parameter"] = parameter });

    public override string ToString() => (IsDescending ? "-" : "") + Name;
}
