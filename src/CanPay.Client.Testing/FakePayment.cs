using System.Globalization;
using System.Text.Json;

namespace CanPay.Client.Testing;

/// <summary>A payment of the gateway in memory.</summary>
internal sealed class FakePayment
{
    public const int MaxDeclines = 5;

    public static readonly TimeSpan PageLifetime = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan VerifyWindow = TimeSpan.FromMinutes(15);

    public required string Token { get; init; }

    public required string InvoiceId { get; init; }

    public required long Amount { get; init; }

    public required string CallbackUrl { get; init; }

    public required string? Mobile { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public PaymentStatus Status { get; set; } = PaymentStatus.Created;

    public int Declines { get; set; }

    public string? Card { get; set; }

    public string? Reference { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? VerifiedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? ReturnCause { get; set; }

    public List<FakeRefund> Refunds { get; } = [];

    public DateTimeOffset ExpiresAt => CreatedAt + PageLifetime;

    public DateTimeOffset? VerifyUntil => PaidAt + VerifyWindow;

    public bool IsPaid => Status is PaymentStatus.Authorized or PaymentStatus.Verified;

    /// <summary>Money of it that no refund has taken or may still take.</summary>
    public long Left => Amount - Refunds.Where(refund => refund.Status is not RefundStatus.Failed).Sum(refund => refund.Amount);

    public long Refunded => Refunds.Where(refund => refund.Status is RefundStatus.Succeeded).Sum(refund => refund.Amount);

    /// <summary>What time alone does.</summary>
    public void Look(DateTimeOffset now)
    {
        if (Status is PaymentStatus.Created && now >= ExpiresAt)
        {
            End(PaymentStatus.Expired, now);
        }
        else if (Status is PaymentStatus.Authorized && now >= VerifyUntil)
        {
            ReturnCause = "not_verified";
            End(PaymentStatus.Reversed, now);
        }
    }

    public void End(PaymentStatus status, DateTimeOffset now)
    {
        Status = status;
        EndedAt = now;
    }

    public PaymentCallback Callback() => new(IsPaid, Token, Amount, InvoiceId);

    public void Write(Utf8JsonWriter json, bool withRefunds)
    {
        json.WriteString("token", Token);
        json.WriteString("invoice_id", InvoiceId);
        json.WriteNumber("amount", Amount);
        json.WriteString("status", Name(Status));
        json.WriteBoolean("paid", IsPaid);
        json.WriteString("card", Card);
        json.WriteString("reference", Reference);
        json.WriteString("created_at", Instant(CreatedAt));
        json.WriteString("expires_at", Instant(ExpiresAt));
        json.WriteString("paid_at", Instant(PaidAt));
        json.WriteString("verify_until", Instant(VerifyUntil));
        json.WriteString("verified_at", Instant(VerifiedAt));
        json.WriteString("ended_at", Instant(EndedAt));
        json.WriteString("return_cause", ReturnCause);
        json.WriteNumber("declines", Declines);
        json.WriteNumber("refunded", Refunded);
        json.WriteBoolean("test", true);
        if (withRefunds)
        {
            json.WriteStartArray("refunds");
            foreach (var refund in Refunds)
            {
                json.WriteStartObject();
                refund.Write(json, this);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    public static string? Instant(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>A refund of the gateway in memory.</summary>
internal sealed class FakeRefund
{
    public required string Id { get; init; }

    public required long Amount { get; init; }

    /// <summary>What was asked for: the same again is the same refund.</summary>
    public required string Asked { get; init; }

    public required string Reason { get; init; }

    public required RefundMethod Method { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public RefundStatus Status { get; set; } = RefundStatus.Pending;

    public string? Reference { get; set; }

    public string? Failure { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public void Write(Utf8JsonWriter json, FakePayment payment)
    {
        json.WriteString("refund_id", Id);
        json.WriteString("token", payment.Token);
        json.WriteString("invoice_id", payment.InvoiceId);
        json.WriteNumber("amount", Amount);
        json.WriteString("reason", Reason);
        json.WriteString("method", FakePayment.Name(Method));
        json.WriteString("status", FakePayment.Name(Status));
        json.WriteString("reference", Reference);
        json.WriteString("created_at", FakePayment.Instant(CreatedAt));
        json.WriteString("ended_at", FakePayment.Instant(EndedAt));
        json.WriteString("failure", Failure);
        json.WriteNumber("refunded", payment.Refunded);
    }
}
