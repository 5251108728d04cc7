namespace Archive.Indexer.Tests.Support;

/// <summary>How much a run tries.</summary>
internal static class TestSize
{
    /// <summary>Whether all is tried that may take minutes: <c>ARCHIVE_TEST_LONG=1</c>.</summary>
    public static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";
}
