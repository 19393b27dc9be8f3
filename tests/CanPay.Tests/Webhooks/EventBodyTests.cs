using System.Text;
using System.Text.Json;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Webhooks;

/// <summary>What an event says is true of the moment in which it was born, whenever it is sent.</summary>
public sealed class EventBodyTests
{
    [Fact]
    public void The_body_is_as_documented()
    {
        var payment = SomePayment.InStatus(PaymentStatus.Authorized);

        Assert.Equal(
            """
            {"type":"payment.paid","id":"evt_1","created_at":"2026-11-24T09:00:00.000Z","test":true,"data":{"token":"TTTTTTTTTTTTTTTTTTTTTTTTTTTTTT","invoice_id":"47","amount":10000,"status":"authorized","paid":true,"card":"5022-29**-****-7122","reference":"632800000101","created_at":"2026-11-24T09:00:00.000Z","expires_at":"2026-11-24T09:15:00.000Z","paid_at":"2026-11-24T09:00:00.000Z","verify_until":"2026-11-24T09:15:00.000Z","verified_at":null,"ended_at":null,"return_cause":null,"declines":0,"refunded":0,"test":true}}
            """,
            Body("payment.paid", payment));
    }

    /// <summary>Every event of every path, made when it was born and made at the end, is the same.</summary>
    [Fact]
    public void An_event_never_shows_what_came_after_it()
    {
        var authorized = SomePayment.InStatus(PaymentStatus.Authorized);
        var verified = SomePayment.Taken(authorized.Verify(SomePayment.Start.AddMinutes(3)));
        var reversing = SomePayment.Taken(authorized.ReturnUnverified(SomePayment.Later));
        var reversed = SomePayment.Taken(reversing.ConfirmReversal(SomePayment.Later.AddSeconds(9)));

        foreach (var type in new[] { "payment.paid", "payment.unverified_soon" })
        {
            foreach (var later in new[] { verified, reversing, reversed })
            {
                Assert.Equal(Body(type, authorized), Body(type, later));
            }
        }
    }

    [Theory]
    [InlineData("payment.verified", "Verified", "verified", true, null)]
    [InlineData("payment.reversed", "Reversed", "reversed", false, "outcome_unknown")]
    [InlineData("payment.failed", "Failed", "failed", false, null)]
    [InlineData("payment.expired", "Expired", "expired", false, null)]
    [InlineData("payment.cancelled", "Cancelled", "cancelled", false, null)]
    public void The_end_is_told_as_it_is(string type, string status, string told, bool paid, string? cause)
    {
        var data = JsonDocument.Parse(Body(type, SomePayment.InStatus(Enum.Parse<PaymentStatus>(status)))).RootElement.GetProperty("data");

        Assert.Equal(told, data.GetProperty("status").GetString());
        Assert.Equal(paid, data.GetProperty("paid").GetBoolean());
        Assert.Equal(cause, data.GetProperty("return_cause").GetString());
        Assert.NotNull(data.GetProperty("ended_at").GetString());
        Assert.Equal(status is "Verified", data.GetProperty("verified_at").GetString() is not null);
    }

    [Fact]
    public void A_refund_is_told_with_the_sum_of_that_moment()
    {
        var payment = SomePayment.InStatus(PaymentStatus.Verified);
        var told = new WebhookEvent(
            1, "evt_1", payment.MerchantId, payment.Id, EventTypes.Refunded, SomePayment.Start, """{"refund_id":"r1","amount":3000}""", RefundedRials: 4_000);

        var data = JsonDocument.Parse(EventBody.Of(told, payment, isTest: true)).RootElement.GetProperty("data");

        Assert.Equal((4_000, "r1", "verified"), (
            data.GetProperty("refunded").GetInt64(), data.GetProperty("refund").GetProperty("refund_id").GetString(), data.GetProperty("status").GetString()));
    }

    [Fact]
    public void Every_type_says_what_it_tells_of() => Assert.All(
        EventTypes.All, type => Assert.True(Enum.IsDefined(new WebhookEvent(1, "evt_1", new MerchantId(1), new PaymentId(1), type, SomePayment.Start).Told)));

    private static string Body(string type, Payment payment) => Encoding.UTF8.GetString(EventBody.Of(
        new WebhookEvent(1, "evt_1", payment.MerchantId, payment.Id, type, SomePayment.Start), payment, isTest: true));
}
