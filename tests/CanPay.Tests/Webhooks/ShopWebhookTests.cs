using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CanPay.Gateway.Webhooks;
using CanPay.Samples.Shop;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Webhooks;

/// <summary>The demo shop is told by the gateway itself: gateway, card network, payer and shop on real sockets.</summary>
public sealed partial class ShopWebhookTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-shop-").FullName;
    private readonly Uri _address = new($"http://127.0.0.1:{FreePorts.Next()}/");
    private World _world = null!;
    private WebhookSecret _secret = null!;
    private WebApplication _shop = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.Start("--Webhooks:PollMs=50", "--Webhooks:RetrySeconds=1");
        _secret = await WebhookFlowTests.AddEndpoint(_world, new Uri(_address, "payment/webhook"));
        _shop = ShopHost.Build(
            [$"--Shop:DataFolder={_folder}", $"--Shop:Url={_address.GetLeftPart(UriPartial.Authority)}", $"--Shop:WebhookSecret={_secret.Reveal()}",
                $"--CanPay:BaseUrl={_world.Http.BaseAddress}"],
            builder => builder.Logging.ClearProviders());
        await _shop.StartAsync();
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = _address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _shop.DisposeAsync();
        await _world.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Orders Orders => _shop.Services.GetRequiredService<Orders>();

    [Fact]
    public async Task An_order_whose_payer_never_comes_back_is_paid_all_the_same()
    {
        var page = await Buy();
        using (var browser = _world.NewBrowser())
        {
            await browser.Pay(page.Segments[^1]); // and closes the window
        }

        await _world.Until(() => Task.FromResult(Orders.ByNumber("1")!.Status is OrderStatus.Paid));

        Assert.Equal((await _world.Payment(page.Segments[^1])).Rrn, Orders.ByNumber("1")!.Reference);
        Assert.True((await _world.Payment(page.Segments[^1])).VerifiedAt is not null);
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("no signature")]
    [InlineData("old")]
    [InlineData("another body")]
    public async Task What_the_gateway_did_not_sign_moves_no_order(string what)
    {
        var token = (await Buy()).Segments[^1];
        var body = $$$"""{"type":"payment.paid","id":"evt_1","data":{"token":"{{{token}}}","invoice_id":"1","amount":1850000}}""";
        var at = DateTimeOffset.UtcNow - (what == "old" ? TimeSpan.FromMinutes(6) : TimeSpan.Zero);
        var signature = (what == "another secret" ? WebhookSecret.New() : _secret).Sign("evt_1", at, Encoding.UTF8.GetBytes(body));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payment/webhook")
        {
            Content = new StringContent(what == "another body" ? body.Replace("paid", "failed", StringComparison.Ordinal) : body),
        };
        request.Headers.Add("webhook-id", "evt_1");
        request.Headers.Add("webhook-timestamp", $"{at.ToUnixTimeSeconds()}");
        request.Headers.Add("webhook-signature", what == "no signature" ? "v1," : signature);

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(OrderStatus.Pending, Orders.ByNumber("1")!.Status);
    }

    /// <returns>The payer's page.</returns>
    private async Task<Uri> Buy()
    {
        var page = await _http.GetStringAsync("/checkout/tea");
        using var answer = await _http.PostAsync("/checkout/tea", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value,
        }));
        return answer.Headers.Location!;
    }

    [GeneratedRegex("""__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex FormToken();
}
