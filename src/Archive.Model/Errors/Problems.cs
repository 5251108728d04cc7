namespace Archive.Model.Errors;

/// <summary>One row of the catalogue of errors. Its address is <c>/problems/{Code}</c>.</summary>
/// <param name="Code">Stable, lower case with hyphens.</param>
/// <param name="Status">The HTTP status that it is told with.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Remedy">What the caller can do; shown on the problem's page.</param>
public sealed record Problem(string Code, int Status, string Title, string Remedy);

/// <summary>The catalogue of errors: every row stands in a part of this class named for its noun.</summary>
public static partial class Problems
{
    /// <summary>All rows, by code.</summary>
    public static IReadOnlyDictionary<string, Problem> ByCode => Catalogue.ByCode;

    // A class of its own, because the parts of a partial class run their initialisers in no order that can be relied on: this one
    // runs when it is first asked for, when all rows are there.
    private static class Catalogue
    {
        public static readonly IReadOnlyDictionary<string, Problem> ByCode = typeof(Problems)
            .GetFields().Where(f => f.FieldType == typeof(Problem))
            .Select(f => (Problem)f.GetValue(null)!)
            .ToDictionary(p => p.Code, StringComparer.Ordinal);
    }
}
