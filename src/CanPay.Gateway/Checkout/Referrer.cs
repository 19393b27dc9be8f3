using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using Microsoft.Extensions.Primitives;

namespace CanPay.Gateway.Checkout;

/// <summary>Where a payer came from, as the merchant's record judges it. Against phishing; it proves nobody's identity.</summary>
internal abstract record Referrer
{
    private Referrer()
    {
    }

    /// <summary>From a registered domain, or the merchant does not ask.</summary>
    public sealed record Welcome : Referrer;

    /// <summary>No referrer: one page explains whom the payer pays and asks to continue.</summary>
    public sealed record Unsaid : Referrer;

    /// <param name="Host">The domain that was seen; null where none was, and the merchant wants one.</param>
    public sealed record Refused(string? Host) : Referrer;

    public static Referrer Of(HttpRequest request, Merchant merchant, PublicUrl publicUrl)
    {
        if (merchant.ReferrerPolicy is ReferrerPolicy.Off)
        {
            return new Welcome();
        }

        var host = HostOf(request.Headers.Origin, publicUrl, request) ?? HostOf(request.Headers.Referer, publicUrl, request);
        return host switch
        {
            null when merchant.ReferrerPolicy is ReferrerPolicy.Strict => new Refused(null),
            null => new Unsaid(),
            _ => merchant.Owns(host) ? new Welcome() : new Refused(host),
        };
    }

    /// <summary>A form of ours was sent from a page of ours. Browsers that say nothing are judged by the form's key alone.</summary>
    public static bool IsFromOurselves(HttpRequest request, PublicUrl publicUrl) =>
        StringValues.IsNullOrEmpty(request.Headers.Origin) || IsOurs(request.Headers.Origin.ToString(), publicUrl, request);

    /// <summary>The host that the header names; our own pages do not count, nor does what is no web address.</summary>
    private static string? HostOf(StringValues header, PublicUrl publicUrl, HttpRequest request) =>
        header is [{ } text]
        && text.StartsWith("http", StringComparison.OrdinalIgnoreCase) // of "//" and what is not seen the platform's reader throws
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && !IsOurs(url.GetLeftPart(UriPartial.Authority), publicUrl, request)
            ? WebAddress.HostOf(url)?.TrimEnd('.')
            : null;

    private static bool IsOurs(string origin, PublicUrl publicUrl, HttpRequest request) =>
        origin.Equals(publicUrl.Origin, StringComparison.OrdinalIgnoreCase)
        || origin.Equals($"{request.Scheme}://{request.Headers.Host}", StringComparison.OrdinalIgnoreCase); // Request.Host throws where it is no name
}
