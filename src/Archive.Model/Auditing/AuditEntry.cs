using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Archive.Model.Accounts;

namespace Archive.Model.Auditing;

/// <summary>One thing that somebody did: who, when, what, before and after. Written once, never changed.</summary>
public sealed record AuditEntry
{
    /// <summary>The longest <see cref="Before"/> and <see cref="After"/> together, in bytes of UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Names the entry: what is added under one identifier twice stands once.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was done (UTC, the clock of the node that did it).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who did it; null for the archive itself or a stranger.</summary>
    public AccountId? Actor { get; init; }

    /// <summary>In whose place, where a curator acts for a depositor; else null.</summary>
    public AccountId? OnBehalfOf { get; init; }

    /// <summary>As what: a role in lower case, <c>archive</c> for a job, or <c>stranger</c>.</summary>
    public required string As { get; init; }

    /// <summary>The kind of thing that it was done to, such as <c>account</c> or <c>dataset</c>; lower case, at most 40 characters.</summary>
    public required string SubjectKind { get; init; }

    /// <summary>Which one: the text of its identifier, at most 200 characters.</summary>
    public required string SubjectId { get; init; }

    /// <summary>What was done: lower case with hyphens, such as <c>role-changed</c>; at most 60 characters.</summary>
    public required string Action { get; init; }

    /// <summary>What stood before, no secrets among it; null where nothing did.</summary>
    public JsonNode? Before { get; init; }

    /// <summary>What stands now, no secrets among it; null where nothing does.</summary>
    public JsonNode? After { get; init; }

    /// <summary>
    /// An entry of something done now. Values too long to keep are replaced by their length, since an entry may never keep what it
    /// tells of from being done.
    /// </summary>
    /// <param name="at">When (UTC).</param>
    /// <param name="actor">Who; null for the archive itself.</param>
    /// <param name="subjectKind">The kind of thing.</param>
    /// <param name="subjectId">Which one.</param>
    /// <param name="action">What was done.</param>
    /// <param name="before">What stood before; any value that is written as JSON, or null.</param>
    /// <param name="after">What stands now; likewise.</param>
    public static AuditEntry Of(
        DateTimeOffset at, Account? actor, string subjectKind, string subjectId, string action, object? before = null, object? after = null)
    {
        var (was, now) = (Node(before), Node(after));
        var (wasBytes, nowBytes) = (Bytes(was), Bytes(now));
        if (wasBytes + nowBytes > MaxBytes)
        {
            if (wasBytes > MaxBytes / 2) was = Omitted(wasBytes);
            if (nowBytes > MaxBytes / 2) now = Omitted(nowBytes);
        }
        return new AuditEntry
        {
            Id = Guid.CreateVersion7(),
            At = at,
            Actor = actor?.Id,
            As = actor is null ? "archive" : actor.Role.ToString().ToLowerInvariant(),
            SubjectKind = subjectKind,
            SubjectId = subjectId,
            Action = action,
            Before = was,
            After = now,
        };
    }

    private static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web);

    private static int Bytes(JsonNode? node) => node is null ? 0 : Encoding.UTF8.GetByteCount(node.ToJsonString());

    private static JsonObject Omitted(int bytes) => new() { ["omittedBytes"] = bytes };
}
