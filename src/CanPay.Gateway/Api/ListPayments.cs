using System.Globalization;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/transactions: a merchant's payments, newest first.</summary>
internal sealed class ListPayments(PaymentsRead payments, IPaymentList list, IPaymentStore store) : IApiOperation
{
    public static ApiScope Scope => ApiScope.Read;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if ((await Page.Read(fields, merchant, store, ct)).Refused(out var refusal, out var page)
            || Read(fields).Refused(out refusal, out var filter))
        {
            return refusal;
        }

        return await page.Answer(await list.Newest(merchant.Id, filter, page.After, page.Look, ct), payments, ct);
    }

    internal static Result<PaymentFilter> Read(RequestFields fields)
    {
        PaymentStatus? status = null;
        if (fields.Find("status") is { } name)
        {
            status = Enum.GetValues<PaymentStatus>().Cast<PaymentStatus?>().FirstOrDefault(each => PaymentJson.NameOf(each!.Value) == name.Plain);
            if (status is null)
            {
                return HttpRefusals.StatusInvalid;
            }
        }

        return Instant(fields, "from").Refused(out var refusal, out var from) || Instant(fields, "to").Refused(out refusal, out var to)
            ? refusal
            : new PaymentFilter(status, from.At, to.At);
    }

    private static Result<Moment> Instant(RequestFields fields, string name) =>
        fields.Find(name) is not { } value ? new Moment(null)
        : value is { IsNumber: false, Plain: { } text } && HasOffset(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                ? new Moment(at)
                : HttpRefusals.InstantInvalid.With("field", name);

    /// <summary>A time without an offset means another instant on each machine.</summary>
    private static bool HasOffset(string text) =>
        text.IndexOf('T', StringComparison.Ordinal) is var t and > 0 && text.AsSpan(t).IndexOfAny('Z', '+', '-') > 0;

    private readonly record struct Moment(DateTimeOffset? At);
}
