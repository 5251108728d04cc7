namespace Archive.Model.Search;

/// <summary>How the values of a facet are compared, and whether they have bounds.</summary>
public enum FacetType
{
    /// <summary>Words: each value is counted.</summary>
    Text,

    /// <summary>Numbers: a range may be chosen.</summary>
    Number,

    /// <summary>Days, written <c>2024-12-31</c>: a range may be chosen.</summary>
    Date,
}
