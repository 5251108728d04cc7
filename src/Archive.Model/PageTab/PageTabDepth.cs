namespace Archive.Model.PageTab;

/// <summary>How deep a document nests as JSON: what other forms give is stored as that, and read again.</summary>
internal static class PageTabDepth
{
    /// <summary>The JSON path of the first section in which something stands deeper than <see cref="PageTabLimits.MaxDepth"/>; null for none.</summary>
    public static string? TooDeep(PageTabDocument document) => document.Section is null ? null : TooDeep(document.Section, 2, "$.section");

    // The path is made on the way back from where it is too deep.
    private static string? TooDeep(PageTabSection section, int depth, string place)
    {
        if (depth > PageTabLimits.MaxDepth || depth + Of(section.Attributes) > PageTabLimits.MaxDepth) return place;
        foreach (var files in section.Files)
            foreach (var file in files.Items)
                if (depth + Rows(files.IsTable) + Of(file.Attributes) > PageTabLimits.MaxDepth)
                    return place + ".files";
        foreach (var links in section.Links)
            foreach (var link in links.Items)
                if (depth + Rows(links.IsTable) + Of(link.Attributes) > PageTabLimits.MaxDepth)
                    return place + ".links";
        for (var i = 0; i < section.Subsections.Count; i++)
            foreach (var child in section.Subsections[i].Items)
                if (TooDeep(child, depth + Rows(section.Subsections[i].IsTable), "") is { } below)
                    return $"{place}.subsections[{i}]{below}";
        return null;
    }

    private static int Rows(bool isTable) => isTable ? 3 : 2;

    // An array and its objects; qualifiers are the same again.
    private static int Of(IReadOnlyList<PageTabAttribute> attributes)
    {
        if (attributes.Count == 0) return 0;
        foreach (var attribute in attributes)
            if (attribute.NameQualifiers.Count > 0 || attribute.ValueQualifiers.Count > 0)
                return 4;
        return 2;
    }
}

/// <summary>There are more items than are allowed.</summary>
internal sealed class PageTabOverfullException : Exception;

/// <summary>Something stands deeper than is allowed.</summary>
internal sealed class PageTabTooDeepException(string place) : Exception
{
    /// <summary>Where.</summary>
    public string Place { get; } = place;
}
