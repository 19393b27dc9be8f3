using CanPay.Fuzz.Engine;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Api;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CanPay.Fuzz.Targets;

/// <summary>Card numbers, PINs and amounts. Lines: number, PIN; the bytes of a PIN block are the last eight of the input.</summary>
internal sealed class DigitsTarget() : Target(
    "digits", "a card number is 16 to 19 digits and shows six and four; a PIN block that is made is read, and what is read is made; an amount is what its digits say",
    "5022290000087122", "6037990000000006", "۵۰۲۲۲۹۰۰۰۰۰۸۷۱۲۲", "٥٠٢٢", "1234", "12345678", "000", "9223372036854775808")
{
    public override int MaxLength => 80;

    public override int Build(Rng rng, Span<byte> room)
    {
        var length = 16 + rng.Below(4);
        for (var i = 0; i < length; i++)
        {
            room[i] = (byte)('0' + rng.Below(10));
        }

        room[length++] = (byte)'\n';
        for (var digits = 3 + rng.Below(11); digits > 0; digits--)
        {
            room[length++] = (byte)('0' + rng.Below(10));
        }

        return length;
    }

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var block = input.Length >= PinBlock.Length ? input[^PinBlock.Length..].ToArray() : [];
        var (number, pin) = (Digits.Fold(Text(TakeLine(ref input))), Digits.Fold(Text(TakeLine(ref input))));
        Must(Digits.Fold(number) == number, "what is folded stays");
        Amount(number);
        if (!Pan.TryParse(number, out var pan))
        {
            return false;
        }

        Must(pan.Reveal() == number && number.Length is >= 16 and <= 19 && number.All(char.IsAsciiDigit), "a card number is 16 to 19 digits");
        var shown = pan.ToString();
        Must(shown.Count(char.IsAsciiDigit) == 10 && !shown.Contains(number[6..^4], StringComparison.Ordinal), "a card number shows ten digits");
        Span<byte> made = stackalloc byte[PinBlock.Length];
        Span<char> read = stackalloc char[12];
        if (pin.Length is >= 4 and <= 12 && Digits.IsAll(pin))
        {
            PinBlock.Encode(pin, number, made);
            Must(PinBlock.TryDecode(made, number, read, out var length) && read[..length].SequenceEqual(pin), "a PIN block that is made is read");
        }

        if (PinBlock.TryDecode(block, number, read, out var some))
        {
            PinBlock.Encode(read[..some], number, made);
            Must(made.SequenceEqual(block), "what is read is made");
        }

        return true;
    }

    private static void Amount(string text)
    {
        if (!AmountField.Read(new FieldValue(text, IsNumber: false), new Rials(1), new Rials(999_999_999_999)).Refused(out _, out var rials))
        {
            Must(rials.Amount.ToString() == Digits.Fold(text).Trim().TrimStart('0'), "an amount is what its digits say");
        }
    }
}

/// <summary>The body of a form of the payment page.</summary>
internal sealed class PageFormTarget() : Target(
    "page-form", "a form gives a card of which each part is within its limits, or names the fields that are wrong; it is read by the platform's own reader",
    "pan=", "cvv2=", "month=", "year=", "pin=", "form=", "captcha=", "answer=", "code=", "label=", "&", "5022290000087122", "%DB%B5%DB%B0", "1405", "05", "12", "123", "12345", "%20", "-", "+", "%E2%80%8C")
{
    private static readonly JalaliDate Today = new(1405, 9, 7);
    private static readonly string[] Fields = ["pan", "cvv2", "month", "year", "pin", "form", "label", "code"];
    private static readonly string[] Values = ["5022290000087122", "5022-2900-0008-7122", "%DB%B5%DB%B0%DB%B2%DB%B2290000087122", "123", "0000", "12", "9", "13", "1405", "05", "1399", "12345", "123456789012", "", "%00"];

    public override int MaxLength => 512;

    public override int Build(Rng rng, Span<byte> room)
    {
        var body = string.Join('&', Enumerable.Range(0, 3 + rng.Below(5)).Select(i => $"{(rng.OneIn(4) ? rng.Of(Fields) : Fields[i % 5])}={rng.Of(Values)}"));
        return System.Text.Encoding.ASCII.GetBytes(body, room);
    }

    public override bool Run(ReadOnlySpan<byte> input)
    {
        Dictionary<string, StringValues> fields;
        try
        {
            using var reader = new FormReader(Text(input)) { ValueCountLimit = 32, KeyLengthLimit = 256, ValueLengthLimit = 4096 };
            fields = reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            return false;
        }

        var form = new FormCollection(fields);
        using var forPin = CardForm.ReadForPin(form, known: null);
        Must(forPin is null || (forPin.Expiry.Length is 0 or 4 && Digits.IsAll(forPin.Expiry + "0") && forPin.Cvv2.Length is 0 or 3 or 4 && forPin.Pin.IsEmpty), "a request for a PIN has no PIN");
        _ = Persian.Visible(form["label"].ToString());
        using var card = CardForm.Read(form, Today, out var wrong);
        Must(card is null == wrong.Count > 0, "there is a card, or a field that is wrong");
        Must(wrong.All(CardForm.Fields.Contains), "fields that are wrong are fields of the form");
        if (card is null)
        {
            return false;
        }

        Must(card.Expiry.Length == 4 && Digits.IsAll(card.Expiry) && card.Cvv2.Length is 3 or 4 && Digits.IsAll(card.Cvv2) && card.Pin.Length is >= 4 and <= 12 && Digits.IsAll(card.Pin), "a card has its parts");
        Must(int.Parse(card.Expiry) >= 509, "a card is not past");
        Must(!card.ToString().Contains(card.Pan.Reveal(), StringComparison.Ordinal), "a card shows no number");
        return true;
    }
}
