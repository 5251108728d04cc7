namespace Archive.Indexer.Format;

/// <summary>Walks over many sorted lists as if they were one, with the places where each entry stands.</summary>
internal sealed class ListMerge<TOrder>
    where TOrder : struct, IByteOrder
{
    private readonly FrontCodedList.Walker[] walkers;
    private readonly int[] heap;
    private readonly byte[] current = new byte[FrontCodedList.MaxEntryBytes];
    private readonly List<(int List, int Index)> places = [];
    private int currentLength;
    private int heapLength;

    public ListMerge(IReadOnlyList<FrontCodedList> lists)
    {
        walkers = new FrontCodedList.Walker[lists.Count];
        heap = new int[lists.Count];
        for (var i = 0; i < lists.Count; i++)
        {
            walkers[i] = lists[i].Walk(0);
            if (!walkers[i].MoveNext()) continue;
            heap[heapLength++] = i;
            Up(heapLength - 1);
        }
    }

    /// <summary>The current entry; valid until the next move.</summary>
    public ReadOnlySpan<byte> Current => current.AsSpan(0, currentLength);

    /// <summary>Where the current entry stands, in order of the lists.</summary>
    public IReadOnlyList<(int List, int Index)> Places => places;

    /// <summary>Moves to the next different entry; false at the end.</summary>
    public bool MoveNext()
    {
        if (heapLength == 0) return false;
        places.Clear();
        var first = walkers[heap[0]].Current;
        first.CopyTo(current);
        currentLength = first.Length;
        while (heapLength > 0 && walkers[heap[0]].Current.SequenceEqual(Current))
        {
            places.Add((heap[0], walkers[heap[0]].Index));
            if (!walkers[heap[0]].MoveNext()) heap[0] = heap[--heapLength];
            Down();
        }
        return true;
    }

    // Equal entries come out in order of their lists.
    private bool IsBefore(int a, int b)
    {
        var order = TOrder.Compare(walkers[a].Current, walkers[b].Current);
        return order < 0 || (order == 0 && a < b);
    }

    private void Up(int at)
    {
        for (; at > 0 && IsBefore(heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2)
            (heap[at], heap[(at - 1) / 2]) = (heap[(at - 1) / 2], heap[at]);
    }

    private void Down()
    {
        for (var at = 0; ;)
        {
            var least = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < heapLength; child++)
                if (IsBefore(heap[child], heap[least]))
                    least = child;
            if (least == at) return;
            (heap[at], heap[least]) = (heap[least], heap[at]);
            at = least;
        }
    }
}
