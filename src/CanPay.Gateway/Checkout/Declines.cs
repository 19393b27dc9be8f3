namespace CanPay.Gateway.Checkout;

/// <summary>Why a card was declined, as far as a payer can do something about it.</summary>
internal enum DeclineReason
{
    NoFunds,
    WrongPin,

    /// <summary>Wrong, or a static one where the amount asks for a dynamic one: the network says the same to both.</summary>
    StaticPinOverCeiling,
    TooManyWrongPins,
    PinNotAccepted,
    OverCardLimit,
    TooManyPurchases,
    CardData,
    CardNotEnabled,
    RefusedByIssuer,
    KindNotSupported,
    ShopNotAccepted,
    IssuerAway,
    RefusedByNetwork,

    /// <summary>The code proves nothing: the money may have moved.</summary>
    OutcomeUnknown,
    Other,
}

internal static class Declines
{
    /// <summary>
    /// Every action code of the network. One reason for whatever would tell a thief which of the card's data is wrong, so that
    /// the page is no oracle for guesses.
    /// </summary>
    public static DeclineReason ReasonOf(int actionCode) => actionCode switch
    {
        116 => DeclineReason.NoFunds,
        117 => DeclineReason.WrongPin,
        106 => DeclineReason.TooManyWrongPins,
        112 or 126 or 127 => DeclineReason.PinNotAccepted,
        121 => DeclineReason.OverCardLimit,
        123 => DeclineReason.TooManyPurchases,
        101 or 111 or 114 or 118 or 128 or 129 or 145 => DeclineReason.CardData,
        104 or 119 or 125 or 135 or 141 or 142 => DeclineReason.CardNotEnabled,
        100 or 102 or 122 or 124 or 935 => DeclineReason.RefusedByIssuer,
        113 or 115 or 161 => DeclineReason.KindNotSupported,
        109 or 110 or 120 or 905 => DeclineReason.ShopNotAccepted,
        907 or 908 or 910 or 912 or 983 or 986 => DeclineReason.IssuerAway,
        902 or 903 or 906 or 915 or 916 or 917 or 919 or 928 => DeclineReason.RefusedByNetwork,
        (>= 400 and < 500) or 909 or 911 or 913 or 914 or 923 or 925 or 980 or 999 => DeclineReason.OutcomeUnknown,
        _ => DeclineReason.Other,
    };

    /// <summary>With what only the amount tells: over the ceiling issuers take no static second PIN.</summary>
    public static DeclineReason ReasonOf(int actionCode, Kernel.Rials amount, long staticPinCeilingRials) =>
        ReasonOf(actionCode) is DeclineReason.WrongPin && amount.Amount > staticPinCeilingRials
            ? DeclineReason.StaticPinOverCeiling
            : ReasonOf(actionCode);
}
