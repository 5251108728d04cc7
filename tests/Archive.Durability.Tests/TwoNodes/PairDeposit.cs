using System.Globalization;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>What becomes of a deposit.</summary>
internal enum Fate
{
    /// <summary>Public with its commit.</summary>
    Public,

    /// <summary>Due in less time than one node's clock is ahead.</summary>
    Soon,

    /// <summary>The same a day later, so that its owner is reminded first.</summary>
    Warned,

    /// <summary>Waits for a curator.</summary>
    Curated,

    /// <summary>Under embargo for months.</summary>
    Embargoed,
}

/// <summary>One deposit of many, what it is, and how far it is.</summary>
internal sealed class PairDeposit
{
    /// <summary>By how much less than a node's clock is ahead a deposit is due.</summary>
    public static readonly TimeSpan DueIn = TimeSpan.FromMinutes(8);

    /// <summary>The collection whose datasets a curator lets pass.</summary>
    public const string CuratedCollection = "Curated";

    /// <summary>The number-th deposit.</summary>
    /// <param name="now">What the database's clock says.</param>
    public PairDeposit(int number, DateTimeOffset now)
    {
        Fate = (Fate)(number % 5);
        Date = Fate switch
        {
            Fate.Soon => now + DueIn,
            Fate.Warned => now + DueIn + TimeSpan.FromDays(1),
            Fate.Embargoed => new(now.UtcDateTime.Date.AddDays(200), TimeSpan.Zero),
            _ => new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        // To the second, written with another offset each; a date alone means 00:00 UTC wherever a node is.
        Date = DateTimeOffset.FromUnixTimeSeconds(Date.ToUnixTimeSeconds());
        var text = Fate is Fate.Soon or Fate.Warned
            ? Date.ToOffset(TimeSpan.FromHours((number % 27) - 12)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)
            : Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var sample = SampleDeposit.Generate(number, 1 + (number % 3), 200 + (number % 7 * 300), "nodes");
        Deposit = sample with
        {
            PageTabJson = sample.PageTabJson.Replace("2024-01-01", text, StringComparison.Ordinal)
                .Replace("\"BioImages\"", Fate == Fate.Curated ? $"\"{CuratedCollection}\"" : "\"BioImages\"", StringComparison.Ordinal),
        };
    }

    /// <summary>What becomes of it.</summary>
    public Fate Fate { get; }

    /// <summary>The release date that it asks for.</summary>
    public DateTimeOffset Date { get; }

    /// <summary>What is deposited.</summary>
    public SampleDeposit Deposit { get; }

    /// <summary>Whose it is, once somebody has begun with it.</summary>
    public string? Owner { get; private set; }

    /// <summary>How far it is, once somebody has begun with it.</summary>
    public Depositing? Depositing { get; private set; }

    /// <summary>The accession that was answered.</summary>
    public string Accession => Depositing!.Accession!;

    /// <summary>What the audit says of it in the end.</summary>
    public IEnumerable<string> Actions => Fate switch
    {
        Fate.Public or Fate.Embargoed => ["deposited"],
        Fate.Curated => ["approved", "deposited", "released"],
        _ => ["deposited", "released"],
    };

    /// <summary>Subjects of the mails that its owner has in the end.</summary>
    public IEnumerable<string> Subjects => Fate switch
    {
        Fate.Soon => [$"{Accession} is public"],
        Fate.Warned => [$"{Accession} becomes public in 1 day", $"{Accession} is public"],
        Fate.Curated => [$"{Accession} was approved", $"{Accession} is public"],
        _ => [],
    };

    /// <summary>Goes on until it is submitted, however often a node goes meanwhile.</summary>
    /// <returns>How many requests were cut.</returns>
    public async Task<int> SubmitAsync(ArchiveClient client, CancellationToken ct)
    {
        Owner = client.Email;
        Depositing ??= new(client, Deposit);
        for (var cut = 0; ; cut++)
        {
            try
            {
                await Depositing.ContinueToSubmissionAsync(ct);
                return cut;
            }
            catch (HttpRequestException e) when (e.StatusCode is null && cut < 20)
            {
                // The node that was asked is gone; the same is asked of the other.
            }
        }
    }
}
