using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Archive.Api.Tests.Pages;

/// <summary>The datasets that the pages show, and what is looked for in their markup.</summary>
public sealed partial class PagesOverHttpTests
{
    private static IEnumerable<string> AllPages() =>
    [
        "/", "/search", $"/search?q={Uri.EscapeDataString(Script)}", $"/search?q=nuclei&facet.organism={Uri.EscapeDataString(Script)}",
        $"/datasets/{open}", $"/datasets/{open}/files", $"/datasets/{open}/files?q={Uri.EscapeDataString(Script)}&filter.Note={Uri.EscapeDataString(Script)}",
        $"/datasets/{open}/file/images/a.ome.tiff", "/collections/BioImages", "/help", "/help/search", "/help/deposit", "/help/download", "/help/settings",
        "/problems", "/problems/not-found",
    ];

    private static async Task<string> GetAsync(string address, CancellationToken ct)
    {
        using var answer = await SendAsync(address, ct);
        return await answer.Content.ReadAsStringAsync(ct);
    }

    private static async Task<HttpResponseMessage> SendAsync(string address, CancellationToken ct, string accept = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await archive.Http.SendAsync(request, ct);
    }

    private static async Task<string> DepositAsync(string releaseDate, CancellationToken ct)
    {
        var draft = await owner.BeginDraftAsync(ct);
        await owner.PutPageTabAsync(draft, PageTab(releaseDate), ct);
        foreach (var name in new[] { "images/a.ome.tiff", "images/b.ome.tiff" })
        {
            using var image = new ByteArrayContent(Image);
            await owner.PutFileAsync(draft, name, image, ct);
        }
        using var list = new StringContent($"Files\tChannel\tNote\nimages/a.ome.tiff\tDAPI\t{Script}\nimages/b.ome.tiff\tGFP\tb\n");
        await owner.PutFileAsync(draft, "files.tsv", list, ct);
        using var links = new StringContent("Links\tDescription\nhttps://example.org/1\tone\n");
        await owner.PutFileAsync(draft, "more links.tsv", links, ct);
        var submitted = await owner.SubmitAsync(draft, ct);
        var end = await owner.WaitForEndAsync(submitted.GetProperty("submission").GetString()!, TimeSpan.FromSeconds(60), ct);
        Assert.IsTrue(end.GetProperty("state").GetString() is "Released" or "Private", end.ToString());
        return submitted.GetProperty("accession").GetString()!;
    }

    private static string PageTab(string releaseDate)
    {
        static object Attribute(string name, string value) => new { name, value };
        static object Section(string type, object[] attributes, object[]? subsections = null, object[]? links = null) =>
            new { type, attributes, subsections = subsections ?? [], links = links ?? [] };
        return JsonSerializer.Serialize(new
        {
            attributes = new[] { Attribute("Title", Title), Attribute("ReleaseDate", releaseDate) },
            section = Section("Study",
                [Attribute("Title", Title), Attribute("Description", $"What {Script} was seen in cells."), Attribute("Keywords", Script), Attribute("License", "CC0"), Attribute("Link List", "more links.tsv")],
                [
                    Section("Author", [Attribute("Name", "Ada Example"), Attribute("E-mail", "ada@example.org"), Attribute("ORCID", "0000-0002-1825-0097")]),
                    Section("Biosample", [Attribute("Title", "Cells"), Attribute("Organism", "Homo sapiens"), Attribute("Biological entity", Script)]),
                    Section("Study Component", [Attribute("Name", "All " + Script), Attribute("Description", "Everything"), Attribute("File List", "files.tsv")]),
                ],
                [
                    new { url = "javascript:alert(1)", attributes = new[] { Attribute("Type", "web") } },
                    new { url = "https://example.org/data", attributes = new[] { Attribute("Description", Script) } },
                ]),
        });
    }

    // The description in the head is data, which no browser runs.
    [GeneratedRegex("""<script(?! type="application/ld\+json">)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ScriptElement();

    [GeneratedRegex("""<[a-z][^<>]*\s(?:on[a-z]+|style)\s*=""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""<(?:link (?:rel="icon"|rel="stylesheet") href|img[^>]* src|source[^>]* src)="(?<address>[^"]*)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Resource();

    [GeneratedRegex("""<script type="application/ld\+json">(?<json>[^<]*)</script>""", RegexOptions.None, 1000)]
    private static partial Regex JsonLd();

    [GeneratedRegex("""rel="stylesheet" href="(?<address>[^"]+)""", RegexOptions.None, 1000)]
    private static partial Regex StyleSheet();

    [GeneratedRegex("""<span class="chip__kind">Organism</span> <bdi>Homo sapiens</bdi></span><a class="chip__remove" href="/search\?q=nuclei">""", RegexOptions.None, 1000)]
    private static partial Regex ChipOfOrganism();
}
