namespace CanPay.Simulator;

/// <summary>Amounts that bring about what they say, with a card that is otherwise approved: 9,999,000 rials and a number.</summary>
internal static class MagicAmount
{
    private const long Base = 9_999_000;

    /// <summary>Decisions of an issuer that may be asked for: the number is the action code.</summary>
    private static readonly HashSet<int> Codes = [100, 101, 104, 106, 111, 114, 115, 116, 117, 119, 120, 121, 123, 125, 907, 908, 910, 912];

    /// <summary>What becomes of a purchase that the card itself would let through.</summary>
    /// <param name="amount">In rials.</param>
    public static (Behaviour Behaviour, int ActionCode) Of(TestCard card, long amount) => (amount - Base) switch
    {
        1 => (Behaviour.Silence, Iso8583.ActionCode.Approved),
        2 => (Behaviour.LoseAnswer, Iso8583.ActionCode.Approved),
        3 => (Behaviour.AnswerLate, Iso8583.ActionCode.Approved),
        4 => (Behaviour.DropLine, Iso8583.ActionCode.Approved),
        var code and > 0 and < 1_000 when Codes.Contains((int)code) => (Behaviour.Decline, (int)code),
        _ => (card.Behaviour, card.ActionCode),
    };
}
