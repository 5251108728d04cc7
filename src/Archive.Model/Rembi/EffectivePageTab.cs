using Archive.Model.Datasets;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// The page tab that is given back: the text as sent, but for the accession and the release date that hold. Nothing else of it changes,
/// neither what the archive does not know nor how it is laid out.
/// </summary>
public static class EffectivePageTab
{
    /// <summary>
    /// Puts accession and release date in. The date goes wherever an attribute of the submission or of its section is one; without one it
    /// is added to the submission.
    /// </summary>
    /// <param name="checkedText">A page tab that was found acceptable, or what this gave of one.</param>
    /// <param name="releaseDate">UTC; null leaves the dates as they are.</param>
    /// <returns>A text of its own.</returns>
    public static PageTabText Of(PageTabText checkedText, Accession accession, DateTimeOffset? releaseDate)
    {
        var edits = new EffectiveEdits($"\"{accession}\"", releaseDate is { } date ? $"\"{ReleaseDates.Write(date)}\"" : null).Find(checkedText.Bytes);
        var text = PageTabText.Begin();
        try
        {
            var (rest, at) = (checkedText.Bytes, 0L);
            foreach (var edit in edits)
            {
                text.Append(rest.Slice(0, edit.Start - at));
                text.Append(new(edit.Replacement));
                rest = rest.Slice(edit.Start - at + edit.Length);
                at = edit.Start + edit.Length;
            }
            text.Append(rest);
            return text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }
}
