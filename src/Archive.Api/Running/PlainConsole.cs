using System.Globalization;
using Archive.Api.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Archive.Api.Running;

/// <summary>Log lines for people: the time, what happened, and a word before it where something is wrong. Faults of the archive show where they were.</summary>
internal sealed class PlainConsole(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var word = logEntry.LogLevel switch
        {
            LogLevel.Critical or LogLevel.Error => "ERROR ",
            LogLevel.Warning => "Warning: ",
            _ => "",
        };
        textWriter.Write(clock.GetLocalNow().ToString("HH:mm:ss  ", CultureInfo.InvariantCulture));
        textWriter.Write(word);
        textWriter.Write(RequestLog.Printable(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } fault)
        {
            if (logEntry.LogLevel >= LogLevel.Error) textWriter.Write(Environment.NewLine + fault);
            else textWriter.Write($" ({RequestLog.Printable(fault.GetBaseException().Message)})");
        }
        textWriter.WriteLine();
    }
}
