using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Support;

/// <summary>Tests over HTTP against the shared archive.</summary>
public abstract class HttpTest
{
    public TestContext TestContext { get; set; } = null!;

    protected CancellationToken Ct => TestContext.CancellationToken;

    protected ArchiveProcess Archive { get; private set; } = null!;

    /// <summary>Speaks as a stranger.</summary>
    protected HttpClient Http => Archive.Http;

    [TestInitialize]
    public async Task StartAsync() => Archive = await SharedArchive.StartedAsync(Ct);

    /// <summary>A depositor of this test's own.</summary>
    protected async Task<ArchiveClient> DepositorAsync()
    {
        var client = new ArchiveClient(Http);
        await client.RegisterAsync(Ct);
        return client;
    }

    /// <summary>A curator of this test's own.</summary>
    protected async Task<ArchiveClient> CuratorAsync()
    {
        var (client, boss) = (await DepositorAsync(), await OperatorAsync());
        var id = (await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString();
        using var answer = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(new { role = "Curator" }), Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        return client;
    }

    /// <summary>The operator whom the archive made at its first start.</summary>
    protected async Task<ArchiveClient> OperatorAsync()
    {
        var client = new ArchiveClient(Http);
        await client.SignInAsync("operator@localhost", (await File.ReadAllTextAsync(Path.Combine(Archive.DataFolder, "operator-password"), Ct)).Trim(), Ct);
        return client;
    }

    /// <summary>The token that a client carries, read from a request as the archive gets it.</summary>
    protected async Task<string> TokenAsync(ArchiveClient client)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, "/api/accounts/me", null, Ct);
        return answer.RequestMessage!.Headers.Authorization!.Parameter!;
    }

    /// <summary>Deposits and waits for the end.</summary>
    protected async Task<(string Accession, string Submission)> DepositAsync(ArchiveClient client, SampleDeposit deposit)
    {
        var depositing = new Depositing(client, deposit);
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        await depositing.SubmitAsync(Ct);
        await client.WaitForEndAsync(depositing.Submission!, TimeSpan.FromMinutes(1), Ct);
        return (depositing.Accession!, depositing.Submission!);
    }

    /// <summary>Expects a refusal with the status and code of the catalogue, and returns its body.</summary>
    protected async Task<JsonElement> ExpectAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.AreEqual(status, answer.StatusCode, text);
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, text);
        using var json = JsonDocument.Parse(text);
        var body = json.RootElement.Clone();
        Assert.AreEqual(code, body.GetProperty("code").GetString(), text);
        Assert.EndsWith("/problems/" + code, body.GetProperty("type").GetString());
        Assert.AreEqual((int)status, body.GetProperty("status").GetInt32());
        return body;
    }

    /// <summary>Codes of the findings in a refusal.</summary>
    protected static IReadOnlyList<string> Findings(JsonElement body) =>
        [.. body.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()!)];

    /// <summary>A JSON body.</summary>
    protected static JsonContent Json(object body) => JsonContent.Create(body);

    /// <summary>A text as a JSON body.</summary>
    protected static StringContent JsonText(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Bytes as an upload.</summary>
    protected static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }
}
