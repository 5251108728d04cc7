using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Storage.Metadata;

namespace Archive.Api.Accounts;

/// <summary>Has what must follow the write of an account follow: at once by its writer, and for writers that died by a sweep.</summary>
internal sealed partial class AccountEffects(IAccountStore accounts, EffectDrain drain, ILogger<AccountEffects> log)
{
    private const int MaxRaces = 5;

    /// <summary>Follows up a write that was made. Never fails: what is left is found by the sweep.</summary>
    public async Task FollowAsync(Account account)
    {
        if (await EffectDrain.TryFollowAsync(limited => DrainAsync(account, limited), CancellationToken.None) is { } fault) LogLeft(log, account.Id, fault);
    }

    /// <summary>Follows up every account whose effects are still to follow, and returns their number.</summary>
    public Task<int> SweepAsync(CancellationToken ct) =>
        EffectDrain.SweepAsync<Account>((last, size) => accounts.ListWithEffectsAsync(last?.Id, size, ct), account => DrainAsync(account, ct));

    private async Task DrainAsync(Account account, CancellationToken ct)
    {
        var done = PendingEffects.None;
        for (var race = 0; race < MaxRaces; race++)
        {
            var open = account.Effects.Without(done);
            await drain.ApplyAsync(open, ct);
            done = account.Effects;
            if (account.Effects.IsEmpty || await accounts.TryReplaceAsync(account with { Effects = PendingEffects.None }, ct)) return;
            if (await accounts.FindAsync(account.Id, ct) is not { } now) return;
            account = now;
        }
    }

    [LoggerMessage(LogLevel.Warning, "What must follow a change of the account {Id} waits for the next sweep")]
    private static partial void LogLeft(ILogger log, AccountId id, Exception fault);
}

/// <summary>Sweeps from the moment the process is ready: at the start what a killed process left, then what others left.</summary>
internal sealed partial class AccountEffectsWorker(AccountEffects effects, Readiness readiness, TimeProvider clock, ILogger<AccountEffectsWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await effects.SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The database does not answer just now. Nothing may end this loop.
                LogTrouble(log, fault);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Accounts with open effects could not be looked for; the next look comes soon")]
    private static partial void LogTrouble(ILogger log, Exception fault);
}
