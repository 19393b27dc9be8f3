using CanPay.Iso8583;

namespace CanPay.Simulator;

/// <summary>The issuing banks: what they decide on a purchase, a reversal or a refund, and what they book.</summary>
internal sealed class Issuer(Books books, Pins pins, ZonePinKey zonePinKey, TimeProvider clock)
{
    /// <summary>Not in the list of codes that the codec names: the terminal or acceptor is not that of the original.</summary>
    private const int InvalidAcceptor = 109;
    private const int InvalidAmount = 110;
    private const int PinMissing = 112;
    private const int CardNotFound = 118;

    /// <summary>The line did not sign on before it sent this.</summary>
    public const int SenderSignedOff = 983;

    /// <summary>Decides once: the same purchase again gets the same decision, and a purchase after its reversal none.</summary>
    /// <param name="request">Complete: fields 2, 4, 11, 12, 32, 37 and 41 are there.</param>
    /// <param name="isSignedOn">The line has signed on; otherwise the purchase is declined.</param>
    /// <exception cref="IOException">It could not be booked: do not answer.</exception>
    public Task<Entry> Purchase(IsoMessage request, bool isSignedOn)
    {
        var fresh = Fresh(request, Entry.Purchase) with { Outcome = Entry.Declined };
        return books.Book(look =>
        {
            if (look.Find(fresh.Key) is { } before)
            {
                return before.IsRepeatedBy(fresh) ? Again(before) : Conflict(look, fresh);
            }

            // The reversal overtook its purchase: what was given back must not be taken any more.
            if (look.Find((fresh with { Kind = Entry.Reversal }).Key) is not null)
            {
                return fresh with { ActionCode = ActionCode.Declined };
            }

            var code = isSignedOn ? Decide(request) : SenderSignedOff;
            var behaviour = code is ActionCode.Approved ? MagicAmount.Of(TestCard.Find(request.GetText(2)!)!, fresh.Amount).Behaviour : Behaviour.Decline;
            return fresh with
            {
                ActionCode = code,
                Outcome = behaviour switch
                {
                    Behaviour.Decline => Entry.Declined,
                    Behaviour.Silence => Entry.NoAnswer,
                    Behaviour.Approve or Behaviour.LoseAnswer or Behaviour.AnswerLate or Behaviour.DropLine => Entry.Approved,
                },
                Answered = behaviour is not (Behaviour.Silence or Behaviour.LoseAnswer or Behaviour.DropLine),
            };
        });
    }

    /// <summary>
    /// Gives back, once, and for good: acknowledged again as often as it is repeated, also for a purchase never seen. What
    /// names a purchase but not its terminal, card or amount is refused and moves nothing.
    /// </summary>
    /// <param name="advice">Complete as a purchase is; field 56 may be anything.</param>
    /// <exception cref="IOException">It could not be booked: do not answer.</exception>
    public Task<Entry> Reverse(IsoMessage advice)
    {
        var own = Fresh(advice, Entry.Reversal) with { Outcome = Entry.Refused };
        if (!OriginalData.TryParse(advice.GetText(56), out var original) || original.Mti != "1200")
        {
            return books.Book(look => Refuse(look, own with { ActionCode = ActionCode.FieldError }));
        }

        var fresh = own with
        {
            Outcome = Entry.Reversed,
            Stan = original.Stan,
            LocalTime = original.LocalTime,
            Acquirer = original.Acquirer,
        };
        return books.Book(look =>
        {
            var before = look.Find(fresh.Key);
            if (before is not null && before.IsRepeatedBy(fresh))
            {
                return Again(before);
            }

            var purchase = look.Find((fresh with { Kind = Entry.Purchase }).Key) ?? look.FindPurchase(fresh.Original);
            var code = Compare(before ?? purchase, fresh);
            return code is ActionCode.Reversed
                ? fresh with { OriginalKnown = purchase is not null, ActionCode = code }
                : Refuse(look, own with { OriginalKnown = purchase is not null, ActionCode = code });
        });
    }

    /// <summary>
    /// Gives an amount back to the card of a purchase, once: the same refund again is answered as the first. The purchase is that
    /// of field 56 (acquirer, trace number, local time); field 37 is the refund's own. It must stand, be of the same card and terminal,
    /// and all its refunds together are not more than it.
    /// </summary>
    /// <param name="advice">Complete as a purchase is; field 56 may be anything.</param>
    /// <param name="declineWith">What the issuer says instead of deciding, if somebody planned it.</param>
    /// <exception cref="IOException">It could not be booked: do not answer.</exception>
    public Task<Entry> Refund(IsoMessage advice, Func<int?> declineWith)
    {
        var fresh = Fresh(advice, Entry.Refund) with { Outcome = Entry.Declined };
        return books.Book(look =>
        {
            if (look.Find(fresh.Key) is { } before)
            {
                return before.IsRepeatedBy(fresh) ? Again(before) : Refuse(look, fresh with { Outcome = Entry.Refused, ActionCode = ActionCode.FieldError });
            }

            if (!OriginalData.TryParse(advice.GetText(56), out var original) || original.Mti != "1200")
            {
                return Refuse(look, fresh with { Outcome = Entry.Refused, ActionCode = ActionCode.FieldError });
            }

            var purchase = look.FindTraced($"{original.Acquirer}/{original.Stan}/{original.LocalTime}");
            if (purchase is null)
            {
                return Refuse(look, fresh with { Outcome = Entry.Refused, ActionCode = ActionCode.OriginalNotFound });
            }

            var code = declineWith() ?? Decide(look, purchase, fresh);
            return fresh with
            {
                Purchased = purchase.Rrn,
                ActionCode = code,
                Outcome = code is ActionCode.Approved ? Entry.Refunded : Entry.Declined,
            };
        });
    }

    private static int Decide(Books.Look look, Entry purchase, Entry refund) => purchase switch
    {
        { Outcome: not Entry.Approved } => ActionCode.Declined,
        _ when look.Find((purchase with { Kind = Entry.Reversal }).Key) is not null => ActionCode.Declined,
        _ when purchase.Terminal != refund.Terminal => InvalidAcceptor,
        _ when purchase.Card != refund.Card => ActionCode.WrongCardNumber,
        _ when look.RefundedOf(purchase.Rrn) + refund.Amount > purchase.Amount => InvalidAmount,
        _ => ActionCode.Approved,
    };

    /// <param name="known">The reversal that came before, else the purchase, where there is one.</param>
    private static int Compare(Entry? known, Entry advice) => known switch
    {
        null => ActionCode.Reversed,
        _ when known.Terminal != advice.Terminal => InvalidAcceptor,
        _ when known.Card != advice.Card => ActionCode.WrongCardNumber,
        _ when known.Amount != advice.Amount => InvalidAmount,
        _ => ActionCode.Reversed,
    };

    private static Entry Again(Entry before) => before with { Repeats = before.Repeats + 1 };

    private static Entry Refuse(Books.Look look, Entry refused) =>
        look.Find(refused.Key) is { } before && before.ActionCode == refused.ActionCode ? Again(before) : refused;

    /// <summary>The identity of a purchase with another card or amount: neither is taken for the other.</summary>
    private static Entry Conflict(Books.Look look, Entry fresh)
    {
        var conflict = fresh with { ActionCode = ActionCode.Duplicate };
        return look.Find(conflict.Key) is { } before ? Again(before) : conflict;
    }

    private Entry Fresh(IsoMessage message, string kind) => new(
        message.GetText(37)!,
        message.GetText(11)!,
        TestCard.Mask(message.GetText(2)!),
        message.TryGetNumber(4, out var amount) ? amount : 0,
        kind,
        "",
        0,
        Answered: true,
        clock.GetUtcNow(),
        message.GetText(41)!,
        message.GetText(12)!,
        OriginalKnown: null,
        Repeats: 0,
        message.GetText(32)!);

    private int Decide(IsoMessage request)
    {
        var pan = request.GetText(2)!;
        if (TestCard.Find(pan) is not { } card)
        {
            return TestCard.PassesLuhn(pan) ? CardNotFound : ActionCode.WrongCardNumber;
        }

        if (card.Behaviour is Behaviour.Decline)
        {
            return card.ActionCode;
        }

        if (!TehranTime.IsGood(request.GetText(14), clock.GetUtcNow()))
        {
            return ActionCode.CardExpired;
        }

        if (TokenList.Find(request.GetText(48), TokenList.Cvv2) != TestCard.Cvv2)
        {
            return ActionCode.CardConfirmationFailed;
        }

        if (!request.Has(52))
        {
            return PinMissing;
        }

        return zonePinKey.Open(request.Get(52), pan) switch
        {
            null => ActionCode.InvalidPinBlock,
            var pin when !pins.IsRight(pan, pin) => ActionCode.WrongPin,
            _ => MagicAmount.Of(card, request.TryGetNumber(4, out var amount) ? amount : 0).ActionCode,
        };
    }
}
