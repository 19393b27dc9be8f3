using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>What a first visit costs a payer with a slow line, as a browser counts it on the wire: headers, too.</summary>
public sealed class WeightTests(Town town) : IClassFixture<Town>
{
    private const int FirstLoadBytes = 45 * 1024;

    [Theory]
    [InlineData("fa-IR")]
    [InlineData("en-US")]
    public async Task The_first_load_of_the_page_is_small(string locale)
    {
        await using var context = await town.Chromium.NewContextAsync(new() { Locale = locale });
        var page = await context.NewPageAsync();
        await page.GotoAsync(town.Shop);
        await page.GetByTestId("buy").First.ClickAsync();
        var network = await context.NewCDPSessionAsync(page);
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        var bytes = new Dictionary<string, double>(StringComparer.Ordinal);
        network.Event("Network.responseReceived").OnEvent += (_, e) =>
            addresses[Id(e)] = e!.Value.GetProperty("response").GetProperty("url").GetString()!;
        network.Event("Network.loadingFinished").OnEvent += (_, e) => bytes[Id(e)] = e!.Value.GetProperty("encodedDataLength").GetDouble();
        await network.SendAsync("Network.enable");

        await page.GetByTestId("pay").ClickAsync();
        await Expect(page.Locator("[autocomplete=cc-number]")).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var loaded = bytes.Where(pair => addresses[pair.Key].StartsWith(town.Gateway, StringComparison.Ordinal))
            .ToDictionary(pair => addresses[pair.Key].Split('/')[^1], pair => pair.Value, StringComparer.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', loaded.Select(pair => $"{pair.Value,6} {pair.Key}")));
        Assert.Equal(4, loaded.Count); // page, style, script, font
        Assert.InRange(loaded.Values.Sum(), 1, FirstLoadBytes);
    }

    private static string Id(JsonElement? e) => e!.Value.GetProperty("requestId").GetString()!;
}
