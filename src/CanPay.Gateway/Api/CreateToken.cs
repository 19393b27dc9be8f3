using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/token: a merchant begins a payment and gets the link of the payer's page.</summary>
internal sealed class CreateToken(
    IPaymentStore store,
    HoldGate holds,
    PublicUrl publicUrl,
    PaymentClocks clocks,
    IOptions<SandboxOptions> sandbox,
    TimeProvider clock,
    ILogger<CreateToken> log) : IApiOperation
{
    public static ApiScope Scope => ApiScope.Payments;

    public async Task<Result<string>> Handle(
        HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (Read(fields, merchant, sandbox.Value.Enabled).Refused(out var refusal, out var asked)
            || IdempotencyKey.Of(
                request, "token", asked.Amount.ToString(), asked.CallbackUrl.OriginalString, asked.InvoiceId, asked.Mobile)
                .Refused(out refusal, out var key))
        {
            return refusal;
        }

        if (await holds.Current(ct) is not null)
        {
            return PaymentRefusals.OnHold;
        }

        while (true)
        {
            var now = clock.Now();
            var token = PaymentToken.New(now, merchant.IsTest);
            var body = Body(token);
            CrashPoint.Reach("token.before");
            var created = await store.Create(
                new NewPayment(
                    merchant.Id, token, asked.InvoiceId, asked.Amount, asked.CallbackUrl, asked.Mobile, now, now + clocks.PageLifetime,
                    key.Answer(body, now)),
                ct);
            CrashPoint.Reach("token.after");
            switch (created)
            {
                case CreateResult.Created { Id: var id }:
                    log.PaymentCreated(id.Value, merchant.Id.Value, asked.Amount.Amount);
                    return body;
                case CreateResult.KeyExists { Answer: var stored }:
                    return await key.Retell(store, merchant.Id, stored);
                case CreateResult.InvoiceExists { Payment: var existing }:
                    return await Repeat(existing, asked, key, now, ct);
                case CreateResult.TokenExists:
                    continue;
            }
        }
    }

    /// <summary>A client that timed out repeats its request and gets the same token, as long as nobody has begun to pay.</summary>
    private async Task<Result<string>> Repeat(
        Payment existing, Asked asked, IdempotencyKey key, DateTimeOffset now, CancellationToken ct)
    {
        var isSame = existing.Amount == asked.Amount
            && existing.CallbackUrl.OriginalString == asked.CallbackUrl.OriginalString
            && existing.Mobile == asked.Mobile;
        if (!isSame || existing.Status is not PaymentStatus.Created || existing.Authorizations > 0 || now >= existing.PageExpiresAt)
        {
            return existing.IsTest ? PaymentRefusals.DuplicateInvoice with { Explanation = Differs(existing, asked) } : PaymentRefusals.DuplicateInvoice;
        }

        if (!await store.Settle(existing))
        {
            return HttpRefusals.TemporarilyUnavailable;
        }

        var body = Body(existing.Token);
        return await key.Keep(store, existing.MerchantId, body, now, ct);
    }

    private static Text Differs(Payment existing, Asked asked)
    {
        var english = existing.Amount != asked.Amount ? $"the amount was {existing.Amount} rials"
            : existing.CallbackUrl.OriginalString != asked.CallbackUrl.OriginalString ? $"the callback_url was {existing.CallbackUrl.OriginalString}"
            : existing.Mobile != asked.Mobile ? "the mobile was another"
            : $"the payment is {PaymentJson.NameOf(existing.Status)} already";
        return new(
            $"محیط آزمایشی: این شماره فاکتور از توکن {existing.Token} است ({english}).",
            $"Sandbox: this invoice_id is that of the token {existing.Token}; {english}.");
    }

    private string Body(string token) => Envelope.Success(data =>
    {
        data.WriteString("url", publicUrl.Page(token));
        data.WriteString("token", token);
    });

    internal static Result<Asked> Read(RequestFields fields, Merchant merchant, bool sandbox)
    {
        foreach (var name in (ReadOnlySpan<string>)["amount", "callback_url", "invoice_id"])
        {
            if (fields.Find(name) is null)
            {
                return HttpRefusals.FieldMissing.With("field", name);
            }
        }

        if (AmountField.Read(fields.Find("amount")!.Value, merchant.MinAmount, merchant.MaxAmount).Refused(out var refusal, out var amount))
        {
            return refusal;
        }

        if (fields.Find("callback_url")!.Value is not { IsNumber: false, Text: { } url })
        {
            return HttpRefusals.CallbackUrlInvalid;
        }

        if (CallbackUrl.Parse(url, merchant, sandbox).Refused(out refusal, out var callbackUrl))
        {
            return refusal;
        }

        if (PrintableText.Read(fields.Find("invoice_id")!.Value) is not { } invoice)
        {
            return HttpRefusals.InvoiceIdInvalid;
        }

        var mobile = fields.Find("mobile")?.Plain;
        return fields.Find("mobile") is not null && !IsMobile(mobile)
            ? HttpRefusals.MobileInvalid
            : new Asked(amount, callbackUrl, invoice, mobile);
    }

    private static bool IsMobile(string? text) =>
        text is { Length: 11 } && text.StartsWith("09", StringComparison.Ordinal) && Digits.IsAll(text);

    internal sealed record Asked(Rials Amount, Uri CallbackUrl, string InvoiceId, string? Mobile);
}
