using Archive.Model.PageTab;

namespace Archive.Submissions.Validation;

/// <summary>Walks the sections of a page tab.</summary>
internal static class SectionWalk
{
    /// <summary>Accessions of all sections with their JSON paths, in document order.</summary>
    public static IEnumerable<(string Accession, string Place)> Accessions(PageTabDocument document)
    {
        var open = new Stack<(PageTabSection Section, string Place)>();
        if (document.Section is not null) open.Push((document.Section, "$.section"));
        while (open.TryPop(out var at))
        {
            if (at.Section.Accession is { Length: > 0 } accession) yield return (accession, at.Place + ".accno");
            for (var i = at.Section.Subsections.Count - 1; i >= 0; i--)
            {
                var entry = at.Section.Subsections[i];
                for (var row = entry.Items.Count - 1; row >= 0; row--)
                    open.Push((entry.Items[row], entry.IsTable ? $"{at.Place}.subsections[{i}][{row}]" : $"{at.Place}.subsections[{i}]"));
            }
        }
    }
}
