using System.Text.Json.Serialization;

namespace CanPay.Simulator;

/// <summary>One message as the banks booked it.</summary>
/// <param name="Rrn">Field 37.</param>
/// <param name="Stan">Field 11; of a reversal that was taken, that of its purchase.</param>
/// <param name="Card">Masked.</param>
/// <param name="Amount">Rials.</param>
/// <param name="Kind"><c>purchase</c>, <c>reversal</c> or <c>refund</c>.</param>
/// <param name="Outcome">Of a purchase <c>approved</c>, <c>declined</c>, <c>no_answer</c>; of a reversal <c>reversed</c>, <c>refused</c>;
/// of a refund <c>refunded</c>, <c>declined</c>.</param>
/// <param name="ActionCode">Field 39.</param>
/// <param name="Answered">The bank lets an answer out; a broken line may still lose it.</param>
/// <param name="At">When it was booked.</param>
/// <param name="Terminal">Field 41.</param>
/// <param name="LocalTime">Field 12, of the same message as <paramref name="Stan"/>.</param>
/// <param name="OriginalKnown">Of a reversal: its purchase had been seen.</param>
/// <param name="Repeats">How often the same message came again.</param>
/// <param name="Acquirer">Field 32; of a reversal that was taken, that of its purchase.</param>
/// <param name="Purchased">Of a refund: the reference of the purchase that it is of, where there is one.</param>
internal sealed record Entry(
    string Rrn,
    string Stan,
    string Card,
    long Amount,
    string Kind,
    string Outcome,
    int ActionCode,
    bool Answered,
    DateTimeOffset At,
    string Terminal,
    string LocalTime,
    bool? OriginalKnown,
    int Repeats,
    string Acquirer,
    string? Purchased = null)
{
    public const string Purchase = "purchase";
    public const string Reversal = "reversal";
    public const string Refund = "refund";
    public const string Approved = "approved";
    public const string Declined = "declined";
    public const string NoAnswer = "no_answer";
    public const string Reversed = "reversed";
    public const string Refunded = "refunded";
    public const string Refused = "refused";

    /// <summary>
    /// What makes a message the same message. A reversal that was taken has the identity of its purchase, so that there can be
    /// only one. What was refused stands beside them under its own and is in nobody's way.
    /// </summary>
    [JsonIgnore]
    public string Key => this switch
    {
        { Outcome: Refused } => $"refused/{Original}/{Terminal}",
        { Kind: Purchase, ActionCode: Iso8583.ActionCode.Duplicate } => $"duplicate/{Original}/{Terminal}",
        _ => $"{Kind}/{Original}/{Terminal}",
    };

    /// <summary>What field 56 and the RRN of a reversal say of its purchase.</summary>
    [JsonIgnore]
    public string Original => $"{Acquirer}/{Stan}/{LocalTime}/{Rrn}";

    /// <summary>What field 56 alone says: a refund has a reference of its own.</summary>
    [JsonIgnore]
    public string Trace => $"{Acquirer}/{Stan}/{LocalTime}";

    /// <summary>The message is this one, sent again.</summary>
    public bool IsRepeatedBy(Entry other) => Amount == other.Amount && Card == other.Card;
}

/// <summary>An SMS that somebody asked us to send.</summary>
internal sealed record Sms(string To, string Text, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Journal.Line))]
[JsonSerializable(typeof(IReadOnlyList<Entry>))]
[JsonSerializable(typeof(IReadOnlyList<Sms>))]
[JsonSerializable(typeof(SmsRequest))]
[JsonSerializable(typeof(PeyvandQuestion))]
[JsonSerializable(typeof(IReadOnlyList<PeyvandCard>))]
[JsonSerializable(typeof(PeyvandNumber))]
internal sealed partial class BooksJson : JsonSerializerContext;
