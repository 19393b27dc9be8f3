using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>Decides whether a caller may act for a merchant.</summary>
internal sealed class MerchantGate(IPaymentStore store, RateLimits limits, TimeProvider clock)
{
    private const string Scheme = "Bearer ";
    private static readonly object KeyItem = new();

    /// <summary>Compared with where no such merchant exists, so that a refusal takes the same work whatever its reason.</summary>
    private static readonly Merchant Nobody = new(default, "", "", new("", "", ""))
    {
        Status = MerchantStatus.Suspended,
        MinAmount = new Rials(1),
        MaxAmount = new Rials(1),
        Addresses = [.. new[] { "192.0.2.0/24", "2001:db8::/32" }.Select(text => AddressRange.TryParse(text, out var range) ? range.Value : default)],
    };

    /// <summary>The key that a request was admitted with; most have none.</summary>
    public static ApiKey? KeyOf(HttpContext context) => context.Items.TryGetValue(KeyItem, out var key) ? (ApiKey?)key : null;

    /// <summary>The merchant, if it is active, the address is one of its own, and its key, if it sent or must send one, is good for this.</summary>
    /// <remarks>Unknown, suspended and "not from there" are one refusal, which names the address that we saw.</remarks>
    public async Task<Result<Merchant>> Admit(HttpContext context, RequestFields fields, ApiScope scope, CancellationToken ct)
    {
        var address = ClientAddress.Of(context);
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
            var denied = HttpRefusals.AccessDenied.With("address", address.ToString());
            return limits.Instead(found is { IsTest: true } ? denied with { Explanation = Why(found) } : denied, address);
        }

        if (MayNot(context, merchant, scope) is { } keyRefusal)
        {
            return keyRefusal.HttpStatus == StatusCodes.Status401Unauthorized ? limits.Instead(keyRefusal, address) : keyRefusal;
        }

        var refusal = limits.Take(merchant.Id);
        limits.Tell(context.Response, merchant.Id);
        return refusal is not null ? refusal : merchant;
    }

    /// <summary>Of a test merchant nothing must be kept from whoever guesses its code.</summary>
    private static Text Why(Merchant test) => test.Status is MerchantStatus.Suspended
        ? new("محیط آزمایشی: این پذیرنده معلق است.", "Sandbox: this merchant is suspended.")
        : new($"محیط آزمایشی: نشانی‌های ثبت‌شدهٔ این پذیرنده: {string.Join("، ", test.Addresses)}",
            $"Sandbox: the addresses of this merchant are: {string.Join(", ", test.Addresses)}");

    private Refusal? MayNot(HttpContext context, Merchant merchant, ApiScope scope)
    {
        var sent = context.Request.Headers.Authorization.ToString();
        var secret = sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? sent[Scheme.Length..].Trim() : "";
        if (!ApiKey.LooksLikeOne(secret))
        {
            // Proxies and frameworks put other things there; they are none of our business.
            return merchant.RequireKey ? HttpRefusals.KeyRequired : null;
        }

        if (ApiKey.Find(merchant.Keys, secret, clock.GetUtcNow()) is not { } key)
        {
            return HttpRefusals.KeyInvalid;
        }

        context.Items[KeyItem] = key;
        return key.Scopes.Contains(scope) ? null : HttpRefusals.ScopeMissing.With("scope", scope.ToString().ToLowerInvariant());
    }
}
