using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every signal promises.</summary>
public abstract class ChangeSignalContract : MetadataContract<IChangeSignal>
{
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

    /// <summary>The signal as another node has it.</summary>
    protected abstract IChangeSignal OpenNode();

    [TestMethod]
    public async Task WaitAsync_WhenSentBefore_ReturnsAtOnceForEachListener()
    {
        await Store.SendAsync(SignalTopic.Submissions, Ct);

        await Store.WaitAsync(SignalTopic.Submissions, "one", Never, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await Store.WaitAsync(SignalTopic.Submissions, "two", Never, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [TestMethod]
    public async Task WaitAsync_WhenSentMeanwhile_Returns()
    {
        await SettleAsync(Store, SignalTopic.Datasets);
        var waiting = Store.WaitAsync(SignalTopic.Datasets, "one", Never, Ct);
        Assert.IsFalse(waiting.IsCompleted);

        await Store.SendAsync(SignalTopic.Submissions, Ct);
        Assert.IsFalse(waiting.IsCompleted, "another topic");
        await Store.SendAsync(SignalTopic.Datasets, Ct);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [TestMethod]
    public async Task WaitAsync_WhenAnotherNodeSends_Returns()
    {
        var node = OpenNode();
        await SettleAsync(Store, SignalTopic.Submissions);
        var waiting = Store.WaitAsync(SignalTopic.Submissions, "one", Never, Ct);

        await node.SendAsync(SignalTopic.Submissions, Ct);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [TestMethod]
    public async Task WaitAsync_WhenNothingIsSent_EndsAfterItsTime()
    {
        await SettleAsync(Store, SignalTopic.Datasets);
        await Store.WaitAsync(SignalTopic.Datasets, "one", TimeSpan.FromMilliseconds(20), Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    /// <summary>A signal may wake too often, for instance when its connection is made: waits until it is quiet.</summary>
    protected Task SettleAsync(IChangeSignal signal, SignalTopic topic) => Poll.Until(async () =>
    {
        var waiting = signal.WaitAsync(topic, "one", TimeSpan.FromMilliseconds(300), Ct);
        await Task.WhenAny(waiting, Task.Delay(200, Ct));
        var quiet = !waiting.IsCompleted;
        await waiting;
        return quiet;
    }, "no signal comes by itself", Ct);
}
