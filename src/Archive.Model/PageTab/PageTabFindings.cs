using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>Collects what is wrong in a document, each with the path of the place where the reader stands.</summary>
internal sealed class PageTabFindings
{
    private readonly FindingList found = new();

    /// <summary>Where the reader stands.</summary>
    public PageTabPlace Place { get; } = new();

    /// <summary>Adds an error.</summary>
    /// <param name="property">A property of the place that it is about, or null for the place itself.</param>
    public void Error(string code, string message, string? property = null)
    {
        if (found.TryOmitError()) return;
        var place = Place.ToString();
        found.Error(code, property is null ? place : $"{place}.{property}", message);
    }

    /// <summary>Everything so far.</summary>
    public ValidationReport ToReport() => found.ToReport();
}
