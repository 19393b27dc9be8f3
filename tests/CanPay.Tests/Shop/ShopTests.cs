using System.Net;
using System.Text.RegularExpressions;
using CanPay.Samples.Shop;
using CanPay.Tests.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Shop;

/// <summary>The demo shop against a gateway that answers as a test says.</summary>
public sealed partial class ShopTests : IAsyncLifetime
{
    private const string Token = "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ";
    private const string Paid = """{"status":true,"data":{"card":"5022-29**-****-7122","reference":"141167552421"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-shop-").FullName;
    private CannedGateway _gateway = null!;
    private WebApplication _shop = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await CannedGateway.Start();
        _gateway.Answer = (_, path, context) => CannedGateway.Write(
            context, path.EndsWith("token", StringComparison.Ordinal)
                ? $$$"""{"status":true,"data":{"url":"{{{_gateway.Address}}}ipg/{{{Token}}}","token":"{{{Token}}}"}}"""
                : Paid);
        _shop = ShopHost.Build(
            [$"--Shop:DataFolder={_folder}", "--Shop:Url=http://127.0.0.1:0", "--Shop:PublicUrl=http://127.0.0.1:5090",
                $"--CanPay:BaseUrl={_gateway.Address}", "--CanPay:MaxRetries=0"],
            builder => builder.Logging.ClearProviders());
        await _shop.StartAsync();
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_shop.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _shop.DisposeAsync();
        await _gateway.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Orders Orders => _shop.Services.GetRequiredService<Orders>();

    [Fact]
    public async Task Buying_leads_to_the_gateway_with_the_orders_number()
    {
        var response = await Buy();

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal($"{_gateway.Address}ipg/{Token}", response.Headers.Location!.AbsoluteUri);
        Assert.Contains("\"invoice_id\":\"1\"", _gateway.Asked[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"amount\":1850000", _gateway.Asked[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_callback_delivers_once()
    {
        await Buy();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ComeBack()));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode));
        var order = Orders.ByNumber("1")!;
        Assert.Equal((OrderStatus.Paid, "141167552421"), (order.Status, order.Reference));
        Assert.False(Orders.MarkPaid(order, "x", "y"));
        Assert.Contains("data-status=\"paid\"", await _http.GetStringAsync(answers[0].Headers.Location), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("amount", "1000")]
    [InlineData("invoice_id", "2")]
    [InlineData("token", "")]
    public async Task A_forged_callback_delivers_nothing(string field, string value)
    {
        await Buy();

        var answer = await ComeBack((field, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(OrderStatus.Pending, Orders.ByNumber("1")!.Status);
        Assert.DoesNotContain(_gateway.Asked, asked => asked.Path.EndsWith("verify", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_verification_without_an_answer_heals_by_itself()
    {
        await Buy();
        var isDown = true;
        _gateway.Answer = (_, _, context) => isDown ? CannedGateway.Write(context, "", 503) : CannedGateway.Write(context, Paid);

        var answer = await ComeBack();
        Assert.Contains("data-status=\"unknown\"", await _http.GetStringAsync(answer.Headers.Location), StringComparison.Ordinal);
        isDown = false;
        foreach (var order in Orders.Open(DateTimeOffset.UtcNow))
        {
            await _shop.Services.GetRequiredService<CanPay.Samples.Shop.Payments>().Settle(order, CancellationToken.None);
        }

        Assert.Equal(OrderStatus.Paid, Orders.ByNumber("1")!.Status);
    }

    [Theory]
    [InlineData("payment_cancelled", OrderStatus.Cancelled)]
    [InlineData("payment_failed", OrderStatus.Failed)]
    [InlineData("payment_returned", OrderStatus.Failed)]
    public async Task What_was_not_paid_is_shown_as_such(string error, object status)
    {
        await Buy();
        _gateway.Answer = (_, _, context) => CannedGateway.Write(
            context, $$"""{"status":false,"error":"{{error}}","code":800,"message":"","description":""}""", 409);

        await ComeBack(("success", "0"));

        Assert.Equal((OrderStatus)status, Orders.ByNumber("1")!.Status);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_said_and_nothing_breaks()
    {
        _gateway.Answer = (_, _, context) => CannedGateway.Write(context, "", 503);

        var response = await Buy();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("در دسترس نیست", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> Buy()
    {
        var page = await _http.GetStringAsync("/checkout/tea");
        return await _http.PostAsync("/checkout/tea", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups[1].Value,
        }));
    }

    private Task<HttpResponseMessage> ComeBack(params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string> { ["success"] = "1", ["token"] = Token, ["amount"] = "1850000", ["invoice_id"] = "1" };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return _http.PostAsync("/payment/callback", new FormUrlEncodedContent(fields));
    }

    [GeneratedRegex("""__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex FormToken();
}
