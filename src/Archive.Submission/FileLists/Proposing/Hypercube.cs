using System.Globalization;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>One dimension of a hypercube.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Size">How many values it has: of numbers as many as from the first to the last, seen or not.</param>
/// <param name="First">Of numbers: 0 when it was seen, else 1, since indices count from there; null for texts.</param>
/// <param name="Last">Of numbers: the largest seen; null for texts.</param>
/// <param name="Values">The values seen, in order; at most 1,000.</param>
/// <param name="ValuesOmitted">How many more were seen.</param>
public sealed record HypercubeDimension(string Name, long Size, int? First, int? Last, IReadOnlyList<string> Values, long ValuesOmitted);

/// <summary>The hypercube that the names of files span.</summary>
/// <param name="Dimensions">In the order of the rule.</param>
/// <param name="Planes">Product of the dimensions' sizes.</param>
/// <param name="PlanesFound">Planes that a file was found for.</param>
/// <param name="Missing">Planes without a file, as values in the order of the dimensions; the first 1,000.</param>
/// <param name="MissingOmitted">How many more are missing.</param>
/// <param name="FilesRepeated">Files of planes that another file has already.</param>
public sealed record HypercubeReport(
    IReadOnlyList<HypercubeDimension> Dimensions, long Planes, long PlanesFound, IReadOnlyList<IReadOnlyList<string>> Missing, long MissingOmitted, long FilesRepeated);

/// <summary>Collects the planes of a hypercube in 16 bytes each, and finds those that are missing by sorting: its own size does not matter.</summary>
internal sealed class Hypercube
{
    /// <summary>Dimensions that one has at most.</summary>
    public const int MaxDimensions = 8;

    private const int MaxValues = 100_000;
    private const int MaxListed = 1000;
    private const int ChunkPlanes = 1 << 14;

    private readonly Dimension[] dimensions;
    private readonly int bits;
    private readonly List<UInt128[]> chunks = [];
    private int count;

    /// <summary>An empty one.</summary>
    /// <param name="fields">1 to <see cref="MaxDimensions"/> fields.</param>
    public Hypercube(IReadOnlyList<NameField> fields)
    {
        dimensions = [.. fields.Select(f => new Dimension(f))];
        bits = Math.Min(31, 128 / dimensions.Length);
    }

    /// <summary>Why it cannot be told of; null as long as it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Adds a file's plane.</summary>
    public void Add(Func<int, string> valueOf)
    {
        if (Fault is not null) return;
        UInt128 code = 0;
        for (var i = 0; i < dimensions.Length; i++)
        {
            var id = dimensions[i].IdOf(valueOf(i));
            if (dimensions[i].ValueCount > MaxValues || id >= 1L << bits)
            {
                Fault = $"The field '{dimensions[i].Name}' has more values, or larger ones, than a dimension can have: name the dimensions without it.";
                chunks.Clear();
                return;
            }
            code = (code << bits) | (uint)id;
        }
        if (count % ChunkPlanes == 0) chunks.Add(new UInt128[ChunkPlanes]);
        chunks[^1][count++ % ChunkPlanes] = code;
    }

    /// <summary>What was found; null with <see cref="Fault"/> set when that cannot be told.</summary>
    public HypercubeReport? Report()
    {
        if (Fault is not null || count == 0) return null;
        foreach (var dimension in dimensions) dimension.Complete();
        var planes = dimensions.Aggregate(UInt128.One, (product, d) => product > long.MaxValue ? product : product * (UInt128)d.Size);
        if (planes > long.MaxValue)
        {
            Fault = "The hypercube would have more planes than can be counted: name fewer dimensions.";
            return null;
        }
        var ranks = new long[count];
        for (var i = 0; i < count; i++) ranks[i] = Rank(chunks[i / ChunkPlanes][i % ChunkPlanes]);
        chunks.Clear();
        Array.Sort(ranks);
        var found = 0L;
        var missing = new List<IReadOnlyList<string>>();
        var next = 0L;
        foreach (var rank in ranks)
        {
            if (rank < next) continue;
            List(missing, next, rank);
            found++;
            next = rank + 1;
        }
        List(missing, next, (long)planes);
        return new([.. dimensions.Select(d => d.Describe(MaxListed))], (long)planes, found, missing, (long)planes - found - missing.Count, count - found);
    }

    // The planes from one rank up to before another have no file.
    private void List(List<IReadOnlyList<string>> missing, long from, long to)
    {
        for (; from < to && missing.Count < MaxListed; from++)
        {
            var plane = new string[dimensions.Length];
            var rest = from;
            for (var i = plane.Length - 1; i >= 0; i--)
            {
                plane[i] = dimensions[i].ValueAt(rest % dimensions[i].Size);
                rest /= dimensions[i].Size;
            }
            missing.Add(plane);
        }
    }

    private long Rank(UInt128 code)
    {
        var rank = 0L;
        for (var i = 0; i < dimensions.Length; i++)
        {
            var id = (int)((code >> (bits * (dimensions.Length - 1 - i))) & ((UInt128.One << bits) - 1));
            rank = (rank * dimensions[i].Size) + dimensions[i].PlaceOf(id);
        }
        return rank;
    }

    /// <summary>Values of one dimension: a number is its own id, texts have theirs by order of appearance.</summary>
    private sealed class Dimension(NameField of)
    {
        private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
        private readonly HashSet<int> numbers = [];
        private string[] sorted = [];
        private int[] places = [];
        private int first;
        private int last;

        public string Name => of.Name;

        public int ValueCount => of.IsNumber ? numbers.Count : ids.Count;

        public long Size => of.IsNumber ? (long)last - first + 1 : sorted.Length;

        public int IdOf(string value)
        {
            if (of.IsNumber)
            {
                var number = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                numbers.Add(number);
                return number;
            }
            if (!ids.TryGetValue(value, out var id)) ids[value] = id = ids.Count;
            return id;
        }

        public void Complete()
        {
            if (of.IsNumber)
            {
                (first, last) = (numbers.Contains(0) ? 0 : 1, numbers.Max());
                return;
            }
            sorted = [.. ids.Keys];
            Array.Sort(sorted, Archive.Model.Files.ArchivePath.Compare);
            places = new int[sorted.Length];
            for (var i = 0; i < sorted.Length; i++) places[ids[sorted[i]]] = i;
        }

        public long PlaceOf(int id) => of.IsNumber ? id - first : places[id];

        public string ValueAt(long place) => of.IsNumber ? (first + place).ToString(CultureInfo.InvariantCulture) : sorted[place];

        public HypercubeDimension Describe(int most) => of.IsNumber
            ? new(Name, Size, first, last, [.. numbers.Order().Take(most).Select(n => n.ToString(CultureInfo.InvariantCulture))], Math.Max(0, numbers.Count - most))
            : new(Name, Size, null, null, [.. sorted.Take(most)], Math.Max(0, sorted.Length - most));
    }
}
