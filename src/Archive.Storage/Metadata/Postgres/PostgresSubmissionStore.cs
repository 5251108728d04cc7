using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Submissions in PostgreSQL. Leases, waits and what is due are judged by its clock alone.</summary>
/// <param name="clock">This node's clock, by which the holder of a submission wrote <see cref="Waiting.NextTry"/>.</param>
public sealed class PostgresSubmissionStore(MetadataDatabase database, TimeProvider clock) : ISubmissionStore
{
    private const string Others = "attempt, attempts, cancel_requested, lease_until IS NULL, due_at, owner";
    internal const string Columns = $"data, {Others}";

    // Findings are counted where they lie: a list of submissions with a thousand each would be hundreds of megabytes.
    internal const string Listed = $$"""
        jsonb_set(data - 'named', '{report}', jsonb_build_object('findings', '[]'::jsonb, 'omitted',
            jsonb_array_length(data#>'{report,findings}') + (data#>>'{report,omitted}')::bigint)), {{Others}}
        """;

    /// <inheritdoc/>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>: another submission of the accession is active.</exception>
    public async Task<Submission> AddAsync(Submission submission, CancellationToken ct)
    {
        await database.ExecuteAsync(new Statement("""
            INSERT INTO submissions (id, accession, owner, active, cancel_requested, data, draft) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING
            """, submission.Id.Value, submission.Accession.ToString(), submission.Owner.Value, !submission.IsEnded,
            submission.CancelRequested, Json.From(submission), submission.Draft.Value), ct);
        return await FindAsync(submission.Id, ct) ?? throw new ArchiveException(
            Problems.Conflict, $"Another submission of {submission.Accession} is being worked on.");
    }

    /// <inheritdoc/>
    public Task<Submission?> FindAsync(SubmissionId id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM submissions WHERE id = $1", id.Value), Read, ct);

    /// <inheritdoc/>
    public Task<Submission?> LeaseNextAsync(string node, TimeSpan lease, CancellationToken ct) =>
        // A lease that lapses puts the submission behind those that wait already: one that kills its node starves no other.
        database.WriteOneAsync(new Statement($"""
            WITH due AS (
                SELECT id FROM submissions
                WHERE active AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED),
            taken AS (
                UPDATE number_series SET last = last + 1 WHERE name = 'attempt' AND EXISTS (SELECT 1 FROM due) RETURNING last)
            UPDATE submissions s SET attempt = taken.last, attempts = s.attempts || taken.last, node = $1,
                lease_until = clock_timestamp() + $2, due_at = clock_timestamp() + $2
            FROM due, taken WHERE s.id = due.id
            RETURNING {Columns}
            """, node, lease), Read, ct);

    /// <inheritdoc/>
    public Task<Submission?> RenewAsync(Submission held, TimeSpan lease, CancellationToken ct) => database.WriteOneAsync(new Statement($"""
        UPDATE submissions SET lease_until = clock_timestamp() + $3, due_at = clock_timestamp() + $3,
            data = jsonb_set(data, ARRAY['progress'], $4)
        WHERE id = $1 AND attempt = $2 AND active AND lease_until > clock_timestamp()
        RETURNING {Columns}
        """, held.Id.Value, held.Attempt, lease, Json.From(held.Progress)), Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TrySaveAsync(Submission submission, CancellationToken ct)
    {
        // The holder's clock may be wrong, but it measured the wait with it: the length of the wait is right.
        var wait = submission.Waiting is { } waiting ? waiting.NextTry - clock.GetUtcNow() : TimeSpan.Zero;
        var saved = await database.ExecuteAsync(new Statement("""
            UPDATE submissions SET data = $3, active = $4, cancel_requested = cancel_requested OR $5,
                lease_until = CASE WHEN $4 AND NOT $6 THEN lease_until END,
                due_at = CASE WHEN NOT $6 THEN due_at WHEN cancel_requested OR $5 THEN now() ELSE now() + $7 END,
                unswept_since = CASE WHEN NOT $4 AND (NOT $9 OR cardinality(attempts) > 1) THEN now() END,
                sweep_due_at = CASE WHEN NOT $4 AND (NOT $9 OR cardinality(attempts) > 1) THEN now() END
            WHERE id = $1 AND attempt = $2 AND active AND lease_until > clock_timestamp()
                AND NOT ($8 AND cancel_requested AND NOT data @> '{"isPublishing": true}')
            """, submission.Id.Value, submission.Attempt, Json.From(submission), !submission.IsEnded, submission.CancelRequested,
            submission.Waiting is not null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, submission.IsPublishing,
            submission.State is SubmissionState.Private or SubmissionState.Released), ct);
        return saved > 0;
    }

    /// <inheritdoc/>
    public async Task<bool> RequestCancelAsync(SubmissionId id, CancellationToken ct) => await database.ExecuteAsync(new Statement("""
        UPDATE submissions SET cancel_requested = true,
            due_at = CASE WHEN lease_until > clock_timestamp() THEN due_at ELSE least(due_at, now()) END
        WHERE id = $1 AND active AND NOT data @> '{"isPublishing": true}'
        """, id.Value), ct) > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<SubmissionId, string>> ReadMarksAsync(IReadOnlyCollection<SubmissionId> submissions, CancellationToken ct) =>
        // The transaction that wrote the row: each write here is one of its own.
        (await database.ReadAllAsync(new Statement(
            "SELECT id, xmin::text FROM submissions WHERE id = ANY($1)", submissions.Select(s => s.Value).ToArray()),
            row => (Id: new SubmissionId(row.GetGuid(0)), Mark: row.GetString(1)), ct)).ToDictionary(r => r.Id, r => r.Mark);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Submission>> ListAsync(
        AccountId? owner, DraftId? draft, SubmissionId? after, int size, CancellationToken ct)
    {
        var values = new List<object> { after?.Value ?? Guid.AllBitsSet, size };
        var which = "";
        if (owner is { } one) Require("owner", one.Value);
        if (draft is { } from) Require("draft", from.Value);
        return await database.ReadAllAsync(
            new Statement($"SELECT {Listed} FROM submissions WHERE id < $1{which} ORDER BY id DESC LIMIT $2", [.. values]), Read, ct);

        void Require(string column, Guid value)
        {
            values.Add(value);
            which += $" AND {column} = ${values.Count}";
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Submission>> ListByAccessionAsync(Accession accession, CancellationToken ct) =>
        await database.ReadAllAsync(
            new Statement($"SELECT {Listed} FROM submissions WHERE accession = $1 ORDER BY id", accession.ToString()), Read, ct);

    internal static Submission Read(NpgsqlDataReader row)
    {
        var read = Json.Read<Submission>(row, 0);
        var isIdle = row.GetBoolean(4);
        return read with
        {
            // Whose it is may have changed since it was submitted; the document keeps what was.
            Owner = new AccountId(row.GetGuid(6)),
            Attempt = row.GetInt64(1),
            Attempts = row.GetFieldValue<long[]>(2),
            CancelRequested = row.GetBoolean(3),
            Waiting = read.Waiting is { } waiting && isIdle ? waiting with { NextTry = row.GetFieldValue<DateTimeOffset>(5) } : read.Waiting,
        };
    }
}
