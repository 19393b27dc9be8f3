using System.Buffers;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Api;

/// <summary>Where a payer may be sent back to: a web address of the merchant's own.</summary>
internal static class CallbackUrl
{
    private const int MaxLength = 2_083;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\#<>\"`");

    /// <param name="text">As the merchant sent it.</param>
    /// <param name="merchant">Whose domains count.</param>
    /// <param name="sandbox">Plain http may be allowed to the merchant only there.</param>
    public static Result<Uri> Parse(string text, Merchant merchant, bool sandbox)
    {
        // Browsers repair what Uri refuses or reads otherwise (backslashes, tabs, missing slashes): none of it is let through.
        if (text.Length > MaxLength
            || !(text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            || text.AsSpan().ContainsAny(Forbidden)
            || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || IsInvisible(c))
            || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.UserInfo.Length > 0 || text.AsSpan(0, AuthorityEnd(text)).Contains('@')
            || WebAddress.HostOf(url) is not { Length: > 0 } host || host.EndsWith('.') || WebAddress.HasStrayLetters(text, url)
            || url.HostNameType is UriHostNameType.Unknown)
        {
            return HttpRefusals.CallbackUrlInvalid;
        }

        // "0x7f.1" and "2130706433" are addresses to a browser: what is written must be what is meant.
        if (url.HostNameType is UriHostNameType.IPv4 && !text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2).StartsWith(url.Host))
        {
            return HttpRefusals.CallbackUrlInvalid;
        }

        if (!merchant.Owns(host))
        {
            var refusal = HttpRefusals.CallbackDomainNotRegistered.With("host", host);
            return merchant.IsTest
                ? refusal with
                {
                    Explanation = new(
                        $"محیط آزمایشی: دامنه‌های ثبت‌شده: {string.Join("، ", merchant.Domains)}",
                        $"Sandbox: registered are {string.Join(", ", merchant.Domains)}"),
                }
                : refusal;
        }

        if (url.Scheme == Uri.UriSchemeHttp && !(sandbox && merchant.AllowHttpCallback))
        {
            return HttpRefusals.CallbackUrlInsecure;
        }

        return url;
    }

    private static int AuthorityEnd(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.AsSpan(start).IndexOfAny('/', '?');
        return end < 0 ? text.Length : start + end;
    }

    /// <summary>Zero-width and bidirectional marks, which make one address look like another.</summary>
    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format;
}
