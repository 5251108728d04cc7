using Archive.Model.Accounts;
using Archive.Model.Mail;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>An archive whose clock the test sets.</summary>
public sealed partial class DraftExpiryTests
{
    private async Task<World> WorldAsync()
    {
        var world = new World(await Ground.CreateAsync(Ct), TestContext);
        await world.SetAsync(Begun);
        await world.Node.Accounts.TryAddAsync(world.Owner, Ct);
        return world;
    }

    private sealed class World(Ground ground, TestContext test) : IAsyncDisposable
    {
        public Ground Ground { get; } = ground;

        public DateTimeOffset Now { get; private set; }

        public Account Owner { get; } = new()
        {
            Id = AccountId.New(), Email = "ada@example.org", Name = "Ada", PasswordHash = null, Role = Role.Depositor, CreatedAt = Begun,
        };

        public Node Node => field ??= new Node(Ground);

        private CancellationToken Ct => test.CancellationToken;

        public Task SetAsync(DateTimeOffset at)
        {
            Now = at;
            return Ground.Database.SetClockAsync(at, Ct);
        }

        public Task<Draft> PrepareAsync() => Node.PrepareAsync(new Dictionary<string, byte[]> { ["a.tif"] = [1, 2, 3] }, Ct, owner: Owner.Id);

        public async Task<long> CountAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(Ground.Database.ConnectionString);
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync(Ct))!;
        }

        public async Task<List<OutgoingMail>> MailsAsync(string template)
        {
            await using var connection = new NpgsqlConnection(Ground.Database.ConnectionString);
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("SELECT data::text FROM mails WHERE data ->> 'template' = $1 ORDER BY created_at, id", connection) { Parameters = { new() { Value = template } } };
            await using var reader = await command.ExecuteReaderAsync(Ct);
            var mails = new List<OutgoingMail>();
            while (await reader.ReadAsync(Ct)) mails.Add(System.Text.Json.JsonSerializer.Deserialize<OutgoingMail>(reader.GetString(0), System.Text.Json.JsonSerializerOptions.Web)!);
            return mails;
        }

        public ValueTask DisposeAsync() => Ground.DisposeAsync();
    }
}
