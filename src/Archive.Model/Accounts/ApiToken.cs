using System.Text.Json.Serialization;

namespace Archive.Model.Accounts;

/// <summary>What a program may do with a token; never more than its account may.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenScope>))]
public enum TokenScope
{
    /// <summary>Reads what the account may read.</summary>
    Read,

    /// <summary>Also makes drafts, uploads, submits, and changes datasets.</summary>
    Deposit,

    /// <summary>Reads, with the higher rate limit of partners.</summary>
    Partner,

    /// <summary>Reads, and uses the addresses of operators: jobs, accounts, audit.</summary>
    Operate,
}

/// <summary>An API token. The token itself is told once and never stored.</summary>
/// <param name="Id">Names it towards its owner; 128 random bits as 32 hexadecimal digits.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="TokenHash">SHA-256 of the token, 64 lower-case hexadecimal digits.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="ExpiresAt">From then on it is worth nothing (UTC).</param>
public sealed record ApiToken(string Id, string Name, TokenScope Scope, string TokenHash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
