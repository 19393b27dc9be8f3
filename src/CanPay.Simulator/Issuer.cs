using System.Globalization;
using CanPay.Iso8583;

namespace CanPay.Simulator;

/// <summary>The issuing banks: what they decide on a purchase or a reversal, and what they book.</summary>
internal sealed class Issuer(Books books, Pins pins, TimeProvider clock)
{
    private static readonly TimeZoneInfo Tehran = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tehran");
    private static readonly PersianCalendar Calendar = new();

    /// <summary>Decides once: the same purchase again gets the same decision, and a purchase after its reversal none.</summary>
    public Task<Entry> Purchase(IsoMessage request)
    {
        var pan = request.GetText(2) ?? "";
        var fresh = Fresh(request, Entry.Purchase, request.GetText(11)!, request.GetText(12)!);
        return books.Book(find =>
        {
            if (find(fresh.Key) is { } before)
            {
                return before with { Repeats = before.Repeats + 1 };
            }

            // The reversal overtook its purchase: what was given back must not be taken any more.
            if (find((fresh with { Kind = Entry.Reversal }).Key) is not null)
            {
                return fresh with { Outcome = Entry.Declined, ActionCode = ActionCode.Declined };
            }

            var code = Decide(pan, request);
            var behaviour = code is ActionCode.Approved ? TestCard.Find(pan)!.Behaviour : Behaviour.Decline;
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

    /// <summary>Gives back, once: acknowledged again as often as it is repeated, also for a purchase never seen.</summary>
    public Task<Entry> Reverse(IsoMessage advice)
    {
        var original = advice.GetText(56);
        if (original is null || original.Length < 22 || !original[..22].All(char.IsAsciiDigit))
        {
            var broken = Fresh(advice, Entry.Reversal, advice.GetText(11)!, advice.GetText(12)!);
            return books.Book(_ => broken with { Outcome = Entry.Refused, ActionCode = ActionCode.FieldError });
        }

        var fresh = Fresh(advice, Entry.Reversal, original[4..10], original[10..22]);
        return books.Book(find =>
        {
            if (find(fresh.Key) is { } before && before.Outcome == Entry.Reversed)
            {
                return before with { Repeats = before.Repeats + 1 };
            }

            var purchase = find((fresh with { Kind = Entry.Purchase }).Key);
            var fits = purchase is null || purchase.Amount == fresh.Amount;
            return fresh with
            {
                OriginalKnown = purchase is not null,
                Outcome = fits ? Entry.Reversed : Entry.Refused,
                ActionCode = fits ? ActionCode.Reversed : 110,
            };
        });
    }

    private Entry Fresh(IsoMessage message, string kind, string stan, string localTime) => new(
        message.GetText(37)!,
        stan,
        TestCard.Mask(message.GetText(2) ?? ""),
        message.TryGetNumber(4, out var amount) ? amount : 0,
        kind,
        "",
        0,
        Answered: true,
        clock.GetUtcNow(),
        message.GetText(41)!,
        localTime,
        OriginalKnown: null,
        Repeats: 0);

    private int Decide(string pan, IsoMessage request)
    {
        if (TestCard.Find(pan) is not { } card)
        {
            return ActionCode.WrongCardNumber;
        }

        if (card.Behaviour is Behaviour.Decline)
        {
            return card.ActionCode;
        }

        if (!IsInFuture(request.GetText(14)))
        {
            return ActionCode.CardExpired;
        }

        if (Token(request.GetText(48), "CV2") != TestCard.Cvv2)
        {
            return ActionCode.CardConfirmationFailed;
        }

        return Pins.Open(request.Get(52), pan) switch
        {
            null => ActionCode.InvalidPinBlock,
            var pin when !pins.IsRight(pan, pin) => ActionCode.WrongPin,
            _ => card.ActionCode,
        };
    }

    /// <summary>Iranian cards carry the Jalali year and month: 0912 is the last month of 1409. Good to the month's end.</summary>
    private bool IsInFuture(string? expiry)
    {
        if (expiry is not { Length: 4 })
        {
            return false;
        }

        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Tehran).DateTime;
        var year = 1400 + int.Parse(expiry.AsSpan(0, 2), CultureInfo.InvariantCulture);
        var month = int.Parse(expiry.AsSpan(2, 2), CultureInfo.InvariantCulture);
        return month is >= 1 and <= 12 && (year * 12) + month >= (Calendar.GetYear(now) * 12) + Calendar.GetMonth(now);
    }

    /// <summary>Field 48 is a list of tokens: a tag of three characters, a length of three digits, a value.</summary>
    private static string? Token(string? list, string tag)
    {
        for (var rest = list ?? ""; rest.Length >= 6;)
        {
            if (!int.TryParse(rest.AsSpan(3, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || rest.Length < 6 + length)
            {
                return null;
            }

            if (rest.StartsWith(tag, StringComparison.Ordinal))
            {
                return rest.Substring(6, length);
            }

            rest = rest[(6 + length)..];
        }

        return null;
    }
}
