namespace Archive.Indexer.Columns;

/// <summary>Small numbers, one a row, in as few bytes each as the largest needs.</summary>
internal sealed class OrdinalList
{
    private byte[]? small = new byte[64];
    private ushort[]? medium;
    private int[]? large;

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    public int this[int row] => small is not null ? small[row] : medium is not null ? medium[row] : large![row];

    public void Add(int ordinal)
    {
        if (small is not null && ordinal > byte.MaxValue) Widen();
        if (medium is not null && ordinal > ushort.MaxValue) Widen();
        if (small is not null)
        {
            if (Count == small.Length) Array.Resize(ref small, Count * 2);
            small[Count++] = (byte)ordinal;
        }
        else if (medium is not null)
        {
            if (Count == medium.Length) Array.Resize(ref medium, Count * 2);
            medium[Count++] = (ushort)ordinal;
        }
        else
        {
            if (Count == large!.Length) Array.Resize(ref large, Count * 2);
            large[Count++] = ordinal;
        }
    }

    /// <summary>Adds several rows of one ordinal.</summary>
    public void Add(int ordinal, int times)
    {
        for (; times > 0; times--) Add(ordinal);
    }

    /// <summary>Adds rows without a value up to a number of rows.</summary>
    public void PadTo(int rows)
    {
        while (Count < rows) Add(0);
    }

    private void Widen()
    {
        if (small is not null)
        {
            medium = Array.ConvertAll(small, x => (ushort)x);
            small = null;
        }
        else
        {
            large = Array.ConvertAll(medium!, x => (int)x);
            medium = null;
        }
    }
}
