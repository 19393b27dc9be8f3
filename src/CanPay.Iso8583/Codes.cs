namespace CanPay.Iso8583;

/// <summary>Message type identifiers of ISO 8583:1993 that an acquirer and a switch exchange.</summary>
public static class Mti
{
    /// <summary>Authorization request: nothing is booked; here a request for a dynamic PIN.</summary>
    public const int AuthorizationRequest = 1100;

    /// <summary>Authorization response.</summary>
    public const int AuthorizationResponse = 1110;

    /// <summary>Financial request: a purchase.</summary>
    public const int FinancialRequest = 1200;

    /// <summary>Financial response.</summary>
    public const int FinancialResponse = 1210;

    /// <summary>Financial advice: the acquirer says what was done; here a refund.</summary>
    public const int FinancialAdvice = 1220;

    /// <summary>Answer to a financial advice.</summary>
    public const int FinancialAdviceResponse = 1230;

    /// <summary>Reversal advice: the acquirer says that a purchase must not stand.</summary>
    public const int ReversalAdvice = 1420;

    /// <summary>Answer to a reversal advice.</summary>
    public const int ReversalAdviceResponse = 1430;

    /// <summary>Network management request: sign-on, echo, sign-off.</summary>
    public const int NetworkRequest = 1804;

    /// <summary>Network management response.</summary>
    public const int NetworkResponse = 1814;

    /// <summary>The type that answers a request or advice: the function digit one higher.</summary>
    public static int AnswerTo(int request) => request + 10;

    /// <summary>The function digit says response (1, 3).</summary>
    public static bool IsAnswer(int mti) => mti / 10 % 10 is 1 or 3;
}

/// <summary>Field 3: what kind of transaction.</summary>
public static class ProcessingCode
{
    /// <summary>Purchase of goods and services.</summary>
    public const int Purchase = 0;

    /// <summary>Refund: a credit to the card that paid.</summary>
    public const int Refund = 200_000;

    /// <summary>PIN confirmation: with <see cref="FunctionCode.PasswordConfirmation"/> the request for a dynamic PIN.</summary>
    public const int PinConfirmation = 710_000;
}

/// <summary>Field 24: what is asked, in Shetab's use.</summary>
public static class FunctionCode
{
    /// <summary>Password confirmation.</summary>
    public const int PasswordConfirmation = 180;

    /// <summary>An original financial request.</summary>
    public const int Financial = 200;

    /// <summary>Reversal of the whole amount.</summary>
    public const int FullReversal = 400;

    /// <summary>Sign-on.</summary>
    public const int SignOn = 801;

    /// <summary>Sign-off.</summary>
    public const int SignOff = 802;

    /// <summary>Echo test.</summary>
    public const int Echo = 831;
}

/// <summary>Field 49: ISO 4217 numbers.</summary>
public static class Currency
{
    /// <summary>Iranian rial. Amounts travel in whole rials, though ISO 4217 gives the rial two decimals.</summary>
    public const int IranianRial = 364;
}

/// <summary>Field 39: what the issuer or the network said, in Shetab's numbers.</summary>
public static class ActionCode
{
    /// <summary>Approved.</summary>
    public const int Approved = 0;

    /// <summary>Declined, no reason given.</summary>
    public const int Declined = 100;

    /// <summary>Card expired.</summary>
    public const int CardExpired = 101;

    /// <summary>Wrong card number.</summary>
    public const int WrongCardNumber = 111;

    /// <summary>Function not supported.</summary>
    public const int NotSupported = 115;

    /// <summary>Insufficient funds.</summary>
    public const int InsufficientFunds = 116;

    /// <summary>Wrong PIN.</summary>
    public const int WrongPin = 117;

    /// <summary>Amount over the card's limit.</summary>
    public const int AmountLimit = 121;

    /// <summary>PIN block that cannot be read.</summary>
    public const int InvalidPinBlock = 126;

    /// <summary>Confirmation of the card (CVV2) failed.</summary>
    public const int CardConfirmationFailed = 145;

    /// <summary>Reversal accepted.</summary>
    public const int Reversed = 400;

    /// <summary>The original of the reversal did not succeed.</summary>
    public const int OriginalFailed = 472;

    /// <summary>Reversal disregarded: there was nothing to reverse.</summary>
    public const int ReversalDisregarded = 480;

    /// <summary>Reversed before.</summary>
    public const int AlreadyReversed = 482;

    /// <summary>Network management accepted.</summary>
    public const int NetworkAccepted = 800;

    /// <summary>A field cannot be right.</summary>
    public const int FieldError = 902;

    /// <summary>Issuer inoperative.</summary>
    public const int IssuerInoperative = 907;

    /// <summary>Destination timed out.</summary>
    public const int DestinationTimeout = 911;

    /// <summary>Duplicate transmission.</summary>
    public const int Duplicate = 913;

    /// <summary>Original not found.</summary>
    public const int OriginalNotFound = 914;

    /// <summary>The message authentication code is wrong.</summary>
    public const int WrongMac = 916;
}
