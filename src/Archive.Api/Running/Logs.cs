using Microsoft.Extensions.Logging.Console;

namespace Archive.Api.Running;

/// <summary>Where log lines go: standard output, as JSON for machines or as text for people.</summary>
internal static class Logs
{
    public static void Add(ILoggingBuilder logging, Settings settings)
    {
        var format = FormatOf(settings);
        logging.SetMinimumLevel(settings.Get(SettingCatalogue.LogLevels));
        // One line a request is written by our own middleware, with secrets left out of the query; the framework's would show them.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // Keys lie in the data folder beside what they protect, readable for its user alone; the framework warns of that at each start.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Quartz", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(options =>
            {
                options.IncludeScopes = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
            return;
        }
        logging.AddConsole(options => options.FormatterName = PlainConsole.FormatterName).AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
    }

    /// <summary>Whether each request gets a line, and not only those that failed.</summary>
    public static bool AreAllRequestsTold(Settings settings) => settings.Get(SettingCatalogue.LogRequests) switch
    {
        RequestLines.Auto => FormatOf(settings) == LogFormat.Json,
        var lines => lines == RequestLines.All,
    };

    private static LogFormat FormatOf(Settings settings) => settings.Get(SettingCatalogue.Logs) switch
    {
        LogFormat.Auto => Console.IsOutputRedirected ? LogFormat.Json : LogFormat.Text,
        var format => format,
    };
}
