using System.Text.RegularExpressions;

namespace CanPay.Tests.EndToEnd;

/// <summary>A browser at a payment.</summary>
internal sealed partial class Visit(World world, string token) : IDisposable
{
    public Browser Browser { get; } = world.NewBrowser();

    public string Token => token;

    public async Task<string> Open() => await (await Browser.Open(token)).Content.ReadAsStringAsync();

    /// <summary>Opens the page and asks for a code; what proves that later forms are ours.</summary>
    public async Task<string> Ask()
    {
        var form = Browser.FormToken(await Open());
        await Browser.Submit(token, "cards", form);
        return form;
    }

    /// <summary>Asks for a code and types it in.</summary>
    public async Task<string> Prove(string mobile)
    {
        var form = await Ask();
        Assert.Equal(mobile, world.Messages[^1].To);
        return await Browser.Submit(token, "code", form, ("code", Code(world)));
    }

    public async Task<string> Pay(params (string Name, string Value)[] fields) => await Browser.Submit(
        token, "pay", Browser.FormToken(await Browser.Page($"/ipg/{token}")), [("cvv2", "123"), ("pin", "12345"), .. fields]);

    /// <summary>The page without what every payment has for itself.</summary>
    public string WithoutItsOwn(string page, string mobile) => Regex.Replace(
        page.Replace(token, "TOKEN", StringComparison.Ordinal)
            .Replace("same-" + mobile, "INVOICE", StringComparison.Ordinal)
            .Replace($"{mobile[..4]}***{mobile[^4..]}", "MOBILE", StringComparison.Ordinal),
        """(name="form" type="hidden" value="[^"]+)|(data-seconds="[0-9]+">[^<]+)|(تا ساعت [^)]+)""", "");

    public void Dispose() => Browser.Dispose();

    /// <summary>The code of the last SMS.</summary>
    public static string Code(World world) => SixDigits().Match(world.Messages[^1].Text).Value;

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();
}
