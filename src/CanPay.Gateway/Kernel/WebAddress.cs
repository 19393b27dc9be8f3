namespace CanPay.Gateway.Kernel;

/// <summary>What the platform's reader of addresses lets through, or says late.</summary>
internal static class WebAddress
{
    /// <summary>The host in ASCII, without the brackets of IPv6.</summary>
    /// <returns>Null where it has letters that no name may have: the platform reads such an address and throws when its host is asked for.</returns>
    public static string? HostOf(Uri url)
    {
        try
        {
            return url.IdnHost.Trim('[', ']');
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Something stands between an IPv6 address and its port or path: <c>https://[::1]site.com/</c>. The platform overlooks it, a browser does not.</summary>
    public static bool HasStrayLetters(string text, Uri url) =>
        url.HostNameType is UriHostNameType.IPv6
        && text.IndexOf(']', StringComparison.Ordinal) + 1 is var after && after < text.Length && text[after] is not (':' or '/' or '?');
}
