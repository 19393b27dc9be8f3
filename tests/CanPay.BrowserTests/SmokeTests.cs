namespace CanPay.BrowserTests;

public sealed class SmokeTests
{
    [Fact]
    public void Runs() => Assert.True(File.Exists("/usr/bin/chromium"));
}
