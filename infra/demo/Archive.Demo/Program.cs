using System.Globalization;
using Archive.Demo;
using Archive.Demo.Datasets;
using Archive.Demo.Deposit;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
switch (args)
{
    case ["generate", var folder, .. var options]:
        var seed = Number(options, "--seed", 1);
        IReadOnlyList<GeneratedDataset> datasets = options.Contains("--files")
            ? [NumberedDataset.Create((int)Number(options, "--files", 1), seed, today)]
            : DemoDatasets.All(today, seed);
        for (var i = 0; i < datasets.Count; i++)
        {
            var target = datasets.Count == 1 ? folder : Path.Combine(folder, (i + 1).ToString(CultureInfo.InvariantCulture));
            datasets[i].WriteUnder(target);
            Console.WriteLine($"{target}: {datasets[i].Files.Count()} files, {datasets[i].Title}");
        }

        return 0;

    case ["deposit", .. var options] when Value(options, "--url") is { } url && Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var archive):
        using (var client = new ArchiveClient(archive, TimeProvider.System))
            return await DepositAsync(client, Value(options, "--state"), Value(options, "--mail"), DemoDatasets.All(today, Number(options, "--seed", 1)));

    default:
        Console.Error.WriteLine("""
            usage: Archive.Demo deposit --url URL [--state FILE] [--mail DIR] [--seed S]
                       deposits five demonstration datasets through the public API; FILE keeps the depositor's
                       sign-in and what was deposited, so that a second run deposits nothing; DIR is where the
                       archive writes mails, one of which confirms the depositor's address
                   Archive.Demo generate DIR [--files N] [--seed S]
                       writes them, or one plate of N small images, under DIR
            """);
        return 2;
}

async Task<int> DepositAsync(ArchiveClient client, string? stateFile, string? mailFolder, IReadOnlyList<GeneratedDataset> datasets)
{
    try
    {
        await new DemoDeposit(client, TimeProvider.System, stateFile, mailFolder, Console.Out).RunAsync(datasets, stop.Token);
        return 0;
    }
    catch (Exception failure) when (failure is DepositException or HttpRequestException)
    {
        Console.Error.WriteLine($"The demonstration deposit stopped: {failure.Message}");
        return 1;
    }
    catch (OperationCanceledException)
    {
        return 130;
    }
}

static string? Value(string[] options, string name)
{
    var at = Array.IndexOf(options, name);
    return at >= 0 && at + 1 < options.Length ? options[at + 1] : null;
}

static long Number(string[] options, string name, long otherwise) =>
    Value(options, name) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : otherwise;
