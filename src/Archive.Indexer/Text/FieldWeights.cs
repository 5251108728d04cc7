namespace Archive.Indexer.Text;

/// <summary>
/// What an occurrence of a word counts in each field of one dataset: the field's weight, less in long prose and more in short. Held
/// against fixed lengths, not against those of the other datasets: what is written of a dataset stays right whatever comes beside it.
/// </summary>
internal static class FieldWeights
{
    /// <summary>Parts of a weight of 1.</summary>
    public const int Unit = 8;

    /// <summary>What an occurrence in a title counts: once, as in a text of that title alone.</summary>
    public static readonly int Title = Unit * TextFields.All[TextFields.Find("title")].Weight;

    // Three tenths of what counts go by length. More would bury whoever describes much: a long record says more, not the same more often.
    private const long ByLength = 3;
    private const long Parts = 10;

    /// <summary>What an occurrence counts.</summary>
    /// <param name="field">Number of the field.</param>
    /// <param name="words">How many words the dataset has in it.</param>
    /// <returns>1 to 255, in parts of a weight.</returns>
    public static byte Of(int field, int words)
    {
        var (weight, usual) = (TextFields.All[field].Weight * Unit, TextFields.All[field].UsualWords);
        if (usual == 0) return (byte)weight;
        // Whole numbers, to the nearest: the same on every machine.
        var length = ((Parts - ByLength) * usual) + (ByLength * words);
        return (byte)Math.Max(1, ((2 * weight * Parts * usual) + length) / (2 * length));
    }
}
