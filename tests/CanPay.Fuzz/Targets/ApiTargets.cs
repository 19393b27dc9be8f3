using System.Text;
using System.Text.Json;
using CanPay.Fuzz.Engine;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Microsoft.AspNetCore.Http;

namespace CanPay.Fuzz.Targets;

/// <summary>Bodies of the merchants' calls: a first byte for the call, a second for the content type, then the body.</summary>
internal sealed class ApiBodyTarget() : Target(
    "api-body",
    "a body is refused, or every field that a call takes from it is within its documented limits",
    "{", "}", "\"", ":", ",", "[", "]", "\"merchant\"", "\"amount\":", "\"callback_url\":", "\"invoice_id\":", "\"mobile\":", "\"token\":", "\"refund_id\":",
    "\"reason\":", "\"method\":", "\"limit\":", "\"cursor\":", "\"status\":", "\"from\":", "\"to\":", "\"site.com\"", "https://site.com/back", "09123456789",
    "\\u06f1", "\\ud800", "\\u0000", "amount=", "&", "token=", "%D8%A7", "+", "1000", "1e3", "1.0", "-1", "verified", "card", "bank", "duplicate",
    "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
{
    public override int QuickMillions => 1;

    private static readonly string?[] Types =
        ["application/json", "application/x-www-form-urlencoded", null, "application/json; charset=utf-8", "text/json;charset=\"utf8\"", "text/plain"];

    private static readonly string[] Names = ["merchant", "amount", "callback_url", "invoice_id", "mobile", "token", "refund_id", "reason", "method", "limit", "status", "from", "to"];

    private static readonly string[] Values =
    [
        "\"1\"", "1000", "\"2500000\"", "\"۱۲۳۴۵\"", "\"https://site.com/back?x=1\"", "\"http://www.site.com:8080/\"", "\"INV-1\"", "\"09123456789\"", "null", "true", "[]", "{\"a\":[[1]]}",
        "\"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123\"", "\"duplicate\"", "\"card\"", "100", "\"verified\"", "\"2026-11-28T10:00:00+03:30\"", "\"\\ud83d\\ude00\"", "\"\"", "1e400", "99999999999999999999",
    ];

    private readonly DefaultHttpContext _context = new();

    public override int MaxLength => 1024;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return false;
        }

        var body = input[2..];
        _context.Request.ContentType = Types[input[1] % Types.Length];
        _context.Request.ContentLength = (input[1] & 0x40) == 0 ? body.Length : null;
        _context.Request.Body = new MemoryStream(body.ToArray());
        var reading = RequestFields.Read(_context.Request, CancellationToken.None);
        Must(reading.IsCompleted, "there is nothing to wait for");
        if (reading.GetAwaiter().GetResult().Refused(out var refusal, out var fields))
        {
            Must(refusal.HttpStatus is 400 or 413 or 415, "a body that is none is refused so");
            return false;
        }

        _ = fields.Body.Length;
        return (input[0] % 6) switch
        {
            0 => Token(fields),
            1 => Verify(fields),
            2 => Refund(fields),
            3 => Lists(fields),
            4 => Inquiry(fields),
            _ => Reverse(fields),
        };
    }

    public override int Build(Rng rng, Span<byte> room)
    {
        var isForm = rng.OneIn(5);
        room[0] = (byte)rng.Next();
        room[1] = (byte)((isForm ? 1 : rng.OneIn(2) ? 0 : 3) | (rng.OneIn(4) ? 0x40 : 0));
        var body = new StringBuilder(isForm ? "" : "{");
        for (var (i, count) = (0, 1 + rng.Below(7)); i < count; i++)
        {
            var (name, value) = (rng.Of(Names), rng.Of(Values));
            _ = isForm
                ? body.Append(name).Append('=').Append(Uri.EscapeDataString(value.Trim('"'))).Append(i < count - 1 ? "&" : "")
                : body.Append('"').Append(name).Append("\":").Append(value).Append(i < count - 1 ? "," : "");
        }

        return 2 + Encoding.UTF8.GetBytes(body.Append(isForm ? "" : "}").ToString(), room[2..]);
    }

    private static bool Token(RequestFields fields)
    {
        if (CreateToken.Read(fields, Someone.Merchant, sandbox: true).Refused(out var refusal, out var asked))
        {
            return Unprocessable(refusal);
        }

        Must(asked.Amount >= Someone.Merchant.MinAmount && asked.Amount <= Someone.Merchant.MaxAmount, "an amount is within the merchant's limits");
        Must(asked.InvoiceId.Length is >= 1 and <= 64 && !asked.InvoiceId.Any(char.IsControl), "an invoice's number has 1 to 64 printable characters");
        Must(asked.Mobile is null || (asked.Mobile.Length == 11 && asked.Mobile.All(char.IsAsciiDigit)), "a mobile has 11 digits");
        Must(asked.CallbackUrl.OriginalString.Length <= 2083, "an address is not longer than it may be");
        Someone.MustBeOwned(asked.CallbackUrl.OriginalString);
        return true;
    }

    private static bool Verify(RequestFields fields) =>
        VerifyPayment.Read(fields).Refused(out var refusal, out var asked) ? Unprocessable(refusal) : IsToken(asked.Token) && asked.Amount is null or { Amount: >= 0 };

    private static bool Reverse(RequestFields fields) =>
        PaymentFields.Read(fields).Refused(out var refusal, out var asked) ? Unprocessable(refusal) : IsToken(asked.Token) && asked.Amount is null or { Amount: >= 1 };

    private static bool Refund(RequestFields fields)
    {
        if (RefundRequest.Read(fields).Refused(out var refusal, out var asked))
        {
            return Unprocessable(refusal);
        }

        IsToken(asked.Token);
        Must(asked.Reference.Length is >= 1 and <= 64, "a refund's number has 1 to 64 characters");
        Must(asked.Amount is null or { Amount: >= 1 }, "a refund has an amount");
        Must(asked.Hash.Length == 64, "a refund is known again");
        return true;
    }

    private static bool Lists(RequestFields fields)
    {
        if (ListPayments.Read(fields).Refused(out var refusal, out var filter))
        {
            return Unprocessable(refusal);
        }

        _ = filter.From?.ToUnixTimeMilliseconds() + filter.To?.ToUnixTimeMilliseconds();

        // One that is well formed is looked up.
        if (PaymentToken.IsWellFormed(fields.Find("cursor")?.Plain))
        {
            return true;
        }

        var paging = Page.Read(fields, Someone.Merchant, store: null!, CancellationToken.None).GetAwaiter().GetResult();
        if (paging.Refused(out refusal, out var page))
        {
            return Unprocessable(refusal);
        }

        Must(page is { Limit: >= 1 and <= 100, After: null }, "a page has 1 to 100 payments");
        return true;
    }

    private static bool Inquiry(RequestFields fields)
    {
        var text = fields.Find("invoice_id") is { } invoice ? PrintableText.Read(invoice) : null;
        Must(text is null or { Length: >= 1 and <= 64 }, "a name has 1 to 64 characters");
        return text is not null && JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length > 0;
    }

    private static bool IsToken(string token)
    {
        Must(token.Length == 30 && token.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)), "a token has 30 characters of A-Z and 0-9");
        return true;
    }

    private static bool Unprocessable(Refusal refusal)
    {
        Must(refusal.HttpStatus is 422, "a field that is none is refused so");
        return false;
    }
}

/// <summary>Headers of the merchants' calls, a line each: Idempotency-Key, X-Request-Id, Authorization, Accept-Language, Content-Type.</summary>
internal sealed class ApiHeadersTarget() : Target(
    "api-headers", "a key for repetition, a request's id and an API key are what they may be; languages and types are never an error",
    "Bearer ", "cpk_live_", "cpk_test_", "en", "fa", ";q=", "0.5", ",", "*", "application/json", ";charset=", "utf-8", "text/html", "en-US")
{
    public override int QuickMillions => 1;

    private static readonly IReadOnlyList<string> Headers = ["Idempotency-Key", "X-Request-Id", "Authorization", "Accept-Language", "Content-Type"];

    public override int MaxLength => 512;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var context = new DefaultHttpContext();
        foreach (var name in Headers)
        {
            // As Kestrel reads header values.
            var line = Encoding.Latin1.GetString(TakeLine(ref input));
            if (line.Length > 0)
            {
                context.Request.Headers[name] = line;
            }
        }

        _ = Envelope.PrefersEnglish(context.Request);
        _ = Gateway.Checkout.Languages.Of(context.Request);
        var id = RequestId.Give(context);
        Must(id.Length is >= 1 and <= 64 && id.All(c => c is > ' ' and < '\x7F'), "a request's id can stand in a log");
        var secret = context.Request.Headers.Authorization.ToString();
        Must(ApiKey.Find([Someone.Key], secret, DateTimeOffset.UnixEpoch) is null, "nobody guesses a key");
        if (IdempotencyKey.Of(context.Request, "token", "1").Refused(out var refusal, out var key))
        {
            Must(refusal.HttpStatus is 422, "a key that is none is refused so");
            return false;
        }

        Must(key.Value is null || key.Value.Length is >= 1 and <= 255, "a key has 1 to 255 characters");
        Must(IdempotencyKey.Of(context.Request, "token", "1").Refused(out _, out var again) is false && again == key, "the same request is the same");
        Must(IdempotencyKey.Of(context.Request, "token1", "").Refused(out _, out var other) is false && (key.Value is null || other != key), "another is another");
        return true;
    }
}
