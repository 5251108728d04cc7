using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Submissions;

/// <summary>Bounds the event streams that are open at once on this node: each holds a connection for as long as a submission runs.</summary>
internal sealed class EventStreams(Settings settings)
{
    // One account cannot take every place.
    private const long Share = 10;

    private readonly long places = settings.Get(SettingCatalogue.EventStreams);
    private readonly Lock gate = new();
    private readonly Dictionary<AccountId, long> byAccount = [];
    private long taken;

    /// <summary>Takes a place; given back by disposing of it.</summary>
    /// <exception cref="ArchiveException">All are taken, or all that one account may have.</exception>
    public IDisposable Enter(AccountId account)
    {
        lock (gate)
        {
            var own = byAccount.GetValueOrDefault(account);
            if (taken >= places || own >= Math.Max(1, places / Share))
                throw new ArchiveException(Problems.Busy, $"{taken} event streams are open, {own} of them yours.");
            taken++;
            byAccount[account] = own + 1;
        }
        return new Place(this, account);
    }

    private void Leave(AccountId account)
    {
        lock (gate)
        {
            taken--;
            if (--byAccount[account] == 0) byAccount.Remove(account);
        }
    }

    private sealed class Place(EventStreams streams, AccountId account) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) streams.Leave(account);
        }
    }
}
