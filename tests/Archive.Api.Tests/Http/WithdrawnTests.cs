using System.Net;
using Archive.Api.Tests.Support;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>The tombstone of a dataset that was withdrawn.</summary>
[TestClass]
public sealed class WithdrawnTests : HttpTest
{
    [TestMethod]
    public async Task Get_WhenTheDatasetWasWithdrawn_TellsTheReason()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var datasets = new PostgresDatasetStore(database.Metadata);
        await WithdrawAsync(datasets, 1, "A donor took back their <consent>.");
        await WithdrawAsync(datasets, 2, null);
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--reserve-bytes", "1000000");
        await archive.StartAsync(Ct);

        using var told = await archive.Http.GetAsync("/api/datasets/S-TEST1", Ct);
        using var silent = await archive.Http.GetAsync("/api/datasets/S-TEST2", Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/datasets/S-TEST1") { Headers = { { "Accept", "text/html" } } };
        using var page = await archive.Http.SendAsync(request, Ct);

        var problem = await ExpectAsync(told, HttpStatusCode.Gone, "withdrawn");
        Assert.AreEqual("A donor took back their <consent>.", problem.GetProperty("reason").GetString());
        Assert.AreEqual("The dataset was withdrawn: A donor took back their <consent>.", problem.GetProperty("detail").GetString());
        Assert.AreEqual("The dataset was withdrawn.", (await ExpectAsync(silent, HttpStatusCode.Gone, "withdrawn")).GetProperty("detail").GetString());
        Assert.AreEqual(HttpStatusCode.Gone, page.StatusCode);
        Assert.Contains("The dataset was withdrawn: A donor took back their &lt;consent&gt;.", await page.Content.ReadAsStringAsync(Ct));
    }

    private async Task WithdrawAsync(PostgresDatasetStore datasets, int number, string? reason)
    {
        var time = TimeProvider.System.GetUtcNow();
        var released = await datasets.TryWriteAsync(new Dataset
        {
            Accession = Accession.From("S-TEST", number), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released,
            ReleaseDate = time, Title = "Yeast", Versions = [new(1, SubmissionId.New(), time, 1, 1)],
        }, Ct);
        await datasets.TryWriteAsync(released! with { State = DatasetState.Withdrawn, WithdrawalReason = reason }, Ct);
    }
}
