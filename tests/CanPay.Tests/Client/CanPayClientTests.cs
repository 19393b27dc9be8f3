using CanPay.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.Client;

public sealed class CanPayClientTests : IAsyncLifetime
{
    private const string Token = "SNHQA1TYFGSFARZUM5A03YXJWOAOHJ";

    private readonly HttpClient _http = new();
    private CannedGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await CannedGateway.Start();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_guides_own_token_answer_is_understood()
    {
        _gateway.Answer = (_, _, context) => CannedGateway.Write(
            context, "{\n \"status\":true,\n \"data\":{\n \"url\":\"https://canpay.ir/ipg/" + Token + "\",\n \"token\":\"" + Token + "\"\n }\n}");

        var token = await Client().RequestTokenAsync(ARequest() with { IdempotencyKey = "k" });

        Assert.Equal(new PaymentToken(Token, new Uri("https://canpay.ir/ipg/" + Token)), token);
        var (path, body, key) = Assert.Single(_gateway.Asked);
        Assert.Equal("/api/ipg/token", path);
        Assert.Equal("""{"merchant":"111-222-333-444","amount":10000,"callback_url":"https://site.com/verify","invoice_id":"47"}""", body);
        Assert.Equal("k", key);
    }

    [Fact]
    public async Task The_guides_own_verify_answer_is_understood()
    {
        _gateway.Answer = (_, _, context) => CannedGateway.Write(
            context, """{"status":true,"data":{"card":"5022-29**-****-7122","reference":"141167552421"}}""");

        var verification = await Client().VerifyAsync(Token, 10_000);

        Assert.Equal(new Verification("5022-29**-****-7122", "141167552421"), verification);
        Assert.Equal($$"""{"merchant":"111-222-333-444","token":"{{Token}}","amount":10000}""", _gateway.Asked[0].Body);
    }

    [Fact]
    public async Task A_refusal_carries_what_the_gateway_said()
    {
        _gateway.Answer = (_, _, context) => CannedGateway.Write(
            context, """{"status":false,"error":"payment_cancelled","code":805,"message":"m","description":"d"}""", 409);

        var refusal = await Assert.ThrowsAsync<CanPayRefusedException>(() => Client().VerifyAsync(Token));

        Assert.Equal((805, "payment_cancelled", "m", "d"), (refusal.Code, refusal.Name, refusal.GatewayMessage, refusal.Description));
        Assert.True(refusal.IsNotPaid);
        Assert.Single(_gateway.Asked);
    }

    [Theory]
    [InlineData("{\"status\": false, \"error\": error \"code\": xxx}", 400)]
    [InlineData("<html>", 502)]
    [InlineData("", 200)]
    [InlineData("null", 200)]
    [InlineData("{}", 200)]
    [InlineData("{\"status\":true}", 200)]
    [InlineData("{\"status\":true,\"data\":{}}", 200)]
    [InlineData("{\"status\":false,\"error\":\"internal_error\",\"code\":901}", 500)]
    public async Task What_cannot_be_read_is_no_answer_and_no_crash(string body, int status)
    {
        _gateway.Answer = (_, _, context) => CannedGateway.Write(context, body, status);

        await Assert.ThrowsAsync<CanPayUnavailableException>(() => Client(retries: 0).VerifyAsync(Token));
    }

    [Fact]
    public async Task An_outage_is_outlived()
    {
        _gateway.Answer = (number, _, context) => number < 3
            ? CannedGateway.Write(context, "", 503)
            : CannedGateway.Write(context, """{"status":true,"data":{"card":"c","reference":"r"}}""");

        Assert.Equal("r", (await Client(retries: 2).VerifyAsync(Token)).Reference);
        Assert.Equal(3, _gateway.Asked.Count);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_told_and_not_waited_for()
    {
        _gateway.Answer = (_, _, context) =>
        {
            context.Response.Headers.RetryAfter = "60";
            context.Response.Headers["X-Request-Id"] = "theirs";
            return CannedGateway.Write(context, """{"status":false,"error":"too_many_requests","code":606,"message":"","description":""}""", 429);
        };

        var error = await Assert.ThrowsAsync<CanPayUnavailableException>(() => Client(retries: 2).VerifyAsync(Token));

        Assert.Equal((TimeSpan.FromSeconds(60), CanPayErrors.TooManyRequests, "theirs"), (error.RetryAfter, error.Name, error.RequestId));
        Assert.Single(_gateway.Asked);
    }

    [Fact]
    public async Task The_key_and_an_id_of_the_request_go_along_and_the_id_is_told_where_nobody_answers()
    {
        var heard = new List<(string? Key, string? Id)>();
        _gateway.Answer = (_, _, context) =>
        {
            heard.Add((context.Request.Headers.Authorization, context.Request.Headers["X-Request-Id"]));
            context.Abort();
            return Task.CompletedTask;
        };
        var client = new CanPayClient(_http, new CanPayOptions { BaseUrl = _gateway.Address, Merchant = "m", ApiKey = "cpk_test_x", MaxRetries = 1, RetryDelay = TimeSpan.Zero });

        var error = await Assert.ThrowsAsync<CanPayUnavailableException>(() => client.PingAsync());

        Assert.Equal([("Bearer cpk_test_x", error.RequestId), ("Bearer cpk_test_x", error.RequestId)], heard);
        Assert.Equal("""{"merchant":"m"}""", _gateway.Asked[0].Body);
    }

    [Fact]
    public async Task Who_cancels_waits_no_longer_and_hears_of_no_outage()
    {
        using var cancel = new CancellationTokenSource();
        _gateway.Answer = async (_, _, context) =>
        {
            await cancel.CancelAsync();
            context.Abort();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(retries: 5).VerifyAsync(Token, cancellationToken: cancel.Token));
        Assert.Single(_gateway.Asked);
    }

    [Theory]
    [InlineData("http://canpay.ir/", "cpk_live_x", "https only")]
    [InlineData("https://canpay.ir/", "secret", "cpk_")]
    [InlineData("/api", null, "BaseUrl")]
    public void A_key_goes_nowhere_in_clear(string address, string? key, string problem)
    {
        var options = new CanPayOptions { BaseUrl = new Uri(address, UriKind.RelativeOrAbsolute), Merchant = "m", ApiKey = key };

        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => new CanPayClient(_http, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_or_does_not_answer_is_unavailable()
    {
        _gateway.Answer = async (_, _, context) => await Task.Delay(5_000, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        await Assert.ThrowsAsync<CanPayUnavailableException>(() => Client(retries: 0, timeoutMs: 100).VerifyAsync(Token));
        await Assert.ThrowsAsync<CanPayUnavailableException>(
            () => Client(retries: 0, address: new Uri("http://127.0.0.1:1/")).VerifyAsync(Token));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("yes", false)]
    public void A_callback_is_read(string success, bool isSuccess)
    {
        var fields = new Dictionary<string, string> { ["success"] = success, ["token"] = Token, ["amount"] = "10000", ["invoice_id"] = "47" };

        Assert.Equal(new PaymentCallback(isSuccess, Token, 10_000, "47"), PaymentCallback.Parse(fields.GetValueOrDefault));
    }

    [Theory]
    [InlineData("token", "x")]
    [InlineData("amount", "1e4")]
    [InlineData("amount", "-1")]
    [InlineData("invoice_id", "")]
    public void What_is_no_callback_is_nothing(string field, string value)
    {
        var fields = new Dictionary<string, string> { ["success"] = "1", ["token"] = Token, ["amount"] = "10000", ["invoice_id"] = "47" };
        fields[field] = value;

        Assert.Null(PaymentCallback.Parse(fields.GetValueOrDefault));
        Assert.Null(PaymentCallback.Parse(_ => null));
    }

    [Fact]
    public void Options_that_are_not_complete_are_named()
    {
        var services = new ServiceCollection();
        services.AddCanPay(_ => { });
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<CanPayClient>());
        Assert.Contains("CanPay:Merchant", error.Message, StringComparison.Ordinal);
    }

    private static TokenRequest ARequest() => new(10_000, new Uri("https://site.com/verify"), "47");

    private CanPayClient Client(int retries = 0, int timeoutMs = 5_000, Uri? address = null) => new(_http, new CanPayOptions
    {
        BaseUrl = address ?? _gateway.Address,
        Merchant = "111-222-333-444",
        Timeout = TimeSpan.FromMilliseconds(timeoutMs),
        MaxRetries = retries,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    });
}
