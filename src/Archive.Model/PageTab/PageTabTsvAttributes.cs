namespace Archive.Model.PageTab;

/// <summary>Collects attributes with their qualifiers, whether they come as lines or as cells of a row.</summary>
internal sealed class PageTabTsvAttributes
{
    private readonly List<PageTabAttribute> attributes = [];
    private readonly List<PageTabQualifier> ofName = [];
    private readonly List<PageTabQualifier> ofValue = [];
    private (string Name, string? Value, bool Reference)? open;

    /// <summary>Whether an attribute is there that qualifiers can belong to.</summary>
    public bool HasOpen => open is not null;

    /// <summary>Begins an attribute.</summary>
    public void Begin(string name, string? value, bool reference)
    {
        Close();
        open = (name, value, reference);
    }

    /// <summary>Gives the attribute begun last a qualifier.</summary>
    public void Qualify(PageTabNameKind kind, string name, string? value) =>
        (kind == PageTabNameKind.NameQualifier ? ofName : ofValue).Add(new(name, value));

    /// <summary>Everything since the last taking.</summary>
    public PageTabAttribute[] Take()
    {
        Close();
        var taken = attributes.ToArray();
        attributes.Clear();
        return taken;
    }

    private void Close()
    {
        if (open is { } o) attributes.Add(new(o.Name, o.Value, o.Reference, ofName.Count == 0 ? [] : ofName.ToArray(), ofValue.Count == 0 ? [] : ofValue.ToArray()));
        open = null;
        ofName.Clear();
        ofValue.Clear();
    }
}
