namespace Archive.TestKit;

/// <summary>Where this checkout is, and what may lie beside it.</summary>
public static class Repository
{
    /// <summary>The folder of Archive.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the configuration that the running tests were built with.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release" : "Debug";

    /// <summary>The folder of real inputs beside the checkout, or null where it is absent; tests then skip and say so.</summary>
    public static string? RealData { get; } = Path.Combine(Root, "..", "shared", "data") is var folder && Directory.Exists(folder)
        ? Path.GetFullPath(folder) : null;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Archive.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in a checkout: no Archive.sln above them.");
    }
}
