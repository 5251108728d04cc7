using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Http;

/// <summary>Bounds how often something costly is done at once on this node, in all and for one account.</summary>
/// <param name="all">Places.</param>
/// <param name="ofOne">Places that one account may have, so that it cannot take every one.</param>
/// <param name="what">What the places are for, in the plural, for the refusal.</param>
internal abstract class Places(long all, long ofOne, string what)
{
    private readonly Lock gate = new();
    private readonly Dictionary<AccountId, long> byAccount = [];
    private long taken;

    /// <summary>Takes a place; given back by disposing of it.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Busy"/>: all are taken, or all that one account may have.</exception>
    public IDisposable Enter(AccountId account)
    {
        lock (gate)
        {
            var own = byAccount.GetValueOrDefault(account);
            if (taken >= all || own >= ofOne) throw new ArchiveException(Problems.Busy, $"{taken} {what} are under way, {own} of them yours.");
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

    private sealed class Place(Places places, AccountId account) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) places.Leave(account);
        }
    }
}
