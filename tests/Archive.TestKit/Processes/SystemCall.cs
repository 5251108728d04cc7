using System.Globalization;
using System.Text.RegularExpressions;

namespace Archive.TestKit.Processes;

/// <summary>A system call that has returned, as strace told it.</summary>
/// <param name="Thread">The thread that made it; 0 when strace left it out, which it does for a single thread.</param>
/// <param name="Name">Such as <c>fsync</c>.</param>
/// <param name="Arguments">As printed, file descriptors with what they stand for.</param>
/// <param name="Result">What it returned; -1 for an error.</param>
/// <param name="Error">The error's name, such as <c>EIO</c>; empty for success.</param>
/// <param name="IsInjected">Whether the kernel never saw the call: strace made the error up.</param>
/// <param name="Began">Where in the log it began; calls that began later have a greater number.</param>
/// <param name="Ended">Where in the log it returned, counted like <paramref name="Began"/>.</param>
public sealed partial record SystemCall(int Thread, string Name, string Arguments, long Result, string Error, bool IsInjected, int Began, int Ended)
{
    /// <summary>What the descriptor in the first argument stands for: a path, or a socket's description; empty when it is no descriptor.</summary>
    public string Descriptor => DescribedFirst().Match(Arguments).Groups["what"].Value;

    /// <summary>The texts in quotes among the arguments, such as paths.</summary>
    public IReadOnlyList<string> Texts => [.. Quoted().Matches(Arguments).Select(m => m.Groups["text"].Value)];

    [GeneratedRegex(@"^(\d+|AT_FDCWD)<(?<what>([^<>""]|->)*)>", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex DescribedFirst();

    [GeneratedRegex(@"""(?<text>([^""\\]|\\.)*)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Quoted();
}

/// <summary>
/// Reads strace's log (of <c>strace -f</c>, with or without <c>-o</c>) line by line and puts calls together that it printed in two
/// pieces.
/// </summary>
public sealed partial class SystemCallLog
{
    private readonly Dictionary<int, (string Name, string Arguments, int Began)> unfinished = [];
    private int lines;

    /// <summary>Reads the next line; the call that it ends, or null.</summary>
    public SystemCall? Read(string line)
    {
        var at = ++lines;
        var prefix = Prefix().Match(line);
        var thread = prefix.Groups["thread"].Length == 0 ? 0 : int.Parse(prefix.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture);
        var rest = line[prefix.Length..];
        if (Resumed().Match(rest) is { Success: true } resumed && unfinished.Remove(thread, out var begun))
            return Finish(thread, begun.Name, begun.Arguments + resumed.Groups["rest"].Value, begun.Began, at);
        if (Call().Match(rest) is not { Success: true } call) return null;
        if (!rest.EndsWith("<unfinished ...>", StringComparison.Ordinal)) return Finish(thread, call.Groups["name"].Value, call.Groups["rest"].Value, at, at);
        unfinished[thread] = (call.Groups["name"].Value, call.Groups["rest"].Value[..^"<unfinished ...>".Length], at);
        return null;
    }

    private static SystemCall? Finish(int thread, string name, string text, int began, int ended)
    {
        if (Outcome().Match(text) is not { Success: true } outcome) return null;
        var result = outcome.Groups["result"].Value is var number && number.StartsWith("0x", StringComparison.Ordinal)
            ? long.Parse(number.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : long.Parse(number, CultureInfo.InvariantCulture);
        return new(thread, name, outcome.Groups["arguments"].Value, result, outcome.Groups["error"].Value,
            outcome.Groups["rest"].Value.Contains("(INJECTED)", StringComparison.Ordinal), began, ended);
    }

    [GeneratedRegex(@"^((\[pid\s+(?<thread>\d+)\]|(?<thread>\d+))\s+)?", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(?<rest>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(?<name>\w+)\((?<rest>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<arguments>.*)\)\s+=\s+(?<result>-?\d+|0x[0-9a-f]+)(<[^""]*>)?(\s+(?<error>E[A-Z0-9]+))?(?<rest>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Outcome();
}
