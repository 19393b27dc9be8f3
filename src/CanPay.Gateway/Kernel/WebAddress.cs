using System.Buffers;

namespace CanPay.Gateway.Kernel;

/// <summary>What the platform's reader of addresses lets through, or says late.</summary>
internal static class WebAddress
{
    private static readonly SearchValues<char> AddressLetters = SearchValues.Create("0123456789abcdefABCDEF:.");

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

    /// <summary>
    /// Something stands in the brackets of an IPv6 address, or between it and its port or path, that does not belong there:
    /// <c>https://[::1]site.com/</c>, <c>https://[::1/:80]/</c>. The platform overlooks it, a browser does not.
    /// </summary>
    public static bool HasStrayLetters(string text, Uri url)
    {
        if (url.HostNameType is not UriHostNameType.IPv6)
        {
            return false;
        }

        var (begin, end) = (text.IndexOf("//[", StringComparison.Ordinal) + 3, text.IndexOf(']', StringComparison.Ordinal));
        return begin < 3 || end < begin || text.AsSpan(begin, end - begin).ContainsAnyExcept(AddressLetters)
            || (end + 1 < text.Length && text[end + 1] is not (':' or '/' or '?'));
    }
}
