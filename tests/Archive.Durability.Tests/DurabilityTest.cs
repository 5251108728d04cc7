using Archive.TestKit;
using Archive.TestKit.Files;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>A test of the built archive in processes of its own, on a folder of its own.</summary>
public abstract class DurabilityTest : IDisposable
{
    /// <summary>Given by the test runner.</summary>
    public TestContext TestContext { get; set; } = null!;

    /// <summary>Whether the tests that take long were asked for.</summary>
    protected static bool IsLong { get; } = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";

    /// <summary>The test's folder; other users may pass through it, as the database's has to.</summary>
    protected TempFolder Folder { get; } = new();

    /// <summary>Cancelled when the test run is.</summary>
    protected CancellationToken Ct => TestContext.CancellationToken;

    /// <summary>Writes to the test's output.</summary>
    protected void Say(FormattableString line) => TestContext.WriteLine(FormattableString.Invariant(line));

    /// <summary>A client with an account of its own.</summary>
    protected async Task<ArchiveClient> RegisterAsync(ArchiveProcess archive)
    {
        var client = new ArchiveClient(archive.Http);
        await client.RegisterAsync(Ct);
        return client;
    }

    /// <summary>Deposits and waits until it is released; fails the test when it ends otherwise.</summary>
    protected async Task<Depositing> DepositAsync(ArchiveClient client, SampleDeposit deposit)
    {
        var depositing = new Depositing(client, deposit);
        await FinishAsync(depositing);
        return depositing;
    }

    /// <summary>Goes on with a deposit until it is released; fails the test when it ends otherwise.</summary>
    protected async Task FinishAsync(Depositing depositing)
    {
        var end = await depositing.ContinueAsync(Ct);
        Assert.AreEqual("Released", end.GetProperty("state").GetString(), $"{depositing.Accession}: {end}");
    }

    /// <summary>Downloads everything and compares SHA-256; fails the test for any difference.</summary>
    protected async Task CompareAsync(ArchiveClient client, params IEnumerable<Depositing> deposits)
    {
        foreach (var deposited in deposits)
        {
            var differences = await client.CompareAsync(deposited.Accession!, deposited.Deposit, Ct);
            Assert.IsEmpty(differences, string.Join('\n', differences));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes the test's folder.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Folder.Dispose();
    }
}
