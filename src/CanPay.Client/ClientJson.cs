using System.Text.Json.Serialization;

namespace CanPay.Client;

internal sealed record TokenBody(string Merchant, long Amount, string CallbackUrl, string InvoiceId, string? Mobile);

internal sealed record VerifyBody(string Merchant, string Token, long? Amount);

internal sealed record Answer(bool Status, AnswerData? Data, string? Error, int Code, string? Message, string? Description);

internal sealed record AnswerData(
    string? Url,
    string? Token,
    string? Card,
    string? Reference,
    long? Amount,
    string? InvoiceId,
    DateTimeOffset? VerifiedAt,
    bool? AlreadyVerified);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(VerifyBody))]
[JsonSerializable(typeof(Answer))]
internal sealed partial class ClientJson : JsonSerializerContext;
