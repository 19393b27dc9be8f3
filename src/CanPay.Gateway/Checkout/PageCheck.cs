using System.Net;
using System.Text.RegularExpressions;

namespace CanPay.Gateway.Checkout;

/// <summary>
/// Looks at the payer's page as browsers receive it, through whatever stands between them and the gateway, and compares it with
/// what this program sends: headers, what the page loads, and each byte of that.
/// </summary>
internal sealed partial class PageCheck(HttpClient http, Uri address)
{
    /// <summary>A payment that there cannot be: the frame of the page without a payment in it.</summary>
    private static readonly string NoPayment = new('A', 30);

    /// <param name="token">Of a payment whose page is looked at, too; null for none.</param>
    /// <returns>What is not as it was sent, in words; nothing where all is well.</returns>
    public async Task<IReadOnlyList<string>> Run(string? token, CancellationToken ct)
    {
        var found = new List<string>();
        await Page(NoPayment, found, ct);
        if (token is not null)
        {
            await Page(token, found, ct);
        }

        foreach (var (path, content) in Assets.All)
        {
            using var answer = await http.GetAsync(new Uri(address, path), ct);
            var received = await answer.Content.ReadAsByteArrayAsync(ct);
            if (!answer.IsSuccessStatusCode || !content.AsSpan().SequenceEqual(received))
            {
                found.Add($"{path} is not the file of this program (status {(int)answer.StatusCode}).");
            }
        }

        return found;
    }

    private async Task Page(string token, List<string> found, CancellationToken ct)
    {
        var path = "/ipg/" + Uri.EscapeDataString(token);
        using var answer = await http.GetAsync(new Uri(address, path), ct);
        if (token == NoPayment && answer.StatusCode is not HttpStatusCode.NotFound)
        {
            found.Add($"{path} answers {(int)answer.StatusCode} instead of 404.");
        }

        foreach (var (name, value) in PageHeaders.Of(address.Scheme == Uri.UriSchemeHttps, formTarget: null))
        {
            var sent = answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
            if (sent is null || !Same(name, value, sent))
            {
                found.Add($"{path}: the header {name} is '{sent}' instead of '{value}'.");
            }
        }

        var page = await answer.Content.ReadAsStringAsync(ct);
        found.AddRange(Elements().Matches(page)
            .Select(element => element.Value)
            .Where(element => !IsOurs(element))
            .Select(element => $"{path}: holds {(element.Length > 120 ? element[..120] + "…" : element)}"));
    }

    /// <summary>The callback's origin stands in the policy of a payment's page: whose it is nobody can say from outside.</summary>
    private static bool Same(string name, string value, string sent) =>
        sent == value || (name == "Content-Security-Policy" && FormTarget().Replace(sent, "form-action 'self';") == value);

    /// <summary>A script without text, or a link, that loads a file of this program. Nothing else of these kinds is in our pages.</summary>
    private static bool IsOurs(string element) =>
        Loaded().Match(element) is { Success: true } loads
        && (loads.Groups["address"].Value == "data:," || Assets.All.Any(asset => asset.Path == loads.Groups["address"].Value));

    /// <summary>Whatever loads or runs something.</summary>
    [GeneratedRegex("""<script\b[^>]*>.*?</script\s*>|<(?:script|link|style|iframe|frame|object|embed|base|applet|portal)\b[^>]*>|<[a-z][^>]*\s(?:on[a-z]+|style|srcdoc)\s*=[^>]*>|<[a-z][^>]*javascript:[^>]*>""", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Elements();

    [GeneratedRegex("""^(?:<script src="(?<address>[^"]+)" defer></script>|<link rel="(?:preload|stylesheet|icon)" href="(?<address>[^"]+)"(?: as="font" type="font/woff2" crossorigin)?>)$""", RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Loaded();

    [GeneratedRegex("form-action 'self' https?://[^ ;']+;", RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex FormTarget();
}
