using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

/// <summary>A private dataset, its keys, and every address that reads it.</summary>
public sealed partial class ReviewTests
{
    private HttpClient Plain => field ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Archive.Address };

    private async Task<HttpStatusCode> StatusAsync(string address, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var answer = await Plain.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private async Task<JsonElement> JsonAsync(string address)
    {
        using var json = JsonDocument.Parse(await Plain.GetStringAsync(address, Ct));
        return json.RootElement.Clone();
    }

    private async Task<string> CookieAsync(string accession, string key)
    {
        using var page = await Plain.GetAsync($"/datasets/{accession}?key={key}", Ct);
        Assert.AreEqual(HttpStatusCode.SeeOther, page.StatusCode);
        return page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private async Task<JsonElement> KeyAsync(ArchiveClient owner, string accession, object? wish = null)
    {
        using var answer = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/access-keys", Json(wish ?? new { }), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(HttpStatusCode.Created, answer.StatusCode, text);
        Assert.IsNull(answer.Headers.Location, "a key is told once and has no address");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    // Every address that takes an accession: those of the description of the API with all their methods, and those of pages from their sources.
    private async Task<IReadOnlyList<(HttpMethod Method, string Address)>> AddressesAsync(string accession)
    {
        var found = new List<(HttpMethod, string)>();
        var path = "";
        await foreach (var line in File.ReadLinesAsync(Path.Combine(Repository.Root, "openapi.yaml"), Ct))
        {
            if (PathLine().Match(line) is { Success: true } match) path = match.Groups["path"].Value;
            else if (MethodLine().Match(line) is { Success: true } method && path.Contains("{accession}", StringComparison.Ordinal)) found.Add((new(method.Groups["method"].Value.ToUpperInvariant()), path));
        }
        foreach (var page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Archive.Api", "Pages"), "*.cshtml", SearchOption.AllDirectories))
            if (PageLine().Match(await File.ReadAllTextAsync(page, Ct)) is { Success: true } match) found.Add((HttpMethod.Get, match.Groups["path"].Value));
        Assert.IsGreaterThan(12, found.Count);
        var filled = new List<(HttpMethod, string)>();
        foreach (var (method, route) in found)
            foreach (var file in route.Contains("path}", StringComparison.Ordinal) ? new[] { Image, "file_list.tsv" } : [""])
            {
                var address = route.Replace("{accession}", accession, StringComparison.Ordinal).Replace("{acc}", accession, StringComparison.Ordinal)
                    .Replace("{number}", "1", StringComparison.Ordinal).Replace("{**path}", file, StringComparison.Ordinal).Replace("{path}", file, StringComparison.Ordinal)
                    .Replace("{id}", "0", StringComparison.Ordinal).Replace("{collaborator}", "0", StringComparison.Ordinal);
                Assert.DoesNotContain("{", address, "Give the new parameter a value above.");
                var needed = route.EndsWith("/files/values", StringComparison.Ordinal) ? "?attribute=Compound" : "";
                filled.Add((method, address + needed));
                if (method == HttpMethod.Get) filled.AddRange([(HttpMethod.Head, address + needed), (method, address + (needed.Length > 0 ? needed + "&" : "?") + "version=1")]);
            }
        return filled;
    }

    private async Task<string> PrivateAsync(ArchiveClient owner, string keyword)
    {
        var deposit = SampleDeposit.Generate(9, 2, 100, keyword);
        var pageTab = JsonNode.Parse(deposit.PageTabJson)!;
        pageTab["attributes"]!.AsArray().Single(a => (string?)a!["name"] == "ReleaseDate")!["value"] = TimeProvider.System.GetUtcNow().AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        pageTab["attributes"]!.AsArray().Add(Attribute("Contact E-Mail", "zoe.q@zellkunde.example"));
        var section = pageTab["section"]!;
        var attributes = section["attributes"]!.AsArray();
        var title = attributes.Single(a => (string?)a!["name"] == "Title")!;
        title["value"] = $"{title["value"]} of the Quillfeather lab";
        title["valqual"] = new JsonArray(new JsonObject { ["name"] = "Ontology", ["value"] = "Zoë Quillfeather" });
        attributes.Add(Attribute("aBSTRACT", "By ZOË  QUILLFEATHER (zoe.q@zellkunde.example, 0000-0002-1825-0097), grant WT 987654 of the wellcome."));
        attributes.Add(Attribute("Acknowledgments", "Thanks to all"));
        attributes.Add(Attribute("principal investigator", "Hidden Person"));
        section["links"] = new JsonArray(new JsonObject { ["url"] = "https://lab-of-zoe.example", ["attributes"] = new JsonArray(Attribute("Description", "Zoë")) });
        var sections = section["subsections"]!.AsArray();
        foreach (var more in new[]
        {
            Section("Author", ("NAME", "Zoë Quillfeather"), ("E-mail", "zoe.q@zellkunde.example"), ("orcid", "https://orcid.org/0000-0002-1825-0097")),
            Section("contact", ("Name", "Brzęczyszczykiewicz, Łukasz")), Section("ORGANIZATION", ("Name", "Zellkunde")), Section("Funding", ("agency", "Wellcome"), ("Grant ID", "WT-987654")),
            Section("publication", ("Title", "Secret paper"), ("Authors", "Quillfeather Z"), ("DOI", "10.1234/secret")),
            Section("Wrapper", ("Title", "Nested Boss")), Section("Image analysis", ("Title", "Counting"), ("Overview", "As Brzeczyszczykiewicz L. does, for Hidden Person, imaged by Q. Columnist")),
        }) sections.Add(more);
        sections[0]!["subsections"] = new JsonArray(Section("Author", ("Name", "Nested Boss")));
        var told = new StringBuilder("Files\tChannel\tImaged by\tNote\n");
        var files = deposit.Files.Append(deposit.Files[0] with { Path = "plate-0/by-quillfeather.tif" }).ToList();
        foreach (var file in files) told.Append(CultureInfo.InvariantCulture, $"{file.Path}\tGFP\tQuintus Columnist\tseen by zoe quillfeather and quintus_columnist\n");
        var (accession, _) = await DepositAsync(owner, new SampleDeposit(pageTab.ToJsonString(), keyword == "actin" ? files : [.. deposit.Files], [SampleFile.OfText("file_list.tsv", keyword == "actin" ? told.ToString() : told.ToString().Replace("plate-0/by-quillfeather.tif\tGFP\tQuintus Columnist\tseen by zoe quillfeather and quintus_columnist\n", "", StringComparison.Ordinal))]));
        return accession;
    }

    private static JsonObject Attribute(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Section(string type, params (string Name, string Value)[] attributes) =>
        new() { ["type"] = type, ["attributes"] = new JsonArray([.. attributes.Select(a => Attribute(a.Name, a.Value))]) };

    // Date and trace id are of the request, not of what was asked for.
    private static string Mask(string answer) => Volatile().Replace(answer, "*");

    [GeneratedRegex("(?<=\r\nDate: )[^\r]*|[0-9a-f]{32}", RegexOptions.None, 1000)]
    private static partial Regex Volatile();

    [GeneratedRegex("^  '?(?<path>/[^':]*)'?:$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathLine();

    [GeneratedRegex("^    (?<method>get|put|post|patch|delete|head):$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MethodLine();

    [GeneratedRegex("@page \"(?<path>/[^\"]*\\{acc\\}[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PageLine();
}
