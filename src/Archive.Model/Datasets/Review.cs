using System.Text.Json.Serialization;
using Archive.Model.Accounts;

namespace Archive.Model.Datasets;

/// <summary>Where a dataset stands with the curators.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewState>))]
public enum ReviewState
{
    /// <summary>In the queue: it stays private until a curator has looked at it.</summary>
    Waiting,

    /// <summary>A curator let it pass: its release date decides.</summary>
    Approved,

    /// <summary>A curator gave it back with a message: it stays private until a new version passes.</summary>
    Returned,
}

/// <summary>One thing that was decided about a dataset.</summary>
/// <param name="To">What it became.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Version">The newest version then.</param>
/// <param name="By">The curator; null for the archive, which puts datasets into the queue.</param>
/// <param name="Message">What the curator told the depositor; null for nothing.</param>
public sealed record ReviewMove(ReviewState To, DateTimeOffset At, int Version, AccountId? By, string? Message);

/// <summary>What curators decided about a dataset so far.</summary>
/// <param name="Moves">Oldest first, never empty; the newest <see cref="MaxMoves"/>.</param>
public sealed record Review(IReadOnlyList<ReviewMove> Moves)
{
    /// <summary>How many moves are kept.</summary>
    public const int MaxMoves = 100;

    /// <summary>The longest message in characters.</summary>
    public const int MaxMessage = 10_000;

    /// <summary>The last move.</summary>
    [JsonIgnore]
    public ReviewMove Last => Moves[^1];

    /// <summary>Where it stands.</summary>
    [JsonIgnore]
    public ReviewState State => Last.To;

    /// <summary>A review with one move more; the first one of a dataset when there is none yet.</summary>
    public static Review With(Review? before, ReviewMove move) => new([.. (before?.Moves ?? []).TakeLast(MaxMoves - 1), move]);
}
