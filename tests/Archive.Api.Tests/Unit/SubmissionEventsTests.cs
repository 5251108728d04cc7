using Archive.Api.Submissions;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

[TestClass]
public sealed class SubmissionEventsTests
{
    // The stream of a submission that runs has no end; nothing is sent of it to a HEAD, so nothing is waited for either.
    [TestMethod]
    [Timeout(10_000, CooperativeCancellation = true)]
    public async Task Execute_WhenTheMethodIsHead_EndsAtOnceAndGivesItsPlaceBack()
    {
        var running = new Model.Submissions.Submission
        {
            Id = SubmissionId.New(), Draft = DraftId.New(), Owner = AccountId.New(), Accession = Accession.From("S-TEST", 1), Version = 1,
            State = SubmissionState.Submitted, SubmittedAt = TimeProvider.System.GetUtcNow(),
        };
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var place = new Place();
        var http = new DefaultHttpContext { RequestServices = services, Request = { Method = "HEAD" } };

        await new SubmissionEvents(running, place).ExecuteAsync(http);

        Assert.IsTrue(place.IsLeft);
        Assert.AreEqual("text/event-stream; charset=utf-8", http.Response.ContentType);
    }

    private sealed class Place : IDisposable
    {
        public bool IsLeft { get; private set; }

        public void Dispose() => IsLeft = true;
    }
}
