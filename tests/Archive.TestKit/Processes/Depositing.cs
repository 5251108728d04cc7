using System.Net;
using System.Text.Json;

namespace Archive.TestKit.Processes;

/// <summary>
/// One deposit on its way through the public API, as a careful program does it: what was not answered is repeated. A call that
/// fails because the archive is gone throws; after a restart <see cref="ContinueAsync"/> goes on where it stood.
/// </summary>
/// <param name="client">Signed in as the depositor.</param>
/// <param name="deposit">What is deposited.</param>
public sealed class Depositing(ArchiveClient client, SampleDeposit deposit)
{
    private readonly HashSet<string> uploaded = new(StringComparer.Ordinal);
    private bool hasPageTab;

    /// <summary>What is deposited.</summary>
    public SampleDeposit Deposit => deposit;

    /// <summary>The draft, once it was begun.</summary>
    public string? Draft { get; private set; }

    /// <summary>The submission's id, once an answer told it.</summary>
    public string? Submission { get; private set; }

    /// <summary>The accession, once an answer told it.</summary>
    public string? Accession { get; private set; }

    /// <summary>How many submit requests were sent without an answer.</summary>
    public int AnswersLost { get; private set; }

    /// <summary>Begins the draft and sends its page tab.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        Draft ??= await client.BeginDraftAsync(ct);
        if (hasPageTab) return;
        await client.PutPageTabAsync(Draft, deposit.PageTabJson, ct);
        hasPageTab = true;
    }

    /// <summary>Uploads what is not uploaded yet, <paramref name="atOnce"/> files at a time.</summary>
    public async Task UploadAsync(CancellationToken ct, int atOnce = 4)
    {
        var missing = deposit.Uploads.Where(f => !uploaded.Contains(f.Path)).ToList();
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = ct }, async (file, stop) =>
        {
            // After a crash the archive may hold the place of the upload that was cut for a moment.
            await Poll.Until(() => TryPutAsync(file, stop), $"the upload of {file.Path} was let in", stop, TimeSpan.FromMinutes(3));
            lock (uploaded) uploaded.Add(file.Path);
        });
    }

    /// <summary>Submits; repeated, it checks that the answer is the same.</summary>
    /// <exception cref="InvalidOperationException">A repetition was answered otherwise.</exception>
    public async Task SubmitAsync(CancellationToken ct)
    {
        JsonElement answer;
        try
        {
            answer = await client.SubmitAsync(Draft!, ct);
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            AnswersLost++;
            throw;
        }
        var (submission, accession) = (answer.GetProperty("submission").GetString()!, answer.GetProperty("accession").GetString()!);
        if (Submission is not null && (submission, accession) != (Submission, Accession))
            throw new InvalidOperationException($"The repetition answered {submission} {accession}, not {Submission} {Accession}.");
        (Submission, Accession) = (submission, accession);
    }

    /// <summary>Goes on from wherever it stood until the submission has ended, and returns it.</summary>
    public async Task<JsonElement> ContinueAsync(CancellationToken ct, TimeSpan? within = null)
    {
        await ContinueToSubmissionAsync(ct);
        return await client.WaitForEndAsync(Submission!, within ?? TimeSpan.FromMinutes(4), ct);
    }

    /// <summary>Goes on from wherever it stood until an answer has told the submission.</summary>
    public async Task ContinueToSubmissionAsync(CancellationToken ct)
    {
        if (Submission is not null) return;
        // A submit whose answer was cut is repeated first: when it took effect the draft is sealed, and uploads would be refused.
        if (AnswersLost == 0 || uploaded.Count < deposit.Uploads.Count())
        {
            await BeginAsync(ct);
            await UploadAsync(ct);
        }
        await SubmitAsync(ct);
    }

    private async Task<bool> TryPutAsync(SampleFile file, CancellationToken ct)
    {
        try
        {
            using var content = new StreamContent(file.Open(), 1 << 20);
            content.Headers.ContentLength = file.LengthBytes;
            await client.PutFileAsync(Draft!, file.Path, content, ct);
            return true;
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }
}
