using Archive.Api.Running;
using Archive.Model.Errors;

namespace Archive.Api.Submissions;

/// <summary>Bounds the event streams that are open at once on this node: each holds a connection for as long as a submission runs.</summary>
internal sealed class EventStreams(Settings settings)
{
    private readonly long places = settings.Get(SettingCatalogue.EventStreams);
    private long taken;

    /// <summary>Takes a place; given back by disposing of it.</summary>
    /// <exception cref="ArchiveException">All are taken.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref taken) <= places) return new Place(this);
        Interlocked.Decrement(ref taken);
        throw new ArchiveException(Problems.Busy, $"{places} event streams are open.");
    }

    private sealed class Place(EventStreams streams) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) Interlocked.Decrement(ref streams.taken);
        }
    }
}
