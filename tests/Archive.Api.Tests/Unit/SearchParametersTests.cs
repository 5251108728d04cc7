using Archive.Api.Search;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Archive.Api.Tests.Unit;

/// <summary>What a search may be asked for at once; more is refused, not left out.</summary>
[TestClass]
public sealed class SearchParametersTests
{
    [TestMethod]
    public void Read_AtTheLimits_TakesAll()
    {
        var query = Query([("facets", string.Join(',', Names(50))), .. Names(50).Select(n => ($"filter.{n}", "x")), .. Names(50).Select(n => ($"min.{n}", "1"))]);
        Assert.HasCount(50, SearchParameters.Facets(query));
        Assert.HasCount(50, SearchParameters.Selections(query, "filter."));
        Assert.HasCount(50, SearchParameters.Ranges(query));
        Assert.HasCount(50, SearchParameters.Bounds(query));
        Assert.HasCount(1, SearchParameters.Facets(Query([.. Enumerable.Repeat(("facets", "a,a"), 5000)])));
    }

    [TestMethod]
    public void Read_BeyondALimit_IsRefused()
    {
        Refuses(() => SearchParameters.Facets(Query([("facets", string.Join(',', Names(51)))])));
        Refuses(() => SearchParameters.Facets(Query([.. Names(10_000).Select(n => ("facets", n))])));
        Refuses(() => SearchParameters.Selections(Query([.. Names(51).Select(n => ($"filter.{n}", "x"))]), "filter."));
        Refuses(() => SearchParameters.Selections(Query([.. Names(501).Select(n => ("filter.a", n))]), "filter."));
        Refuses(() => SearchParameters.Ranges(Query([.. Names(51).Select(n => ($"max.{n}", "1"))])));
        Refuses(() => SearchParameters.Bounds(Query([.. Names(51).Select(n => ($"max.{n}", "1"))])));
    }

    [TestMethod]
    public void Exact_OfNamesThatDifferByCase_KeepsThemApart()
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString("?filter.Dose%20%C2%B5M=1&filter.dose%20%C2%B5M=a+b&filter.Dose%20%C2%B5M=2&min.Z=3&min.z=4");
        var query = SearchParameters.Exact(http.Request);
        var filters = SearchParameters.Selections(query, "filter.");
        Assert.AreEqual("Dose µM: 1,2 | dose µM: a b", string.Join(" | ", filters.Select(f => $"{f.Name}: {string.Join(',', f.Values)}")));
        Assert.AreEqual("Z 3 | z 4", string.Join(" | ", SearchParameters.Ranges(query).Select(r => $"{r.Name} {r.Min}")));
    }

    private static void Refuses(Func<object> read) => Assert.AreEqual(Problems.SearchParameter, Assert.ThrowsExactly<ArchiveException>(read).Problem);

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"n{i}");

    private static QueryCollection Query((string Key, string Value)[] given) =>
        new(given.GroupBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new StringValues([.. g.Select(v => v.Value)]), StringComparer.OrdinalIgnoreCase));
}
