using CanPay.Client;
using CanPay.Client.Testing;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Client;

/// <summary>Every call of the client, against the gateway in memory that merchants get for their own tests.</summary>
public sealed class CallTests : IDisposable
{
    private static readonly Uri Callback = new("http://127.0.0.1:5090/payment/callback");

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeGateway _gateway;
    private readonly HttpClient _http;
    private readonly CanPayClient _client;

    public CallTests()
    {
        _gateway = new FakeGateway(clock: _clock);
        _http = new HttpClient(_gateway);
        _client = new CanPayClient(_http, _gateway.Options);
    }

    public void Dispose()
    {
        _http.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public async Task A_payment_from_the_order_to_the_money()
    {
        var token = await Begin("47");
        var callback = _gateway.Pay(token);
        var first = await _client.VerifyAsync(token, 10_000);
        var second = await _client.VerifyAsync(token, 10_000);

        Assert.Equal(new PaymentCallback(true, token, 10_000, "47"), callback);
        Assert.True(callback.IsOf(token, 10_000));
        Assert.False(callback.IsOf(token, 10_001));
        Assert.Equal((10_000, "47", false, true), (first.AmountRials, first.InvoiceId, first.AlreadyVerified, second.AlreadyVerified));
        Assert.Equal(first.Reference, second.Reference);
    }

    [Fact]
    public async Task A_lost_call_and_a_lost_answer_are_outlived()
    {
        var token = await Begin("47");
        _gateway.Pay(token);
        _gateway.LoseNextCall();
        _gateway.LoseNextAnswer();

        var verification = await _client.VerifyAsync(token, 10_000);

        Assert.True(verification.AlreadyVerified); // and yet this caller hears of it for the first time
        Assert.Equal(["token", "verify", "verify"], _gateway.Calls); // the lost call did not arrive
    }

    [Fact]
    public async Task An_outage_that_lasts_is_told()
    {
        var token = await Begin("47");
        for (var i = 0; i < 3; i++)
        {
            _gateway.RefuseNextCall();
        }

        var error = await Assert.ThrowsAsync<CanPayUnavailableException>(() => _client.VerifyAsync(token));

        Assert.Equal((CanPayErrors.TemporarilyUnavailable, TimeSpan.Zero, 26), (error.Name, error.RetryAfter, error.RequestId.Length));
    }

    [Fact]
    public async Task Every_end_without_money_has_its_name()
    {
        var cancelled = await Begin("1");
        var failed = await Begin("2");
        var lost = await Begin("3");
        var late = await Begin("4");
        var expired = await Begin("5");
        Assert.False(_gateway.Cancel(cancelled).Success);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(_gateway.Decline(failed).Success);
        }

        Assert.False(_gateway.LoseNetworkAnswer(lost).Success);
        _gateway.Pay(late);
        _clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(CanPayErrors.PaymentCancelled, await Refusal(cancelled));
        Assert.Equal(CanPayErrors.PaymentFailed, await Refusal(failed));
        Assert.Equal(CanPayErrors.PaymentReturned, await Refusal(lost));
        Assert.Equal(CanPayErrors.PaymentReturned, await Refusal(late));
        Assert.Equal(CanPayErrors.PaymentExpired, await Refusal(expired));
        Assert.Equal(
            [(PaymentStatus.Reversed, ReturnCause.NotVerified), (PaymentStatus.Reversed, (ReturnCause?)ReturnCause.OutcomeUnknown)],
            new[] { await _client.InquireAsync(late), await _client.InquireAsync(lost) }.Select(payment => (payment.Status, payment.ReturnCause)));
    }

    [Fact]
    public async Task What_is_reversed_is_not_verified_and_what_is_verified_is_not_reversed()
    {
        var reversed = await Begin("1");
        var verified = await Begin("2");
        _gateway.Pay(reversed);
        _gateway.Pay(verified);
        await _client.VerifyAsync(verified);

        var first = await _client.ReverseAsync(reversed, 10_000);
        var second = await _client.ReverseAsync(reversed);

        Assert.Equal(new Reversal(reversed, "1", 10_000, PaymentStatus.Reversed, false), first);
        Assert.Equal(first with { AlreadyReversed = true }, second);
        Assert.Equal(CanPayErrors.PaymentReturned, await Refusal(reversed));
        var refusal = await Assert.ThrowsAsync<CanPayRefusedException>(() => _client.ReverseAsync(verified));
        Assert.Equal(CanPayErrors.AlreadyVerified, refusal.Name);
    }

    [Fact]
    public async Task A_refund_is_made_once_however_often_it_is_asked_for()
    {
        var token = await Begin("47");
        _gateway.Pay(token);
        await _client.VerifyAsync(token);
        _gateway.LoseNextAnswer();

        var part = await _client.RefundAsync(new RefundRequest(token, "r1") { AmountRials = 4_000, Reason = RefundReason.Duplicate });
        var rest = await _client.RefundAsync(new RefundRequest(token, "r2"));

        Assert.Equal(
            (4_000, RefundStatus.Succeeded, RefundMethod.Card, RefundReason.Duplicate, 4_000),
            (part.AmountRials, part.Status, part.Method, part.Reason, part.RefundedOfPaymentRials));
        Assert.Equal((6_000, 10_000), (rest.AmountRials, rest.RefundedOfPaymentRials));
        Assert.Equal(part.Reference, (await _client.GetRefundAsync("r1")).Reference);
        var payment = await _client.InquireByInvoiceAsync("47");
        Assert.Equal((10_000, 2, PaymentStatus.Verified), (payment.RefundedRials, payment.Refunds.Count, payment.Status));
    }

    [Fact]
    public async Task A_refund_that_cannot_be_has_its_name()
    {
        var unpaid = await Begin("1");
        var token = await Begin("2");
        _gateway.Pay(token);
        await _client.VerifyAsync(token);
        await _client.RefundAsync(new RefundRequest(token, "r") { AmountRials = 1_000 });

        Assert.Equal(CanPayErrors.NotVerified, await RefundRefusal(new RefundRequest(unpaid, "a")));
        Assert.Equal(CanPayErrors.RefundExceedsPayment, await RefundRefusal(new RefundRequest(token, "b") { AmountRials = 9_001 }));
        Assert.Equal(CanPayErrors.RefundIdReused, await RefundRefusal(new RefundRequest(token, "r") { AmountRials = 2_000 }));
        _gateway.Refunds = null;
        Assert.Equal(CanPayErrors.RefundsNotEnabled, await RefundRefusal(new RefundRequest(token, "c")));
        var missing = await Assert.ThrowsAsync<CanPayRefusedException>(() => _client.GetRefundAsync("none"));
        Assert.Equal(CanPayErrors.RefundNotFound, missing.Name);
    }

    [Fact]
    public async Task A_refund_by_bank_waits_for_the_bank_and_what_it_refuses_may_be_refunded_again()
    {
        _gateway.Refunds = RefundMethod.Bank;
        var token = await Begin("47");
        _gateway.Pay(token);
        await _client.VerifyAsync(token);

        var pending = await _client.RefundAsync(new RefundRequest(token, "r1"));
        _gateway.EndRefund("r1", "account closed");
        var failed = await _client.GetRefundAsync("r1");
        await _client.RefundAsync(new RefundRequest(token, "r2"));
        _gateway.EndRefund("r2");

        Assert.Equal((RefundStatus.Pending, 0), (pending.Status, pending.RefundedOfPaymentRials));
        Assert.Equal((RefundStatus.Failed, "account closed"), (failed.Status, failed.Failure));
        Assert.Equal(10_000, (await _client.GetRefundAsync("r2")).RefundedOfPaymentRials);
    }

    [Fact]
    public async Task Lists_come_whole_page_after_page()
    {
        for (var i = 0; i < 230; i++)
        {
            var token = await Begin($"i{i}");
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (i % 2 == 0)
            {
                _gateway.Pay(token);
            }
        }

        var all = await _client.ListTransactionsAsync().ToListAsync();
        var unverified = await _client.ListUnverifiedAsync().ToListAsync();
        var created = await _client.ListTransactionsAsync(new TransactionQuery { Status = PaymentStatus.Created }).ToListAsync();
        var since = await _client.ListTransactionsAsync(new TransactionQuery { From = all[9].CreatedAt, To = all[4].CreatedAt }).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 230).Reverse().Select(i => $"i{i}"), all.Select(payment => payment.InvoiceId));
        Assert.Equal(Enumerable.Range(0, 115).Select(i => $"i{2 * i}"), unverified.Select(payment => payment.InvoiceId));
        Assert.Equal(Enumerable.Range(0, 115).Reverse().Select(i => $"i{(2 * i) + 1}"), created.Select(payment => payment.InvoiceId));
        Assert.Equal(5, since.Count);
        Assert.Equal(3 + 2 + 2 + 1, _gateway.Calls.Count(call => call is "transactions" or "unverified"));
    }

    [Fact]
    public async Task A_ping_says_who_we_are()
    {
        var ping = await _client.PingAsync();

        Assert.Equal(("127.0.0.1", "111-222-333-444", "card", true, null), (ping.Address, ping.Merchant.Code, ping.Merchant.Refunds, ping.Merchant.IsTest, ping.Key?.Id));
    }

    private async Task<string> Begin(string invoice) => (await _client.RequestTokenAsync(new TokenRequest(10_000, Callback, invoice))).Token;

    private async Task<string> Refusal(string token) =>
        (await Assert.ThrowsAsync<CanPayRefusedException>(() => _client.VerifyAsync(token))).Name;

    private async Task<string> RefundRefusal(RefundRequest request) =>
        (await Assert.ThrowsAsync<CanPayRefusedException>(() => _client.RefundAsync(request))).Name;
}
