namespace Archive.Storage.Metadata;

/// <summary>What a signal is about.</summary>
public enum SignalTopic
{
    /// <summary>A submission may be due.</summary>
    Submissions,

    /// <summary>A submission has moved: who follows it looks again.</summary>
    Progress,

    /// <summary>What the public sees has changed.</summary>
    Datasets,

    /// <summary>A mail may be due.</summary>
    Mails,
}

/// <summary>
/// Wakes waiting workers on this node at once and on other nodes through the database. A signal is only a wake-up: one may be
/// lost, and a sweep finds the row; so waiting always has an end.
/// </summary>
public interface IChangeSignal
{
    /// <summary>Wakes everyone who waits for the topic. Never fails: what cannot be sent is found by the sweep.</summary>
    Task SendAsync(SignalTopic topic, CancellationToken ct);

    /// <summary>Returns at the next signal of the topic, or at one sent since the last wait of the same listener, or after the time given.</summary>
    /// <param name="listener">Names the waiter, so that each hears every signal once.</param>
    Task WaitAsync(SignalTopic topic, string listener, TimeSpan atMost, CancellationToken ct);
}
