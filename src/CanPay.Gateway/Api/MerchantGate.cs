using System.Net;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>Decides whether a caller may act for a merchant.</summary>
internal sealed class MerchantGate(IPaymentStore store, RateLimits limits)
{
    /// <summary>Compared with where no such merchant exists, so that a refusal takes the same work whatever its reason.</summary>
    private static readonly Merchant Nobody = new(default, "", "", new("", "", ""))
    {
        Status = MerchantStatus.Suspended,
        MinAmount = new Rials(1),
        MaxAmount = new Rials(1),
        Addresses = [.. new[] { "192.0.2.0/24", "2001:db8::/32" }.Select(text => AddressRange.TryParse(text, out var range) ? range.Value : default)],
    };

    /// <summary>The merchant, if it is active and the address is one of its own.</summary>
    /// <remarks>Unknown, suspended and "not from there" are one refusal, which names the address that we saw.</remarks>
    public async Task<Result<Merchant>> Admit(RequestFields fields, IPAddress address, CancellationToken ct)
    {
        if (fields.Find("merchant") is not { } value)
        {
            return HttpRefusals.FieldMissing.With("field", "merchant");
        }

        if (value.Plain is not { Length: <= 64 } code)
        {
            return HttpRefusals.MerchantInvalid;
        }

        var found = await store.FindMerchant(code, ct);
        var merchant = found ?? Nobody;
        var isOurs = false;
        foreach (var range in merchant.Addresses)
        {
            isOurs |= range.Contains(address);
        }

        if (!(isOurs & merchant.Status is MerchantStatus.Active & found is not null))
        {
            return limits.Instead(HttpRefusals.AccessDenied.With("address", address.ToString()), address);
        }

        return limits.Take(merchant.Id) is { } tooMany ? tooMany : merchant;
    }
}
