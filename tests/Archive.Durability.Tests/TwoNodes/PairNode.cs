using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>One of two nodes, with a mail server of its own, so that what it sent can be told from what the other did.</summary>
/// <param name="process">Its process; neither started nor disposed of here.</param>
/// <param name="mails">Its mail server; disposed of by whoever made it.</param>
internal sealed class PairNode(ArchiveProcess process, SmtpServer mails) : IDisposable
{
    private CancellationTokenSource alive = new();

    /// <summary>The process.</summary>
    public ArchiveProcess Process => process;

    /// <summary>Who takes its mails.</summary>
    public SmtpServer Mails => mails;

    /// <summary>What it calls itself where it holds something.</summary>
    public string Name => $"{Environment.MachineName}-{process.ProcessId}";

    /// <summary>Whether it is known to answer nobody.</summary>
    public bool IsGone => alive.IsCancellationRequested;

    /// <summary>Ends when it is gone.</summary>
    public CancellationToken Gone => alive.Token;

    /// <summary>Tells who speaks to it that no answer will come: the process was stopped or killed.</summary>
    public void Leave() => alive.Cancel();

    /// <summary>Tells that it answers again.</summary>
    public void Return()
    {
        var old = Interlocked.Exchange(ref alive, new CancellationTokenSource());
        old.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => alive.Dispose();
}

/// <summary>
/// The way of a careful client to an archive of two nodes: it speaks to one until that one is gone, gives up what it waits for then, and
/// speaks to the other. What was asked of the one that is gone may still be done by it.
/// </summary>
internal sealed class FailOver(PairNode first, PairNode second) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>A client of two nodes; its address is none of theirs.</summary>
    public static HttpClient Client(PairNode first, PairNode second) =>
        new(new FailOver(first, second)) { BaseAddress = new("http://two-nodes.test/"), Timeout = TimeSpan.FromMinutes(2) };

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var node = first.IsGone ? second : first;
        var gone = node.Gone;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gone);
        request.RequestUri = new(node.Process.Address, request.RequestUri!.PathAndQuery);
        try
        {
            var answer = await base.SendAsync(request, either.Token);
            // The whole of it now: later nobody would look whether its node is gone.
            await answer.Content.LoadIntoBufferAsync(either.Token);
            return answer;
        }
        catch (Exception e) when (gone.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The node is gone.", e);
        }
    }
}
