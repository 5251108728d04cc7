using System.Text.Json.Nodes;

namespace Archive.Demo.Deposit;

/// <summary>Deposits datasets as any depositor would, through the public API, each of them once.</summary>
internal sealed class DemoDeposit(ArchiveClient archive, TimeProvider clock, string? stateFile, string? mailFolder, TextWriter say)
{
    private const int ParallelUploads = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MailPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Deposits those that the archive does not have yet, and says what it does.</summary>
    /// <exception cref="DepositException">The archive refused one of them, or did not release it in 15 minutes.</exception>
    public async Task RunAsync(IReadOnlyList<GeneratedDataset> datasets, CancellationToken ct)
    {
        var state = DepositState.Load(stateFile);
        var missing = new List<GeneratedDataset>();
        foreach (var dataset in datasets)
        {
            var accession = state.Accessions.GetValueOrDefault(dataset.Title) ?? await archive.FindByTitleAsync(dataset.Title, ct);
            if (accession is null)
                missing.Add(dataset);
            else
                say.WriteLine($"{accession}  is there already: {dataset.Title}");
        }

        if (missing.Count == 0)
            return;
        state.Save(stateFile);
        await RegisterAsync(state.Depositor, ct);
        foreach (var dataset in missing)
        {
            state.Accessions[dataset.Title] = await DepositAsync(dataset, state, ct);
            state.Save(stateFile);
        }
    }

    private async Task RegisterAsync(Depositor who, CancellationToken ct)
    {
        await archive.RegisterAsync(who, ct);
        await archive.SignInAsync(who, ct);
        if (await archive.IsConfirmedAsync(ct)) return;
        if (mailFolder is null)
            throw new DepositException("the archive wants the depositor's address confirmed: give --mail the folder that it writes mails into (DATA/mail).");
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < MailPatience)
        {
            if (MailedToken.Find(mailFolder, who.Email) is { } token)
            {
                await archive.ConfirmAsync(token, ct);
                await archive.SignInAsync(who, ct);
                return;
            }
            await Task.Delay(Interval, clock, ct);
        }
        throw new DepositException($"no mail to the depositor came into {mailFolder}; an archive that hands mails to a server needs --confirm-email off for this.");
    }

    private async Task<string> DepositAsync(GeneratedDataset dataset, DepositState state, CancellationToken ct)
    {
        if (!state.Drafts.TryGetValue(dataset.Title, out var draft))
        {
            draft = await archive.CreateDraftAsync(ct);
            state.Drafts[dataset.Title] = draft;
            state.Save(stateFile);
            await FillAsync(draft, dataset, ct);
        }
        else
        {
            // An earlier run was cut off in this draft: a sealed one refuses the files and is only submitted again.
            try
            {
                await FillAsync(draft, dataset, ct);
            }
            catch (DepositException refused) when (refused.Message.Contains("draft-sealed", StringComparison.Ordinal))
            {
                say.WriteLine($"           goes on with what an earlier run submitted: {dataset.Title}");
            }
        }

        var submission = await archive.SubmitAsync(draft, ct);
        var accession = (string)submission["accession"]!;
        say.WriteLine($"{accession}  submitted: {dataset.Title}");
        await UntilReleasedAsync(Id(submission), accession, ct);
        return accession;
    }

    private async Task FillAsync(string draft, GeneratedDataset dataset, CancellationToken ct)
    {
        await archive.PutMetadataAsync(draft, dataset.PageTabJson, ct);
        var uploads = dataset.Uploads.ToList();
        say.WriteLine($"           uploads {uploads.Count} files: {dataset.Title}");
        await Parallel.ForEachAsync(uploads, new ParallelOptions { MaxDegreeOfParallelism = ParallelUploads, CancellationToken = ct },
            async (file, each) => await archive.PutFileAsync(draft, file, each));
    }

    private async Task UntilReleasedAsync(string id, string accession, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        string? said = null;
        while (clock.GetElapsedTime(start) < Patience)
        {
            var submission = await archive.SubmissionAsync(id, ct);
            var state = (string)submission["state"]!;
            if (state is "Rejected" or "Cancelled")
                throw new DepositException($"{accession} ended {state}: {submission["findings"]?.ToJsonString()}");
            if (state != said)
                say.WriteLine($"{accession}  {state}");
            if (state is "Released" or "Private")
                return;
            said = state;
            await Task.Delay(Interval, clock, ct);
        }

        throw new DepositException($"{accession} was not released within {Patience.TotalMinutes} minutes; it stands at {said}.");
    }

    /// <summary>The submit answer names the submission; its own resource calls the same value id.</summary>
    private static string Id(JsonNode submission) => (string)(submission["submission"] ?? submission["id"])!;
}
