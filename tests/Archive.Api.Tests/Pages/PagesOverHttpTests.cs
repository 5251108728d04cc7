using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Pages;

/// <summary>Pages of a running archive with one public and one private dataset, both as hostile as depositors may be.</summary>
[TestClass]
public sealed partial class PagesOverHttpTests
{
    private const string Title = "</script><script>alert('title')</script> & \"quoted\" nuclei";
    private const string Script = "<script>alert(1)</script>";
    private static readonly byte[] Image = Encoding.UTF8.GetBytes("not really an image");
    private static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddDays(300);
    private static TempFolder folder = null!;
    private static ArchiveProcess archive = null!;
    private static ArchiveClient owner = null!;
    private static string open = "";
    private static string hidden = "";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        var ct = context.CancellationToken;
        folder = new TempFolder();
        archive = new ArchiveProcess(folder.Path, "--rate-limit", "0", "--rate-limit-signed-in", "0");
        await archive.StartAsync(ct);
        owner = new ArchiveClient(archive.Http);
        await owner.RegisterAsync(ct);
        open = await DepositAsync("2020-01-01", ct);
        hidden = await DepositAsync(Later.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ct);
        await Poll.Until(async () => (await GetAsync("/search", ct)).Contains(open, StringComparison.Ordinal), "the dataset is searchable", ct, TimeSpan.FromSeconds(60));
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        if (archive is not null) await archive.DisposeAsync();
        folder?.Dispose();
    }

    [TestMethod]
    public async Task AnyPage_WhenAskedByHead_AnswersAsGetWithoutItsBody()
    {
        foreach (var address in AllPages())
        {
            using var get = await SendAsync(address, Ct);
            using var request = new HttpRequestMessage(HttpMethod.Head, address);
            using var head = await archive.Http.SendAsync(request, Ct);

            Assert.AreEqual(get.StatusCode, head.StatusCode, address);
            Assert.AreEqual(get.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString(), address);
            Assert.IsEmpty(await head.Content.ReadAsByteArrayAsync(Ct), address);
        }
    }

    [TestMethod]
    public async Task AnyPage_WhenTextIsHostile_HasNoScriptAndNothingFromElsewhere()
    {
        foreach (var address in AllPages())
        {
            using var answer = await SendAsync(address, Ct);
            var html = await answer.Content.ReadAsStringAsync(Ct);

            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, address);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            StringAssert.StartsWith(policy, "default-src 'none';", address);
            Assert.IsFalse(policy.Contains("script-src", StringComparison.Ordinal), address);
            Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single(), address);
            Assert.IsFalse(ScriptElement().IsMatch(html), $"{address} has a script");
            Assert.IsFalse(InlineCode().IsMatch(html), $"{address} has an inline handler or style");
            foreach (Match resource in Resource().Matches(html))
                StringAssert.StartsWith(resource.Groups["address"].Value, "/assets/", $"{address} takes something from elsewhere");
        }
    }

    [TestMethod]
    public async Task Dataset_WhenTheTitleHasMarkup_ShowsItAsText()
    {
        var html = await GetAsync($"/datasets/{open}", Ct);

        StringAssert.Contains(html, "&lt;/script&gt;&lt;script&gt;alert(&#x27;title&#x27;)&lt;/script&gt; &amp; &quot;quoted&quot; nuclei");
        StringAssert.Contains(html, "Ada Example");
        StringAssert.Contains(html, "https://orcid.org/0000-0002-1825-0097");
        Assert.IsFalse(html.Contains("ada@example.org", StringComparison.Ordinal), "an e-mail address is nobody else's business");
    }

    [TestMethod]
    public async Task Dataset_WhenLinksRunSomething_AreNoLinks()
    {
        var html = await GetAsync($"/datasets/{open}", Ct);

        StringAssert.Contains(html, "javascript:alert(1)");
        Assert.IsFalse(html.Contains("href=\"javascript:", StringComparison.OrdinalIgnoreCase));
        StringAssert.Contains(html, "href=\"https://example.org/data\"");
    }

    [TestMethod]
    public async Task Dataset_WhenItNamesAListOfLinks_LeadsToIt()
    {
        var html = await GetAsync($"/datasets/{open}", Ct);

        StringAssert.Contains(html, $"<a href=\"/datasets/{open}/file/more%20links.tsv\">List of links <bdi>more links.tsv</bdi></a>");
    }

    [TestMethod]
    public async Task Dataset_WhenRead_DescribesItselfInTheHead()
    {
        var html = await GetAsync($"/datasets/{open}", Ct);

        using var description = JsonDocument.Parse(JsonLd().Match(html).Groups["json"].Value);

        Assert.AreEqual(Title, description.RootElement.GetProperty("name").GetString());
        Assert.AreEqual(open, description.RootElement.GetProperty("identifier").GetString());
    }

    [TestMethod]
    public async Task Dataset_WhenJsonLdIsAskedFor_AnswersIt()
    {
        using var answer = await SendAsync($"/datasets/{open}", Ct, "application/ld+json");

        Assert.AreEqual("application/ld+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("/files")]
    [DataRow("/file/images/a.ome.tiff")]
    public async Task Dataset_WhenPrivate_IsTheSame404ToStrangersAsNoneAtAll(string below)
    {
        using var there = await SendAsync($"/datasets/{hidden}{below}", Ct);
        using var absent = await SendAsync($"/datasets/S-NONE1{below}", Ct);

        Assert.AreEqual(HttpStatusCode.NotFound, there.StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.AreEqual(await absent.Content.ReadAsStringAsync(Ct), await there.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual(absent.Headers.ToString().Length, there.Headers.ToString().Length);
    }

    [TestMethod]
    public async Task Dataset_WhenPrivate_IsShownToItsOwnerAndNeverStored()
    {
        using var answer = await owner.SendAsync(HttpMethod.Get, $"/datasets/{hidden}", null, Ct);

        StringAssert.Contains(await answer.Content.ReadAsStringAsync(Ct), $"It becomes public on {Later.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}.");
        Assert.IsTrue(answer.Headers.CacheControl?.NoStore);
    }

    [TestMethod]
    public async Task Search_WhenWordsAreFound_MarksThemInEncodedText()
    {
        var html = await GetAsync("/search?q=nuclei", Ct);

        StringAssert.Contains(html, "<h1>1 dataset</h1>");
        StringAssert.Contains(html, "<mark>nuclei</mark>");
        StringAssert.Contains(html, "&lt;script&gt;alert");
        Assert.IsFalse(html.Contains(hidden + "\"", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Search_WhenNothingIsFound_SaysWhatFindsSomething()
    {
        var html = await GetAsync("/search?q=nuclei%20zebrafishes", Ct);

        StringAssert.Contains(html, "<h1>0 datasets</h1>");
        StringAssert.Contains(html, "Only “nuclei”: 1 dataset");
    }

    [TestMethod]
    public async Task Search_WhenAFacetIsChosen_ShowsAChipThatGivesItUp()
    {
        var html = await GetAsync("/search?q=nuclei&facet.organism=Homo%20sapiens", Ct);

        StringAssert.Contains(html, "<h1>1 dataset</h1>");
        StringAssert.Matches(html, ChipOfOrganism());
    }

    [TestMethod]
    public async Task Search_WhenAnAccessionIsTyped_LeadsToIt()
    {
        using var readable = await SendAsync($"/search?q={open.ToLowerInvariant()}", Ct);
        using var secret = await SendAsync($"/search?q={hidden}", Ct);

        Assert.AreEqual($"/datasets/{open}", readable.RequestMessage?.RequestUri?.AbsolutePath);
        Assert.AreEqual("/search", secret.RequestMessage?.RequestUri?.AbsolutePath);
    }

    [TestMethod]
    public async Task Start_WhenADatasetIsPublic_CountsAndShowsIt()
    {
        var html = await GetAsync("/", Ct);

        StringAssert.Contains(html, "title=\"1\">1</a></dd>");
        StringAssert.Contains(html, $"/datasets/{open}");
        Assert.IsFalse(html.Contains(hidden, StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Files_WhenFiltered_ShowsTheMatchesAndTheirNumber()
    {
        var all = await GetAsync($"/datasets/{open}/files", Ct);
        var filtered = await GetAsync($"/datasets/{open}/files?filter.Channel=DAPI", Ct);

        StringAssert.Contains(all, "images/</bdi>");
        StringAssert.Contains(all, "&lt;script&gt;alert(1)&lt;/script&gt;");
        StringAssert.Contains(filtered, "<strong>1</strong> of 4 files match");
        StringAssert.Contains(filtered, "a.ome.tiff");
        Assert.IsFalse(filtered.Contains("b.ome.tiff", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Files_WhenNothingMatches_OffersEverything() =>
        StringAssert.Contains(await GetAsync($"/datasets/{open}/files?filter.Channel=none", Ct), "show all 4 files");

    [TestMethod]
    public async Task File_WhenShown_GivesDigestsAndTheBytes()
    {
        var html = await GetAsync($"/datasets/{open}/file/images/a.ome.tiff", Ct);
        var bytes = await archive.Http.GetByteArrayAsync($"/files/{open}/images/a.ome.tiff", Ct);

        StringAssert.Contains(html, Convert.ToHexStringLower(SHA256.HashData(Image)));
        StringAssert.Contains(html, $"href=\"/files/{open}/images/a.ome.tiff\"");
        CollectionAssert.AreEqual(Image, bytes);
    }

    [TestMethod]
    public async Task Address_WhenUnknown_IsAPageToBrowsersAndAProblemToPrograms()
    {
        using var page = await SendAsync("/nowhere", Ct);
        using var problem = await SendAsync("/nowhere", Ct, "application/json");

        Assert.AreEqual("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual(HttpStatusCode.NotFound, page.StatusCode);
        Assert.AreEqual("application/problem+json", problem.Content.Headers.ContentType?.MediaType);
    }

    [TestMethod]
    public async Task Style_WhenServed_IsKeptForAYear()
    {
        var address = StyleSheet().Match(await GetAsync("/", Ct)).Groups["address"].Value;

        using var answer = await archive.Http.GetAsync(new Uri(address, UriKind.Relative), Ct);

        Assert.AreEqual("text/css", answer.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual(TimeSpan.FromDays(365), answer.Headers.CacheControl?.MaxAge);
        StringAssert.Contains(await answer.Content.ReadAsStringAsync(Ct), "--paper:");
    }

    [TestMethod]
    [DataRow("http://localhost/search?q=a", "/search?q=a")]
    [DataRow("http://localhost//evil.example", "/")]
    [DataRow("https://evil.example/a", "/a")]
    [DataRow("javascript:alert(1)", "/")]
    public async Task Scheme_WhenChosen_IsKeptAndLeadsBackHere(string referrer, string expected)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = archive.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["to"] = "dark" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/scheme") { Content = form };
        request.Headers.TryAddWithoutValidation("Referer", referrer);

        using var answer = await browser.SendAsync(request, Ct);

        Assert.AreEqual(expected, answer.Headers.Location?.OriginalString);
        StringAssert.StartsWith(answer.Headers.GetValues("Set-Cookie").Single(), "scheme=dark;");
    }
}
