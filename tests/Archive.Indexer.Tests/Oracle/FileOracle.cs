using System.Globalization;
using System.Text.RegularExpressions;
using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>Answers file queries by looking at every file.</summary>
internal sealed partial class FileOracle
{
    private readonly List<Row> rows;

    public FileOracle(FakeFeed feed) => rows =
        [.. feed.Public.Order().SelectMany(a => feed[a].Files.OrderBy(f => f.Path.Value, StringComparer.Ordinal).Select(f => new Row(a, f)))];

    public (List<string> Hits, List<FacetResult> Facets) Search(FileQuery query, QueryTree? tree)
    {
        var found = rows.Where(r => (query.Accession is null || r.Accession == query.Accession) && (tree is null || IsHit(tree, r))).ToList();
        bool Passes(Row row, string? except) =>
            query.Filters.All(f => f.Name == except || f.Values.Any(v => row.Has(f.Name, v)))
            && query.Ranges.All(r => r.Name == except || row.IsWithin(r));
        var hits = found.Where(r => Passes(r, null)).ToList();
        Sort(hits, query.Sort ?? "@path");
        var facets = new List<FacetResult>();
        foreach (var name in query.Facets)
        {
            var counted = found.Where(r => Passes(r, name)).ToList();
            var values = counted.SelectMany(r => r.Values(name)).GroupBy(v => v).Select(g => new FacetValue(g.Key, g.Count())).OrderByDescending(v => v.Count)
                .ThenBy(v => v.Value, Comparer<string>.Create(name == "@dataset" ? (a, b) => Accession.Parse(a, null).CompareTo(Accession.Parse(b, null)) : CompareValues))
                .ToList();
            var best = values.Take(query.FacetSize).ToList();
            foreach (var value in query.Filters.Where(f => f.Name == name).SelectMany(f => f.Values).Distinct())
                if (!best.Exists(b => b.Value == value))
                    best.Add(values.Find(v => v.Value == value) ?? new FacetValue(value, 0));
            facets.Add(new FacetResult(name, "", best, counted.Count(r => r.Values(name).Count == 0), values.Count)
            {
                Type = TypeOf(name, query.Accession),
                Min = TypeOf(name, query.Accession) == FacetType.Text ? null : values.Select(v => v.Value).Order(Comparer<string>.Create(CompareValues)).FirstOrDefault(),
                Max = TypeOf(name, query.Accession) == FacetType.Text ? null : values.Select(v => v.Value).OrderDescending(Comparer<string>.Create(CompareValues)).FirstOrDefault(),
            });
        }
        return (hits.ConvertAll(h => $"{h.Accession}/{h.File.Path}"), facets);
    }

    /// <summary>What all values of an attribute are, in the files that a query is of.</summary>
    private FacetType TypeOf(string name, Accession? accession)
    {
        var values = rows.Where(r => accession is null || r.Accession == accession).SelectMany(r => r.Values(name)).Distinct().ToList();
        return values.Count == 0 || name == "@dataset" ? FacetType.Text
            : values.TrueForAll(v => IsNumber(v, out _)) ? FacetType.Number : values.TrueForAll(IsDate) ? FacetType.Date : FacetType.Text;
    }

    private static bool IsNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && text.Trim() == text;

    private static bool IsDate(string? text) => text is not null && DatePattern().IsMatch(text);

    private static DateTime Start(string text) => DateTime.Parse(text.TrimEnd('Z'), CultureInfo.InvariantCulture);

    private static DateTime End(string text) => text.TrimEnd('Z').Length switch
    {
        10 => Start(text).AddDays(1),
        16 => Start(text).AddMinutes(1),
        19 => Start(text).AddSeconds(1),
        var length => Start(text).AddTicks((long)Math.Pow(10, 27 - length)),
    };

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?Z?)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DatePattern();

    /// <summary>Numbers first, by size and then by spelling; then words by code point.</summary>
    public static int CompareValues(string a, string b)
    {
        var isA = double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && a.Trim() == a;
        var isB = double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && b.Trim() == b;
        if (isA != isB) return isA ? -1 : 1;
        return isA && x != y ? x.CompareTo(y) : string.CompareOrdinal(a, b);
    }

    private static void Sort(List<Row> hits, string sort)
    {
        var sign = sort[0] == '-' ? -1 : 1;
        var name = sort.TrimStart('-');
        int ByPlace(Row a, Row b) => a.Accession != b.Accession ? a.Accession.CompareTo(b.Accession) : string.CompareOrdinal(a.File.Path.Value, b.File.Path.Value);
        hits.Sort((a, b) =>
        {
            if (name == "@path") return sign * ByPlace(a, b);
            if (name == "@size") return a.File.LengthBytes != b.File.LengthBytes ? sign * a.File.LengthBytes.CompareTo(b.File.LengthBytes) : ByPlace(a, b);
            var x = a.Values(name).Order(Comparer<string>.Create(CompareValues)).FirstOrDefault();
            var y = b.Values(name).Order(Comparer<string>.Create(CompareValues)).FirstOrDefault();
            var order = x is null || y is null ? (x is null ? 1 : 0) - (y is null ? 1 : 0) : sign * CompareValues(x, y);
            return order != 0 ? order : ByPlace(a, b);
        });
    }

    private static bool IsHit(QueryTree tree, Row row) => tree switch
    {
        AllTree all => all.Parts.All(p => IsHit(p, row)),
        AnyTree any when any.Parts.Any(p => p is PlusTree) => any.Parts.OfType<PlusTree>().All(p => IsHit(p.Part, row)),
        AnyTree any => any.Parts.Any(p => IsHit(p, row)),
        NoTree no => !IsHit(no.Part, row),
        WordTree word => Row.Split(word.Text).All(row.Words.Contains),
        PrefixTree prefix => row.Words.Any(w => w.StartsWith(Row.Split(prefix.Text).Single(), StringComparison.Ordinal)),
        BoostTree boost => IsHit(boost.Part, row),
        AnythingTree => true,
        // Words end where it has another character than letters, digits and wild ones; stars alone say nothing.
        WildTree wild => wild.Pattern.Split('-').Where(p => p.Trim('*').Length > 0).All(p => row.Words.Any(w => DatasetOracle.Glob(p).IsMatch(w))),
        FuzzyTree fuzzy => Row.Split(fuzzy.Text).All(t => row.Words.Any(w => w[0] == t[0] && DatasetOracle.Edits(w, t) <= Math.Min(fuzzy.Edits, t.Length - 1))),
        _ => throw new NotSupportedException(),
    };

    private sealed partial class Row(Accession accession, SearchFile file)
    {
        public Accession Accession => accession;

        public SearchFile File => file;

        public HashSet<string> Words { get; } = [.. Split(file.Path.Value), .. Split(file.Format), .. file.Attributes.SelectMany(a => Split(a.Value))];

        public List<string> Values(string name) => name switch
        {
            "@format" => [file.Format],
            "@dataset" => [accession.ToString()],
            _ => [.. file.Attributes.Where(a => a.Name == name && !string.IsNullOrWhiteSpace(a.Value)).Select(a => a.Value).Distinct()],
        };

        public bool Has(string name, string value) => name switch
        {
            "@path" => value.EndsWith('/') ? file.Path.Value.StartsWith(value, StringComparison.Ordinal) : file.Path.Value == value,
            "@size" => file.LengthBytes.ToString() == value,
            _ => Values(name).Contains(value),
        };

        public bool IsWithin(FileRange range)
        {
            var isOfDates = IsDate(range.Min) || IsDate(range.Max);
            var values = range.Name == "@size" ? [file.LengthBytes.ToString()] : Values(range.Name);
            return values.Any(v =>
                (!isOfDates && IsNumber(v, out var n) && n >= (range.Min is null ? double.MinValue : double.Parse(range.Min)) && n <= (range.Max is null ? double.MaxValue : double.Parse(range.Max)))
                || ((isOfDates || (range.Min is null && range.Max is null)) && IsDate(v)
                    && (range.Min is null || Start(v) >= Start(range.Min)) && (range.Max is null || Start(v) < End(range.Max))));
        }

        public static List<string> Split(string text)
        {
            var folded = text.ToLowerInvariant().Replace('ü', 'u').Replace('ï', 'i').Replace('é', 'e');
            return [.. WordPattern().Matches(folded).Select(m => m.Value)];
        }

        [GeneratedRegex("[a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex WordPattern();
    }
}
