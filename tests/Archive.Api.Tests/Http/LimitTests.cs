using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What one client may ask, of an archive whose limits are low enough to be met.</summary>
[TestClass]
public sealed class LimitTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Requests_WhenAboveALimit_AreRefusedWithTheWaitAndWithoutALineEach()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--rate-limit", "100", "--logs", "text");
        await archive.StartAsync(Ct);

        // A twentieth of a stranger's requests may hash a password.
        var registrations = await ManyAsync(20, () => archive.Http.PostAsJsonAsync("/api/accounts", new { email = "", password = "", name = "" }, Ct));
        var tokens = await ManyAsync(200, async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/drafts");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "worth nothing");
            return await archive.Http.SendAsync(request, Ct);
        });

        Assert.IsGreaterThan(0, registrations.GetValueOrDefault(HttpStatusCode.TooManyRequests));
        Assert.IsGreaterThan(0, registrations.GetValueOrDefault(HttpStatusCode.UnprocessableEntity));
        Assert.IsGreaterThan(0, tokens.GetValueOrDefault(HttpStatusCode.TooManyRequests));
        Assert.IsGreaterThan(0, tokens.GetValueOrDefault(HttpStatusCode.Unauthorized));
        Assert.Contains("Ready as", archive.Output);
        Assert.DoesNotContain("answered", archive.Output);
    }

    private static async Task<Dictionary<HttpStatusCode, int>> ManyAsync(int count, Func<Task<HttpResponseMessage>> send)
    {
        var counts = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await send();
            counts[answer.StatusCode] = counts.GetValueOrDefault(answer.StatusCode) + 1;
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.IsNotNull(answer.Headers.RetryAfter);
        }
        return counts;
    }
}
