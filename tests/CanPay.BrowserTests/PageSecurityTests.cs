using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static CanPay.BrowserTests.Steps;
using static Microsoft.Playwright.Assertions;

namespace CanPay.BrowserTests;

/// <summary>What other pages, and whoever slips something into ours, can do: nothing. In a real browser.</summary>
public sealed partial class PageSecurityTests(Town town) : IClassFixture<Town>
{
    [Fact]
    public async Task The_page_loads_the_scripts_of_the_inventory_and_no_others()
    {
        await using var context = await town.Chromium.NewContextAsync();
        var scripts = new HashSet<string>(StringComparer.Ordinal);
        var foreign = new List<string>();
        context.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest && request.Frame.Url.StartsWith(town.Gateway, StringComparison.Ordinal))
            {
                if (request.ResourceType == "script")
                {
                    scripts.Add(Hash().Replace(new Uri(request.Url).Segments[^1], "."));
                }

                if (!request.Url.StartsWith(town.Gateway, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                {
                    foreign.Add(request.Url);
                }
            }
        };

        var page = await new Visit(context).ToPaymentPage(town);
        await Fill(page, SlowApproval);
        await page.Locator("#pay").ClickAsync();
        var receipt = await context.RunAndWaitForPageAsync(() => page.Locator("a.to-receipt").ClickAsync());
        await Expect(receipt.Locator("#receipt")).ToBeVisibleAsync();

        var inventory = Row().Matches(await File.ReadAllTextAsync(Path.Combine(Town.Root, "docs", "payer-page.md"), Ct))
            .Select(match => match.Groups["script"].Value);
        Assert.Equal(inventory.Order(StringComparer.Ordinal), scripts.Order(StringComparer.Ordinal));
        Assert.Empty(foreign);
    }

    [Fact]
    public async Task What_is_slipped_into_the_page_does_not_run()
    {
        await using var context = await town.Chromium.NewContextAsync();
        var page = await new Visit(context).ToPaymentPage(town);

        await page.EvaluateAsync("""
            () => {
                window.ran = [];
                const inline = document.createElement('script');
                try { inline.append("window.ran.push('inline')"); document.body.append(inline); } catch { }
                const image = document.createElement('img');
                try { image.setAttribute('onerror', "window.ran.push('attribute')"); } catch { }
                image.src = '/nowhere';
                document.body.append(image);
                try { document.body.innerHTML += '<b>html</b>'; window.ran.push('html'); } catch { }
                const far = document.createElement('link');
                far.rel = 'stylesheet';
                far.href = 'http://localhost:9/x.css';
                document.head.append(far);
            }
            """);
        await page.WaitForTimeoutAsync(500);

        Assert.Empty(await page.EvaluateAsync<string[]>("() => window.ran"));
    }

    [Fact]
    public async Task The_page_is_not_shown_in_a_frame_of_others()
    {
        await using var context = await town.Chromium.NewContextAsync();
        var token = await Token(context);
        await using var elsewhere = new Elsewhere($"<iframe src='{town.Gateway}/ipg/{token}'></iframe>");
        var page = await context.NewPageAsync();
        await page.GotoAsync(elsewhere.Url);
        await page.WaitForTimeoutAsync(500);

        Assert.DoesNotContain(page.Frames, frame => frame != page.MainFrame && frame.Url.StartsWith(town.Gateway, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_form_of_another_site_pays_nothing_even_in_the_payer_s_browser()
    {
        await using var context = await town.Chromium.NewContextAsync();
        var page = await new Visit(context).ToPaymentPage(town);
        var token = new Uri(page.Url).Segments[2].Trim('/');
        var form = await page.Locator("input[name=form]").First.InputValueAsync();
        await using var elsewhere = new Elsewhere($"""
            <form method=post action='{town.Gateway}/ipg/{token}/pay'>
            <input name=pan value=5022290000087122><input name=cvv2 value=123><input name=month value=12><input name=year value=09>
            <input name=pin value=12345><input name=form value='{form}'><button>go</button></form>
            """);
        var before = (await town.AllBooks()).Length;
        var thief = await context.NewPageAsync();
        await thief.GotoAsync(elsewhere.Url);
        await thief.Locator("button").ClickAsync();

        // The browser kept its cookie to itself: for the gateway it is somebody who has never been at this page.
        await Expect(thief.GetByRole(AriaRole.Heading)).ToBeVisibleAsync();
        Assert.Equal(before, (await town.AllBooks()).Length);
        await page.ReloadAsync();
        await Expect(page.Locator("#pan")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_browser_cannot_go_on_where_one_has_begun()
    {
        await using var first = await town.Chromium.NewContextAsync();
        await using var second = await town.Chromium.NewContextAsync();
        var page = await new Visit(first).ToPaymentPage(town);
        var address = page.Url;
        await Fill(page, Approved);
        await page.Locator("#pay").ClickAsync();
        await Expect(page.Locator("a.to-receipt")).ToBeVisibleAsync();

        var thief = await second.NewPageAsync();
        await thief.GotoAsync(address);

        Assert.Equal(0, await thief.Locator("a.to-receipt, #pan, [name=token]").CountAsync());
    }

    private const string Approved = "5022290000087122";

    /// <summary>Its bank takes so long that the waiting page is shown.</summary>
    private const string SlowApproval = "6273530000010002";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<string> Token(IBrowserContext context)
    {
        var page = await new Visit(context).ToPaymentPage(town);
        var token = new Uri(page.Url).Segments[2].Trim('/');
        await page.CloseAsync();
        return token;
    }

    [GeneratedRegex(@"\.[0-9a-f]{10}\.")]
    private static partial Regex Hash();

    [GeneratedRegex(@"^\| `(?<script>[a-z.]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    /// <summary>Another site: <c>localhost</c> is not <c>127.0.0.1</c>.</summary>
    private sealed class Elsewhere : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public Elsewhere(string body)
        {
            Url = $"http://localhost:{FreePorts.Next()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _serving = Serve(Encoding.UTF8.GetBytes("<!doctype html><meta charset=utf-8>" + body));
        }

        public string Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        private async Task Serve(byte[] body)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.OutputStream.WriteAsync(body);
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed.
            }
        }
    }
}
