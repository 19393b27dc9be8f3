using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace CanPay.Client.Testing;

/// <summary>The API's calls. Checks come in the order in which the real gateway makes them.</summary>
public sealed partial class FakeGateway
{
    private const long MinAmount = 1_000;
    private const long MaxAmount = 2_000_000_000;

    private Reply Answer(HttpRequestMessage request, string body)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        const string Root = "/api/ipg/";
        var operation = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : "";
        _calls.Add(operation);
        using var document = JsonDocument.Parse(body);
        var fields = new Fields(document.RootElement);
        if (fields.Text("merchant") != _merchant)
        {
            return Reply.Of(fields.Text("merchant") is null ? FakeError.FieldMissing : FakeError.AccessDenied);
        }

        return operation switch
        {
            "token" => Keyed(request, operation + body, () => Token(fields)),
            "verify" => Keyed(request, operation + body, () => Verify(fields)),
            "reverse" => Keyed(request, operation + body, () => Reverse(fields)),
            "inquiry" => Inquire(fields),
            "unverified" => Page(fields, payment => payment.Status is PaymentStatus.Authorized, payment => payment.VerifyUntil!.Value.Ticks),
            "transactions" => Page(fields, payment => Fits(payment, fields), payment => -payment.CreatedAt.Ticks),
            "refund" => Refund(fields),
            "refund/status" => RefundStatusOf(fields),
            "ping" => Ping(),
            _ => Reply.Of(FakeError.UnknownPath),
        };
    }

    /// <summary>Under a key successes are kept, refusals are not.</summary>
    private Reply Keyed(HttpRequestMessage request, string body, Func<Reply> answer)
    {
        if (!request.Headers.TryGetValues("Idempotency-Key", out var keys))
        {
            return answer();
        }

        var key = keys.First();
        if (_keys.TryGetValue(key, out var kept))
        {
            return kept.Body == body ? kept.Reply : Reply.Of(FakeError.IdempotencyKeyReused);
        }

        var reply = answer();
        if (reply.Status == 200)
        {
            _keys[key] = (body, reply);
        }

        return reply;
    }

    private Reply Token(Fields fields)
    {
        if (fields.Text("amount") is null || fields.Text("callback_url") is not { } callback || fields.Text("invoice_id") is not { } invoice)
        {
            return Reply.Of(FakeError.FieldMissing);
        }

        if (fields.Amount() is not { } amount)
        {
            return Reply.Of(FakeError.AmountInvalid);
        }

        var mobile = fields.Text("mobile");
        var problem = amount is < MinAmount or > MaxAmount ? FakeError.AmountOutOfRange
            : !Uri.TryCreate(callback, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") ? FakeError.CallbackUrlInvalid
            : string.IsNullOrWhiteSpace(invoice) || invoice.Length > 64 ? FakeError.InvoiceIdInvalid
            : mobile is not null && !(mobile.Length == 11 && mobile.StartsWith("09", StringComparison.Ordinal) && mobile.All(char.IsAsciiDigit))
                ? FakeError.MobileInvalid
            : null;
        if (problem is not null)
        {
            return Reply.Of(problem);
        }

        if (_payments.Values.SingleOrDefault(payment => payment.InvoiceId == invoice) is { } existing)
        {
            existing.Look(_clock.GetUtcNow());
            return existing is { Status: PaymentStatus.Created, Declines: 0 } && existing.Amount == amount && existing.CallbackUrl == callback
                && existing.Mobile == mobile
                ? Begun(existing)
                : Reply.Of(FakeError.DuplicateInvoice);
        }

        var created = new FakePayment
        {
            Token = RandomNumberGenerator.GetString(Letters, 30),
            InvoiceId = invoice,
            Amount = amount,
            CallbackUrl = callback,
            Mobile = mobile,
            CreatedAt = _clock.GetUtcNow(),
        };
        _payments.Add(created.Token, created);
        return Begun(created);
    }

    private Reply Begun(FakePayment payment) => Reply.Of(json =>
    {
        json.WriteString("url", new Uri(Options.BaseUrl, "/ipg/" + payment.Token).AbsoluteUri);
        json.WriteString("token", payment.Token);
    });

    private Reply Verify(Fields fields)
    {
        if (Named(fields, out var payment) is { } problem)
        {
            return Reply.Of(problem);
        }

        if (payment.Status is not PaymentStatus.Verified && Refusal(payment) is { } refusal)
        {
            return Reply.Of(refusal);
        }

        var isRepeated = payment.Status is PaymentStatus.Verified;
        if (!isRepeated)
        {
            payment.VerifiedAt = _clock.GetUtcNow();
            payment.End(PaymentStatus.Verified, payment.VerifiedAt.Value);
        }

        return Reply.Of(json =>
        {
            json.WriteString("card", payment.Card);
            json.WriteString("reference", payment.Reference);
            json.WriteNumber("amount", payment.Amount);
            json.WriteString("invoice_id", payment.InvoiceId);
            json.WriteString("verified_at", FakePayment.Instant(payment.VerifiedAt));
            json.WriteBoolean("already_verified", isRepeated);
        });
    }

    private Reply Reverse(Fields fields)
    {
        if (Named(fields, out var payment) is { } problem)
        {
            return Reply.Of(problem);
        }

        var isRepeated = payment is { Status: PaymentStatus.Reversed };
        if (!isRepeated && (payment.Status is PaymentStatus.Verified ? FakeError.AlreadyVerified : Refusal(payment)) is { } refusal)
        {
            return Reply.Of(refusal);
        }

        if (!isRepeated)
        {
            payment.ReturnCause = "merchant";
            payment.End(PaymentStatus.Reversed, _clock.GetUtcNow());
        }

        return Reply.Of(json =>
        {
            json.WriteString("token", payment.Token);
            json.WriteString("invoice_id", payment.InvoiceId);
            json.WriteNumber("amount", payment.Amount);
            json.WriteString("status", FakePayment.Name(payment.Status));
            json.WriteBoolean("already_reversed", isRepeated);
        });
    }

    /// <summary>The payment of the field token, whose amount is the one of the field amount if there is one.</summary>
    private FakeError? Named(Fields fields, out FakePayment payment)
    {
        payment = null!;
        if (Malformed(fields) is { } malformed)
        {
            return malformed;
        }

        if (Find(fields.Text("token")) is not { } found)
        {
            return FakeError.TokenNotFound;
        }

        payment = found;
        return fields.Amount() is { } amount && amount != found.Amount ? FakeError.AmountMismatch : null;
    }

    private static FakeError? Malformed(Fields fields) =>
        fields.Text("token") is not { } token ? FakeError.FieldMissing
        : token.Length != 30 || !token.All(Letters.Contains) ? FakeError.TokenInvalid
        : fields.Text("amount") is not null && fields.Amount() is null ? FakeError.AmountInvalid
        : null;

    /// <summary>Why it can be neither verified nor reversed.</summary>
    private static FakeError? Refusal(FakePayment payment) => payment.Status switch
    {
        PaymentStatus.Created => FakeError.NotPaid,
        PaymentStatus.Authorizing => FakeError.InProgress,
        PaymentStatus.Cancelled => FakeError.Cancelled,
        PaymentStatus.Failed => FakeError.Failed,
        PaymentStatus.Expired => FakeError.Expired,
        PaymentStatus.Reversing or PaymentStatus.Reversed => FakeError.Returned,
        _ => null,
    };

    /// <summary>The fields of a body; numbers may be text, as the gateway takes them.</summary>
    private readonly record struct Fields(JsonElement Body)
    {
        /// <summary>Empty is as good as missing.</summary>
        public string? Text(string name) =>
            Body.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null && value.ToString() is { Length: > 0 } text
                ? text
                : null;

        public long? Amount() =>
            long.TryParse(Text("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }
}
