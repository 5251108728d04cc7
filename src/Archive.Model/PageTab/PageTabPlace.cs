using System.Globalization;
using System.Text;

namespace Archive.Model.PageTab;

/// <summary>Where a reader stands in a document. The path's text is made only for a finding: most items have none.</summary>
internal sealed class PageTabPlace
{
    // A level of JSON adds one step at most, and the last may be a property of text.
    private readonly (string? Name, int Index)[] steps = new (string?, int)[PageTabLimits.MaxDepth + 2];
    private int depth;

    /// <summary>Goes to a property.</summary>
    public void Enter(string name) => steps[depth++] = (name, 0);

    /// <summary>Goes to the first element of an array.</summary>
    public void EnterElements() => steps[depth++] = (null, 0);

    /// <summary>Goes to the next element.</summary>
    public void MoveOn() => steps[depth - 1].Index++;

    /// <summary>Goes back to the owner.</summary>
    public void Leave() => depth--;

    /// <summary>The JSON path.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("$");
        foreach (var (name, index) in steps.AsSpan(0, depth))
        {
            if (name is not null) text.Append('.').Append(name);
            else text.Append(CultureInfo.InvariantCulture, $"[{index}]");
        }
        return text.ToString();
    }
}
