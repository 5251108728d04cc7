using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Searching datasets over HTTP: the language, what is told beside the hits, completion, likeness and the values of facets.</summary>
[TestClass]
public sealed class SearchTests : HttpTest
{
    [TestMethod]
    public async Task Search_WhenTheQueryIsOdd_FindsWhatItCanAndTellsWhatItCouldNotRead()
    {
        var word = await FindableAsync();

        var page = await SearchAsync($"{word} AND (");

        Assert.AreEqual(1, page.GetProperty("total").GetInt32());
        Assert.IsGreaterThan(word.Length, page.GetProperty("notes")[0].GetProperty("column").GetInt32());
        foreach (var odd in new[] { "\"", "))((", "AND OR NOT", "~~~", "^^2", "[* TO", "year:[2020 TO", "title:", ":", "\\", "a~9", "*", "?", "\"a b\"~99999", "\u0000", new string('(', 2000), string.Join(" OR ", Enumerable.Repeat("a*", 500)) })
        {
            using var answer = await Http.GetAsync($"/api/search?q={Uri.EscapeDataString(odd)}", Ct);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, odd[..Math.Min(odd.Length, 20)]);
        }
    }

    [TestMethod]
    public async Task Search_WhenAWordIsMisspelledOrCut_FindsOrSuggestsIt()
    {
        var word = await FindableAsync();
        var wrong = word[..^1] + (word[^1] == 'q' ? 'z' : 'q');

        Assert.AreEqual(1, (await SearchAsync(word[..10] + "*")).GetProperty("total").GetInt32());
        Assert.AreEqual(1, (await SearchAsync($"?{word[1..]}")).GetProperty("total").GetInt32());
        Assert.AreEqual(1, (await SearchAsync(wrong + "~")).GetProperty("total").GetInt32());
        Assert.AreEqual(1, (await SearchAsync($"\"images {word}\"~3")).GetProperty("total").GetInt32());
        Assert.AreEqual(1, (await SearchAsync($"{word} year:[2000 TO *]")).GetProperty("total").GetInt32());
        Assert.AreEqual(0, (await SearchAsync($"{word} year:[* TO 2000]")).GetProperty("total").GetInt32());
        Assert.AreEqual(word, (await SearchAsync(wrong)).GetProperty("suggestions")[0].GetString());
    }

    [TestMethod]
    public async Task Search_WhenAMethodHasOtherNames_LooksForThemUnlessAskedNotTo()
    {
        var word = await FindableAsync();

        var page = await SearchAsync($"{word} AND SDCM");
        var asWritten = JsonDocument.Parse(await Http.GetStringAsync($"/api/search?q={word}+AND+SDCM&synonyms=false", Ct)).RootElement;

        Assert.AreEqual((1, 0), (page.GetProperty("total").GetInt32(), asWritten.GetProperty("total").GetInt32()));
        Assert.Contains("spinning disk confocal microscopy", page.GetProperty("expanded")[0].GetProperty("to").EnumerateArray().Select(t => t.GetString()));
    }

    [TestMethod]
    public async Task Complete_WhenAWordIsBegun_TellsTheWordAndTheQuery()
    {
        var word = await FindableAsync();

        var items = JsonDocument.Parse(await Http.GetStringAsync($"/api/suggest?q=images+{word[..12]}", Ct)).RootElement.GetProperty("items");
        using var tooMany = await Http.GetAsync("/api/suggest?q=a&size=51", Ct);

        Assert.AreEqual(word, items[0].GetProperty("text").GetString());
        Assert.AreEqual($"images {word}", items[0].GetProperty("query").GetString());
        await ExpectAsync(tooMany, HttpStatusCode.BadRequest, "bad-request");
    }

    [TestMethod]
    public async Task Values_OfAFacet_ArePagedAndLookedThrough()
    {
        var word = await FindableAsync();
        var values = $"/api/search/values?facet=organism&q={word}";

        var all = JsonDocument.Parse(await Http.GetStringAsync(values, Ct)).RootElement;
        var some = JsonDocument.Parse(await Http.GetStringAsync($"{values}&containing=SAPIENS&facet.organism=Mus+musculus", Ct)).RootElement;
        var none = JsonDocument.Parse(await Http.GetStringAsync($"{values}&containing=musculus", Ct)).RootElement;
        var first = JsonDocument.Parse(await Http.GetStringAsync("/api/search/values?facet=format&size=1", Ct)).RootElement;
        using var unknown = await Http.GetAsync($"/api/search/values?facet=nothing&q={word}", Ct);
        using var ofNumbers = await Http.GetAsync($"/api/search/values?facet=files&q={word}", Ct);

        Assert.AreEqual("Homo sapiens 1", string.Join(' ', all.GetProperty("items").EnumerateArray().Select(v => $"{v.GetProperty("value")} {v.GetProperty("count")}")));
        Assert.AreEqual(1, some.GetProperty("total").GetInt32(), "its own choice is left out");
        Assert.AreEqual(0, none.GetProperty("total").GetInt32());
        if (first.GetProperty("total").GetInt32() > 1)
        {
            var second = JsonDocument.Parse(await Http.GetStringAsync($"/api/search/values?facet=format&size=1&cursor={first.GetProperty("next")}", Ct)).RootElement;
            Assert.AreNotEqual(first.GetProperty("items")[0].GetProperty("value").GetString(), second.GetProperty("items")[0].GetProperty("value").GetString());
        }
        await ExpectAsync(unknown, HttpStatusCode.BadRequest, "search-parameter");
        await ExpectAsync(ofNumbers, HttpStatusCode.BadRequest, "search-parameter");
    }

    [TestMethod]
    public async Task Similar_WhenTwoShareAWord_FindsTheOther()
    {
        var client = await DepositorAsync();
        var word = Word();
        var (one, _) = await DepositAsync(client, SampleDeposit.Generate(1, 1, 100, word));
        var (other, _) = await DepositAsync(client, SampleDeposit.Generate(2, 1, 100, word));
        await Poll.Until(async () => (await client.ListAsync($"/api/search?q={word}", Ct)).Count == 2, "both are found", Ct);

        var similar = JsonDocument.Parse(await Http.GetStringAsync($"/api/datasets/{one}/similar", Ct)).RootElement;
        using var absent = await Http.GetAsync("/api/datasets/S-BIAD999999/similar", Ct);

        Assert.AreEqual(other, similar.GetProperty("items")[0].GetProperty("accession").GetString());
        await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
    }

    private static string Word() => "find" + string.Concat(Guid.NewGuid().ToByteArray().Select(b => (char)('a' + (b % 26))));

    private async Task<string> FindableAsync()
    {
        var client = await DepositorAsync();
        var word = Word();
        await DepositAsync(client, SampleDeposit.Generate(1, 2, 100, word));
        await Poll.Until(async () => (await client.ListAsync($"/api/search?q={word}", Ct)).Count == 1, "the dataset is found", Ct);
        return word;
    }

    private async Task<JsonElement> SearchAsync(string text) =>
        JsonDocument.Parse(await Http.GetStringAsync($"/api/search?q={Uri.EscapeDataString(text)}", Ct)).RootElement;
}
