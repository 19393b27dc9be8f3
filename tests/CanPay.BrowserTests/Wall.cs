using Microsoft.Playwright;

namespace CanPay.BrowserTests;

/// <summary>Where the pictures of one kind of screen hang.</summary>
internal sealed class Wall(string name)
{
    private readonly List<(string State, byte[] Picture)> _pictures = [];

    public async Task Hang(IPage page, string state)
    {
        await page.EvaluateAsync("document.fonts.ready");
        await Steps.AssertAccessible(page);
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{state} is too wide");
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            _pictures.Add((state, await page.ScreenshotAsync(new() { FullPage = true })));
        }
    }

    public async Task Photograph(IBrowser browser)
    {
        if (_pictures.Count == 0)
        {
            return;
        }

        var figures = string.Concat(_pictures.Select(picture =>
            $"<figure><img src='data:image/png;base64,{Convert.ToBase64String(picture.Picture)}'><figcaption>{picture.State}</figcaption></figure>"));
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 } });
        await page.SetContentAsync($$"""
            <style>
            body{margin:20px;background:#8a94a3;font:16px sans-serif;display:flex;flex-wrap:wrap;gap:18px;align-items:start}
            figure{margin:0}img{display:block;width:{{(name.StartsWith("desktop", StringComparison.Ordinal) ? 375 : 205)}}px;border-radius:8px}figcaption{padding:6px 2px;color:#fff}
            </style>{{figures}}
            """);
        var folder = Directory.CreateDirectory(Path.Combine(Town.Root, "docs", "images")).FullName;
        await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"states-{name}.jpg"), Type = ScreenshotType.Jpeg, Quality = 80 });
        await page.CloseAsync();
    }
}
