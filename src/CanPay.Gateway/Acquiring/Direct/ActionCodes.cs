using System.Collections.Frozen;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>What the numbers of field 39 mean for money. Total: a number that nobody told us means that we do not know.</summary>
internal static class ActionCodes
{
    /// <summary>
    /// The issuer, or a switch on the way that says it never reached one, refused: no money moved. All of 1xx are the
    /// issuer's decisions; of 9xx only those by which the purchase provably went nowhere.
    /// </summary>
    private static readonly FrozenSet<int> Refusals = new[]
    {
        902, // a field is wrong: not processed
        903, // to be entered again: not processed
        905, // acquirer not supported: not routed
        906, // cut-over: not processed
        907, // issuer inoperative: not routed
        908, // no route
        910, // destination signed off: not routed
        912, // host down: not routed
        915, // fiscal day: not processed
        916, // wrong MAC: not believed
        917, // MAC key: not believed
        919, // key exchange under way: not processed
        928, // invalid message: not processed
        935, // business reject
        983, // sender signed off: not taken
        986, // Shetab signed off: not taken
    }.ToFrozenSet();

    /// <summary>What a purchase came to. 909, 911, 913, 923, 925, 980, 999 and whatever is not listed leave it open.</summary>
    public static AuthorizationOutcome Purchase(int code, string? approvalCode) => code switch
    {
        0 => new AuthorizationOutcome.Approved(code, approvalCode),
        >= 100 and <= 199 => new AuthorizationOutcome.Declined(code),
        _ when Refusals.Contains(code) => new AuthorizationOutcome.Declined(code),
        _ => new AuthorizationOutcome.Unknown($"action code {code:000} does not say whether money moved"),
    };

    /// <summary>What a reversal advice came to.</summary>
    public static ReversalOutcome Reversal(int code) => code switch
    {
        // Done now, done before, or there was nothing to undo.
        0 or 400 or 182 or 472 or 480 or 482 => new ReversalOutcome.Acknowledged(code),
        914 => new ReversalOutcome.OriginalNotFound(code),

        // Understood and refused: 416 lacks funds, the others will say the same again.
        >= 100 and <= 199 or 416 or 902 or 903 or 905 or 928 or 935 => new ReversalOutcome.Refused(code),
        _ => new ReversalOutcome.Unknown($"action code {code:000}"),
    };

    /// <summary>What a refund came to. It is a stored advice: what is not the issuer's own word is asked again.</summary>
    public static RefundOutcome Refund(int code) => code switch
    {
        // 913: taken before, by a message like this.
        0 or 913 => new RefundOutcome.Done(code),
        >= 100 and <= 299 => new RefundOutcome.Declined(code),

        // Understood by somebody on the way and not passed on: 914 says that the purchase is not known, which it is.
        902 or 903 or 904 or 905 or 914 or 928 or 935 => new RefundOutcome.Refused(code),
        _ => new RefundOutcome.Unknown($"action code {code:000}"),
    };
}
