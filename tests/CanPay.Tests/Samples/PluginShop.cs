using System.Net;
using AngleSharp.Html.Parser;

namespace CanPay.Tests.Samples;

/// <summary>A plugin on stand-ins for its host's functions, against the real gateway.</summary>
public abstract class PluginShop : SampleShop
{
    protected override string[] Command => ["php", At("shop.php")];

    protected override string[] Serve => ["php", "-S", $"127.0.0.1:{Port}", At("shop.php")];

    protected override string At(string file) => Path.Combine(Programs.Root, "tests", "plugins", Name, file);

    internal override Task<string> Status(string invoice) => base.Status(Order(invoice));

    internal override int Deliveries(string invoice) => base.Deliveries(Order(invoice) + " ");

    /// <summary>Presses the button that the plugin made.</summary>
    internal override async Task<(Uri? Page, string Error)> Buy()
    {
        var form = new HtmlParser().ParseDocument(await Http.GetStringAsync(Url + "/")).QuerySelector("form")!;
        using var answer = await Http.PostAsync(
            Url + form.GetAttribute("action"),
            new FormUrlEncodedContent(form.QuerySelectorAll("input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!)));
        return answer.StatusCode is HttpStatusCode.SeeOther
            ? (answer.Headers.Location, "")
            : (null, await answer.Content.ReadAsStringAsync());
    }

    internal async Task<string> Refund(string invoice, string amount)
    {
        using var answer = await Http.PostAsync(
            $"{Url}/refund/{Order(invoice)}", new FormUrlEncodedContent(new Dictionary<string, string> { ["amount"] = amount }));
        return await answer.Content.ReadAsStringAsync();
    }

    internal Task<string> Rials(string amount, string currency) => Run("rials", amount, currency);

    /// <summary>The host's order in the number that the gateway knows.</summary>
    internal static string Order(string invoice) => invoice.Split('-')[0];
}

public sealed class WooCommercePluginTests(WooCommercePluginTests.Shop shop) : PluginTests(shop), IClassFixture<WooCommercePluginTests.Shop>
{
    public sealed class Shop : PluginShop
    {
        protected override string Name => "woocommerce";
    }
}

public sealed class WhmcsPluginTests(WhmcsPluginTests.Shop shop) : PluginTests(shop), IClassFixture<WhmcsPluginTests.Shop>
{
    public sealed class Shop : PluginShop
    {
        protected override string Name => "whmcs";

        protected override string CallbackPath => "/modules/gateways/callback/canpay.php";

        /// <summary>The module lies in its host's folder.</summary>
        protected override Task Prepare(string folder)
        {
            var module = Path.Combine(Programs.Root, "plugins", "whmcs");
            foreach (var file in Directory.EnumerateFiles(module, "*.php", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, "whmcs", Path.GetRelativePath(module, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            File.Copy(At("stand-ins/init.php"), Path.Combine(folder, "whmcs", "init.php"));
            return Task.CompletedTask;
        }
    }
}
