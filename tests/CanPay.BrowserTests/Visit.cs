using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>One browser profile, and what its console complained of.</summary>
internal sealed class Visit(IBrowserContext context) : IAsyncDisposable
{
    public IBrowserContext Context => context;

    public List<string> Problems { get; } = [];

    public void Watch(IPage page)
    {
        page.PageError += (_, error) => Problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Problems.Add(message.Text);
            }
        };
    }

    /// <summary>Chooses something in the shop and goes on to the form of the card.</summary>
    /// <param name="mobile">What the payer tells the shop, if anything.</param>
    public async Task<IPage> ToPaymentPage(Town town, string? mobile = null)
    {
        var page = await context.NewPageAsync();
        Watch(page);
        await page.GotoAsync(town.Shop);
        await page.GetByTestId("buy").First.ClickAsync();
        if (mobile is not null)
        {
            await page.Locator("[name=mobile]").FillAsync(mobile);
        }

        await page.GetByTestId("pay").ClickAsync();
        await Expect(page.Locator("[autocomplete=cc-number]")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>The way back would be taken by itself before a test has read the page; everything else is as it is.</summary>
    public Task StayAtTheEnd() => context.RouteAsync(
        "**/ipg/assets/return.*.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
