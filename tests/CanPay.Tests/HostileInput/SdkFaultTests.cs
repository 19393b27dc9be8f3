using System.Net;
using System.Text;
using CanPay.Client;
using Microsoft.Extensions.Time.Testing;
using Reader = CanPay.Client.Webhooks;

namespace CanPay.Tests.HostileInput;

/// <summary>Answers and messages over which the SDK threw what it does not name. A fuzzer found them.</summary>
public sealed class SdkFaultTests
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    [Theory]
    [InlineData("""{"status":true,"dat\ud800a":{"refund_id":"R","token":"T"}}""")]
    [InlineData("""{"\ud800\ud800status":true}""")]
    [InlineData("""{"status":true,"data":{"refund_id":"\udc00","token":"T"}}""")]
    public async Task An_answer_that_is_no_Unicode_says_nothing_of_the_payment(string body)
    {
        using var http = new HttpClient(new Answering(body));
        var client = new CanPayClient(http, new CanPayOptions { BaseUrl = new Uri("https://pay.example"), Merchant = "111", MaxRetries = 0 });

        await Assert.ThrowsAsync<CanPayUnavailableException>(() => client.GetRefundAsync("R", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"type":"payment.verified","created_at":"2026-11-28T10:00:00Z"}""")]
    [InlineData("""{"type":"payment.verified","created_at":"2026-11-28T10:00:00Z","data":[]}""")]
    [InlineData("""{"type":"payment.verified","created_at":"2026-11-28T10:00:00Z","data":{"tok\ud800en":1}}""")]
    [InlineData("""{"ty\ud800pe":"payment.verified"}""")]
    public void A_signed_message_without_a_payment_is_called_unreadable(string body)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_795_000_000));
        var bytes = Encoding.UTF8.GetBytes(body);

        var read = new Reader([Secret], clock: clock).Read(
            "evt_1", "1795000000", Reader.Sign(Secret, "evt_1", clock.GetUtcNow(), bytes), bytes, out var problem);

        Assert.Null(read);
        Assert.Equal(WebhookProblem.Unreadable, problem);
    }

    private sealed class Answering(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
    }
}
