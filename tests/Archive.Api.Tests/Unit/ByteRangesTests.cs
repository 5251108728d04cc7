using Archive.Api.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

/// <summary>Examples of RFC 9110, section 14.1.2, and what the archive refuses to follow.</summary>
[TestClass]
public sealed class ByteRangesTests
{
    [TestMethod]
    [DataRow("bytes=0-499", "0-499")]
    [DataRow("bytes=500-999", "500-999")]
    [DataRow("bytes=-500", "9500-9999")]
    [DataRow("bytes=9500-", "9500-9999")]
    [DataRow("bytes=0-0,-1", "0-0 9999-9999")]
    [DataRow("bytes= 0-999, 4500-5499, -1000", "0-999 4500-5499 9000-9999")]
    [DataRow("bytes=500-700,601-999", "500-700 601-999")]
    [DataRow("bytes=10000-", "")]
    public void Read_WhenTheStandardsExample_GivesItsRanges(string header, string expected)
    {
        var ranges = Read(header);

        Assert.AreEqual(expected, string.Join(' ', ranges!.Select(r => $"{r.First}-{r.Last}")));
    }

    [TestMethod]
    [DataRow("bytes=5-2")]
    [DataRow("bytes")]
    [DataRow("items=0-5")]
    [DataRow("bytes=0-,0-")]
    [DataRow("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16,17-17,18-18,19-19,20-20,21-21,22-22,23-23,24-24,25-25,26-26,27-27,28-28,29-29,30-30,31-31,32-32")]
    public void Read_WhenNotToBeFollowed_AsksForTheWholeFile(string header) => Assert.IsNull(Read(header));

    private static IReadOnlyList<ByteRange>? Read(string header) =>
        ByteRanges.Read(new HeaderDictionary { ["Range"] = header }, 10_000, new EntityTagHeaderValue("\"x\""));
}
