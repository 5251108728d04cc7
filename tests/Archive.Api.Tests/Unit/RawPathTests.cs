using Archive.Api.Http;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

[TestClass]
public sealed class RawPathTests
{
    [TestMethod]
    [DataRow("/files/S-BIAR1/a.tif")]
    [DataRow("/files/S-BIAR1/a%20b/%C3%A9.tif?x=%2F..%2F")]
    [DataRow("/files/S-BIAR1/..hidden/a..b/...")]
    [DataRow("/files/S-BIAR1/100%25.tif")]
    [DataRow("/files/S-BIAR1/%252F")]
    [DataRow("/")]
    public void Fault_WhenThePathIsPlain_IsNull(string target) => Assert.IsNull(RawPath.Fault(target));

    [TestMethod]
    [DataRow("/a/../b")]
    [DataRow("/a/./b")]
    [DataRow("/a/..")]
    [DataRow("/a/%2e%2E/b")]
    [DataRow("/a/.%2e/b")]
    [DataRow("/a%2Fb")]
    [DataRow("/a%2fb")]
    [DataRow("/a%5cb")]
    [DataRow("/a\\b")]
    [DataRow("/a%00")]
    [DataRow("/a%")]
    [DataRow("/a%4")]
    [DataRow("/a%zz")]
    [DataRow("/a%C3")]
    [DataRow("/a%C0%AF")]
    [DataRow("/a%ED%A0%80")]
    public void Fault_WhenThePathIsAmbiguousOrClimbs_SaysSo(string target) => Assert.IsNotNull(RawPath.Fault(target));
}
