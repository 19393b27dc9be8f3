using System.Globalization;
using CanPay.Gateway.Kernel;
using CanPay.Iso8583;

namespace CanPay.Gateway.Acquiring.Direct;

/// <summary>Our purchases, reversal advices, refunds and requests for a dynamic PIN in the dialect of Shetab.</summary>
internal static class ShetabMessages
{
    /// <summary>Electronic commerce, no card present, PIN and CVV2 given by the payer: field 22.</summary>
    private const string PointOfService = "700101700100";

    /// <summary>Field 25 of a reversal: the acquirer did not get, or could not use, the answer.</summary>
    private const int TimedOutOrUnused = 4021;

    /// <summary>TDES, ISO 9564 format 0, the zone's first key: field 53.</summary>
    private static readonly byte[] SecurityControl = [0x01, 0x01, 0x00, 0x01];

    /// <summary>1200: a purchase.</summary>
    public static IsoMessage Purchase(Authorization authorization, Card card, string acquirerId, IHsm hsm)
    {
        var message = Common(Mti.FinancialRequest, FunctionCode.Financial, authorization, card.Pan, acquirerId);
        SetTime(message, authorization.Stan, authorization.TransmittedAt);
        message.Set(14, card.Expiry);
        message.Set(18, authorization.Terminal.CategoryCode);
        message.Set(22, PointOfService);
        SetCvv2(message, card.Cvv2);
        Span<byte> pinBlock = stackalloc byte[PinBlock.Length];
        hsm.EncryptPin(card.Pin, card.Pan.Reveal(), pinBlock);
        message.Set(52, pinBlock);
        message.Set(53, SecurityControl);
        return message;
    }

    /// <summary>1420: the purchase must not stand. The same bytes each time, whoever sends it and whenever.</summary>
    public static IsoMessage Reversal(Authorization authorization, Pan pan, string acquirerId)
    {
        var advice = authorization.Reversal
            ?? throw new InvalidOperationException($"The reversal of RRN {authorization.Rrn} was not prepared.");
        var message = Common(Mti.ReversalAdvice, FunctionCode.FullReversal, authorization, pan, acquirerId);
        SetTime(message, advice.Stan, advice.TransmittedAt);
        message.SetNumber(25, TimedOutOrUnused, 4);
        message.Set(56, Original(authorization, acquirerId));
        return message;
    }

    /// <summary>
    /// 1220: an amount goes back to the card of a purchase, which field 56 names. The same bytes each time, whoever sends it and
    /// whenever; reference and trace number are its own.
    /// </summary>
    public static IsoMessage Refund(RefundOrder order, Pan pan, string acquirerId)
    {
        var message = new IsoMessage { Mti = Mti.FinancialAdvice };
        SetParties(message, pan, order.Amount, order.Advice.Rrn, order.Purchase.Terminal, acquirerId);
        message.SetNumber(3, ProcessingCode.Refund, 6);
        message.SetNumber(24, FunctionCode.Financial, 3);
        SetTime(message, order.Advice.Stan, order.Advice.TransmittedAt);
        message.Set(18, order.Purchase.Terminal.CategoryCode);
        message.Set(56, Original(order.Purchase, acquirerId));
        return message;
    }

    /// <summary>
    /// 1100: the issuer is asked to send the cardholder a dynamic PIN for a purchase that is about to come. No PIN; expiry and
    /// CVV2 where the payer gave them.
    /// </summary>
    public static IsoMessage PinRequest(PinRequest request, Card card, string acquirerId)
    {
        var message = new IsoMessage { Mti = Mti.AuthorizationRequest };
        SetParties(message, card.Pan, request.Amount, request.Rrn, request.Terminal, acquirerId);
        message.SetNumber(3, ProcessingCode.PinConfirmation, 6);
        message.SetNumber(24, FunctionCode.PasswordConfirmation, 3);
        SetTime(message, request.Stan, request.TransmittedAt);
        message.Set(18, request.Terminal.CategoryCode);
        message.Set(22, PointOfService);
        if (card.Expiry.Length > 0)
        {
            message.Set(14, card.Expiry);
        }

        if (card.Cvv2.Length > 0)
        {
            SetCvv2(message, card.Cvv2);
        }

        return message;
    }

    /// <summary>Field 12: yyMMddHHmmss in Tehran, Gregorian.</summary>
    public static string LocalTime(DateTimeOffset at) => Tehran.Local(at).ToString("yyMMddHHmmss", CultureInfo.InvariantCulture);

    private static IsoMessage Common(int mti, int function, Authorization authorization, Pan pan, string acquirerId)
    {
        var message = new IsoMessage { Mti = mti };
        SetParties(message, pan, authorization.Amount, authorization.Rrn, authorization.Terminal, acquirerId);
        message.SetNumber(3, ProcessingCode.Purchase, 6);
        message.SetNumber(24, function, 3);
        return message;
    }

    private static void SetParties(IsoMessage message, Pan pan, Rials amount, string rrn, Terminal terminal, string acquirerId)
    {
        message.Set(2, pan.Reveal());
        message.SetNumber(4, amount.Amount, 12);
        message.Set(32, acquirerId);
        message.Set(37, rrn);
        message.Set(41, terminal.TerminalId);
        message.Set(42, terminal.AcceptorId);
        message.SetNumber(49, Currency.IranianRial, 3);
    }

    private static void SetTime(IsoMessage message, string stan, DateTimeOffset at)
    {
        message.Set(7, at.UtcDateTime.ToString("MMddHHmmss", CultureInfo.InvariantCulture));
        message.Set(11, stan);
        message.Set(12, LocalTime(at));
    }

    /// <summary>Field 48: the token CV2, its length, the CVV2.</summary>
    private static void SetCvv2(IsoMessage message, ReadOnlySpan<char> cvv2)
    {
        Span<char> token = stackalloc char[6 + cvv2.Length];
        "CV2".CopyTo(token);
        cvv2.Length.TryFormat(token[3..6], out _, "000", CultureInfo.InvariantCulture);
        cvv2.CopyTo(token[6..]);
        message.Set(48, token);
        token.Clear();
    }

    /// <summary>Field 56: type, trace number, local time and acquirer of the purchase.</summary>
    private static string Original(Authorization authorization, string acquirerId) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Mti.FinancialRequest}{authorization.Stan}{LocalTime(authorization.TransmittedAt)}{acquirerId.Length:00}{acquirerId}");
}
