using System.Text.RegularExpressions;

namespace Archive.Api.Errors;

/// <summary>Tells callers in words of the API what the framework tells programmers, with types of C# and hints about services.</summary>
internal static partial class BindingFault
{
    private const int MaxValueChars = 100;
    private const int TimeoutMilliseconds = 1000;

    /// <summary>The sentence for a message of the framework about a request that does not fit its endpoint.</summary>
    public static string Describe(string message)
    {
        if (message.Contains("no body was provided", StringComparison.Ordinal)) return "The body is missing: send a JSON object.";
        if (Missing().Match(message) is { Success: true } missing) return $"The parameter {missing.Groups["name"].Value} is missing.";
        if (Unfit().Match(message) is not { Success: true } unfit) return message;
        var (name, value) = (unfit.Groups["name"].Value, unfit.Groups["value"].Value);
        if (value.Length > MaxValueChars) value = value[..MaxValueChars] + "…";
        var isNumber = unfit.Groups["type"].Value.Trim('?') is "int" or "long" or "Nullable<int>" or "Nullable<long>";
        return $"The parameter {name} does not take '{value}'{(isNumber ? ": give a whole number." : ".")}";
    }

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\S+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, TimeoutMilliseconds)]
    private static partial Regex Unfit();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\S+)" was not provided""", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex Missing();
}
