using System.Globalization;
using System.Security.Cryptography;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>What must be true of deposits that two nodes took in, told from the deposits alone; read past the archive's own code.</summary>
internal static class PairOracle
{
    /// <summary>Each deposit is one dataset of one version with one record of each thing that was done, and no other dataset is there.</summary>
    public static async Task CheckDatasetsAsync(NodePair pair, IReadOnlyList<PairDeposit> deposits, int cut, CancellationToken ct)
    {
        Same(deposits.Select(d => $"{d.Accession} {d.Depositing!.Submission} {(d.Fate == Fate.Embargoed ? "Private" : "Released")}"),
            await pair.QueryAsync("""
                SELECT accession || ' ' || replace(data#>>'{versions,0,submission}', '-', '') || ' ' || state
                FROM datasets WHERE jsonb_array_length(data->'versions') = 1
                """, ct), "datasets of one version");
        // Wherever a node is; of the others the day of their submission stands, which is for the database's clock to say.
        var dated = deposits.Where(d => d.Fate is Fate.Soon or Fate.Warned or Fate.Embargoed).ToDictionary(d => d.Accession, StringComparer.Ordinal);
        Same(dated.Values.Select(d => $"{d.Accession} {Instant(d.Date)}"),
            (await pair.QueryAsync("SELECT accession || ' ' || to_char(release_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM datasets", ct))
                .Where(l => dated.ContainsKey(l.Split(' ')[0])), "release dates");
        Same(deposits.Select(d => $"{d.Depositing!.Submission} {d.Accession} {(d.Fate == Fate.Public ? "Released" : "Private")}"),
            await pair.QueryAsync("SELECT replace(id::text, '-', '') || ' ' || accession || ' ' || (data->>'state') FROM submissions", ct), "submissions and their ends");
        Same(deposits.SelectMany(d => d.Actions.Select(a => $"{d.Accession} {a}")),
            await pair.QueryAsync("SELECT subject_id || ' ' || (data->>'action') FROM audit WHERE subject_kind = 'dataset'", ct), "entries of the audit");
        Assert.IsEmpty(await pair.QueryAsync("""
            SELECT accession || ' released at ' || (a.data->>'at') || ', due at ' || release_at FROM datasets JOIN audit a ON subject_id = accession
            WHERE subject_kind = 'dataset' AND a.data->>'action' = 'released' AND (a.data->>'at')::timestamptz < release_at
            """, ct), "released before their time");
        Assert.IsEmpty(await pair.QueryAsync("SELECT 'draft ' || id FROM drafts WHERE data->>'accession' IS NOT NULL", ct), "drafts that were submitted are left");
        // Each number of the feed was given to the one public change of one dataset. A write that did not come about takes its number back.
        var open = deposits.Count(d => d.Fate != Fate.Embargoed);
        Same(Enumerable.Range(1, open).Select(n => n.ToString(CultureInfo.InvariantCulture)),
            await pair.QueryAsync("SELECT change::text FROM datasets WHERE change > 0", ct), "numbers of the feed");
        Assert.AreEqual(open, await pair.CountAsync("SELECT last FROM number_series WHERE name = 'change'", ct), "the feed told a change that is none");
        await CheckAccessionsAsync(pair, deposits, cut, ct);
    }

    /// <summary>Each file of each deposit is one object with the right bytes; nothing was ever written over it.</summary>
    public static async Task CheckObjectsAsync(NodePair pair, IReadOnlyList<PairDeposit> deposits, CancellationToken ct)
    {
        var wanted = new List<string>();
        foreach (var deposit in deposits)
            foreach (var file in deposit.Deposit.Uploads)
                wanted.Add($"{deposit.Accession} {file.Path} {file.LengthBytes} {await file.HashAsync(ct)} {deposit.Depositing!.Submission}");
        Same(wanted, await pair.QueryAsync("""
            SELECT accession || ' ' || path || ' ' || length_bytes || ' ' || encode(sha256, 'hex') || ' ' || replace(submission::text, '-', '') FROM file_references
            """, ct), "references");
        var keys = await pair.QueryAsync("SELECT object_key || ' ' || encode(sha256, 'hex') FROM file_references", ct);
        Assert.HasCount(keys.Count, keys.Distinct(StringComparer.Ordinal), "an object has two references");
        foreach (var line in keys)
        {
            var (key, sha256) = (line[..^65], line[^64..]);
            await using var content = File.OpenRead(Path.Combine(pair.Objects, key));
            Assert.AreEqual(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct)), key);
        }
        Assert.IsEmpty(await pair.QueryAsync("""
            SELECT object_key || ' of attempts ' || array_to_string(attempts, ',') FROM file_references f JOIN submissions s ON s.id = f.submission
            WHERE NOT split_part(object_key, '/', 3)::bigint = ANY (attempts)
            """, ct), "objects of attempts that were none");
    }

    /// <summary>Each mail that should be was sent once, under one Message-ID, and no other was.</summary>
    /// <param name="addresses">Of everybody who registered: each confirmed once.</param>
    /// <param name="held">Message-IDs of mails that somebody was sending when a node was stopped; they may have gone out once more.</param>
    public static void CheckMails(NodePair pair, IReadOnlyList<PairDeposit> deposits, IEnumerable<string> addresses, IReadOnlySet<string> held)
    {
        var sent = pair.Nodes.SelectMany(n => n.Mails.Taken.Select(m => (m.To, Bytes: Convert.ToBase64String(m.Message), Mail: ReceivedMail.Parse(m.Message)))).ToList();
        Same(addresses.Select(a => $"{a} Confirm your e-mail address").Concat(deposits.SelectMany(d => d.Subjects.Select(s => $"{d.Owner} {s}"))),
            sent.DistinctBy(m => m.Mail.MessageId).Select(m => $"{m.To} {m.Mail.Subject}"), "mails");
        foreach (var again in sent.GroupBy(m => m.Mail.MessageId).Where(g => g.Count() > 1))
        {
            Assert.Contains(again.Key, held, $"{again.First().Mail.Subject} was sent {again.Count()} times though nobody died.");
            Assert.AreEqual(2, again.Count(), again.First().Mail.Subject);
            Assert.AreEqual(1, again.Select(m => m.Bytes).Distinct(StringComparer.Ordinal).Count(), "a repetition differs");
        }
    }

    /// <summary>What every depositor is shown by either node.</summary>
    public static async Task CheckListsAsync(IEnumerable<ArchiveClient> depositors, IReadOnlyList<PairDeposit> deposits, CancellationToken ct)
    {
        foreach (var depositor in depositors)
        {
            Same(deposits.Where(d => d.Owner == depositor.Email).Select(d => $"{d.Depositing!.Submission} {d.Accession} 1"),
                (await depositor.ListAsync("/api/submissions", ct)).Select(s =>
                    $"{s.GetProperty("id").GetString()} {s.GetProperty("accession").GetString()} {s.GetProperty("version").GetInt32()}"), "what a depositor is shown");
        }
    }

    /// <summary>Fails the test with what is missing and what is too many.</summary>
    public static void Same(IEnumerable<string> wanted, IEnumerable<string> found, string what)
    {
        var (left, right) = (Counted(wanted), Counted(found));
        var missing = left.Except(right, StringComparer.Ordinal).Take(20).ToList();
        var surplus = right.Except(left, StringComparer.Ordinal).Take(20).ToList();
        Assert.IsTrue(missing.Count == 0 && surplus.Count == 0, $"{what}\nmissing:\n{string.Join('\n', missing)}\nsurplus:\n{string.Join('\n', surplus)}");
    }

    // Numbers go up, none is used again, and none is lost but to a request that was cut.
    private static async Task CheckAccessionsAsync(NodePair pair, IReadOnlyList<PairDeposit> deposits, int cut, CancellationToken ct)
    {
        Assert.AreEqual(deposits.Count, deposits.Select(d => d.Accession).Distinct(StringComparer.Ordinal).Count(), "an accession was given twice");
        var gaps = 0L;
        foreach (var series in deposits.GroupBy(d => d.Accession.TrimEnd("0123456789".ToCharArray())))
        {
            var highest = series.Max(d => long.Parse(d.Accession.AsSpan(series.Key.Length), CultureInfo.InvariantCulture));
            var last = await pair.CountAsync($"SELECT last FROM number_series WHERE name = 'accession/{series.Key}'", ct);
            Assert.IsGreaterThanOrEqualTo(highest, last);
            gaps += last - series.Count();
        }
        Assert.IsLessThanOrEqualTo(cut, gaps, "More numbers are lost than requests were cut.");
    }

    // Each with how often it is there.
    private static IEnumerable<string> Counted(IEnumerable<string> lines) => lines.CountBy(l => l, StringComparer.Ordinal).Select(l => l.Value == 1 ? l.Key : $"{l.Key} ({l.Value} times)");

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
