using System.CommandLine;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay page-check</c>: the payer's page, as browsers receive it, is what this program sends.</summary>
internal static class PageCheckCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Make()
    {
        var url = new Option<string>("--url") { Description = "Where payers find the page, such as https://pay.example.ir.", Required = true };
        var token = new Option<string?>("--token") { Description = "Of a payment whose page is looked at, too." };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command(
            "page-check", "Compares headers, scripts, style and font of the payer's page, as they come through proxies, with this program's. Run it daily.")
        {
            url, token, json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new StartException("--url takes an address that begins with https:// or http://.");
            }

            using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = Patience };
            http.DefaultRequestHeaders.Referrer = address;
            IReadOnlyList<string> found;
            try
            {
                found = await new PageCheck(http, address).Run(parsed.GetValue(token), ct);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                throw new StartException($"{address} cannot be reached: {e.Message}");
            }

            if (parsed.GetValue(json))
            {
                Tool.PrintJson(new { is_ours = found.Count == 0, found });
            }
            else
            {
                Console.WriteLine(found.Count == 0 ? "The page is what this program sends." : string.Join('\n', found));
            }

            return found.Count == 0 ? CommandLine.Done : CommandLine.No;
        });
        return command;
    }
}
