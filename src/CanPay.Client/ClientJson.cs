using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanPay.Client;

internal sealed record TokenBody(string Merchant, long Amount, string CallbackUrl, string InvoiceId, string? Mobile);

/// <summary>Of verify, reverse and inquiry.</summary>
internal sealed record PaymentBody(string Merchant, string? Token = null, long? Amount = null, string? InvoiceId = null);

internal sealed record PageBody(
    string Merchant, int Limit, string? Cursor, PaymentStatus? Status = null, string? From = null, string? To = null);

internal sealed record RefundBody(
    string Merchant, string? Token, long? Amount, RefundReason? Reason, string RefundId, RefundMethod? Method);

internal sealed record TokenData(string? Url, string? Token);

internal sealed record VerifyData(
    string? Card, string? Reference, long? Amount, string? InvoiceId, DateTimeOffset? VerifiedAt, bool? AlreadyVerified);

internal sealed record ReverseData(string? Token, string? InvoiceId, long Amount, PaymentStatus Status, bool AlreadyReversed);

internal sealed record PageData(IReadOnlyList<Payment>? Payments, string? NextCursor);

internal sealed record EventBody(string? Type, DateTimeOffset? CreatedAt, bool Test, JsonElement Data);

internal sealed record EventRefund(Refund? Refund);

internal sealed record Problem(string? Error, int Code, string? Message, string? Description);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters =
    [
        typeof(NamedValue<PaymentStatus>), typeof(NamedValue<ReturnCause>), typeof(NamedValue<RefundReason>), typeof(NamedValue<RefundMethod>),
        typeof(NamedValue<RefundStatus>),
    ])]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(PageBody))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(TokenData))]
[JsonSerializable(typeof(VerifyData))]
[JsonSerializable(typeof(ReverseData))]
[JsonSerializable(typeof(PageData))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(Ping))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(EventRefund))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Names in snake_case; one that is newer than this client reads as the enum's zero, <c>Unknown</c>.</summary>
internal sealed class NamedValue<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> Values = Enum.GetValues<T>()
        .ToFrozenDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String ? Values.GetValueOrDefault(reader.GetString()!) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
