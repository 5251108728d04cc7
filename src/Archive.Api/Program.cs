using Archive.Api;
using Archive.Api.Running;

if (args.Contains("--help"))
{
    Console.Write(Settings.Help());
    return 0;
}
try
{
    var settings = Settings.Read(args);
    // The framework's own sources of settings are not used: every setting stands in one catalogue.
    var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.AddArchive(settings);
    await using var app = builder.Build();
    app.UseArchive();
    var startup = app.Services.GetRequiredService<StartupService>();
    try
    {
        await app.RunAsync();
    }
    catch (OperationCanceledException)
    {
        // Stopped, by a signal or by a start that failed, before the server was up.
    }
    return startup.Failure is { } failure ? throw failure : 0;
}
catch (StartupException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}
