namespace Archive.Indexer.Text;

/// <summary>
/// The words of paths and attribute values: folded runs of letters and digits, each once whole: <c>img_P0001/DAPI.tiff</c> has
/// <c>img</c>, <c>p0001</c>, <c>dapi</c> and <c>tiff</c>. No stemming: values are names, not prose.
/// </summary>
internal ref struct WordSplitter
{
    /// <summary>Longer words are cut here, in the index as in queries.</summary>
    public const int MaxLength = 64;

    private readonly ReadOnlySpan<char> text;
    private readonly Span<char> buffer;
    private int at;
    private int length;

    /// <param name="text">What is split.</param>
    /// <param name="buffer">Room for <see cref="MaxLength"/> + <see cref="Folding.MaxGrowth"/> characters.</param>
    public WordSplitter(ReadOnlySpan<char> text, Span<char> buffer)
    {
        this.text = text;
        this.buffer = buffer;
    }

    /// <summary>Room that a splitter needs.</summary>
    public static int BufferLength => MaxLength + Folding.MaxGrowth;

    /// <summary>The current word; valid until the next move.</summary>
    public readonly ReadOnlySpan<char> Current => buffer[..length];

    /// <summary>Moves to the next word; false at the end.</summary>
    public bool MoveNext()
    {
        do
        {
            while (at < text.Length && !Folding.IsWord(text[at])) at++;
            if (at == text.Length) return false;
            length = 0;
            for (; at < text.Length && Folding.IsWord(text[at]); at++)
                if (length < MaxLength)
                    length = Folding.Append(text[at], buffer, length);
        }
        while (length == 0);
        return true;
    }

    /// <summary>All words of a text.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var splitter = new WordSplitter(text, stackalloc char[BufferLength]);
        while (splitter.MoveNext()) words.Add(splitter.Current.ToString());
        return words;
    }
}
