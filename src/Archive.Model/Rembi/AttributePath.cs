using System.Diagnostics.CodeAnalysis;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// Where in a page tab values stand, as data: <c>Biosample/Biological entity</c> is that attribute of every section of that type, wherever
/// it lies. Both halves may name several, separated by <c>|</c>; <c>*</c> is every type, and <c>Submission</c> the submission itself.
/// Spelling is compared as everywhere: by letters and digits, without case.
/// </summary>
public sealed class AttributePath
{
    private const string Submission = "submission";

    private readonly string text;
    private readonly string[] kinds;
    private readonly string[] names;
    private readonly bool isEverywhere;

    private AttributePath(string text, string[] kinds, string[] names)
    {
        this.text = text;
        this.kinds = kinds;
        this.names = names;
        isEverywhere = kinds.Length == 0;
    }

    /// <summary>Reads a path; false when it has not exactly two halves, or one of them names nothing.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AttributePath? path)
    {
        ArgumentNullException.ThrowIfNull(text);
        path = null;
        var halves = text.Split('/');
        if (halves.Length != 2) return false;
        var attributes = Keys(halves[1]);
        var types = halves[0].Trim() == "*" ? [] : Keys(halves[0]);
        if (attributes.Concat(types).Any(key => key.Length == 0)) return false;
        path = new AttributePath(text, types, attributes);
        return true;
    }

    /// <summary>The values in document order that are not blank, trimmed; one may come again.</summary>
    public IEnumerable<string> Values(PageTabDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (isEverywhere || kinds.Contains(Submission, StringComparer.Ordinal))
            foreach (var attribute in document.Attributes)
                if (!string.IsNullOrWhiteSpace(attribute.Value) && names.Contains(SectionView.Key(attribute.Name), StringComparer.Ordinal))
                    yield return attribute.Value.Trim();
        if (document.Section is null) yield break;
        foreach (var section in new SectionView(document.Section, "$.section").Tree())
            if (isEverywhere || kinds.Contains(section.Kind, StringComparer.Ordinal))
                foreach (var value in section.Texts(names))
                    yield return value;
    }

    /// <inheritdoc/>
    public override string ToString() => text;

    private static string[] Keys(string half) => Array.ConvertAll(half.Split('|'), SectionView.Key);
}
