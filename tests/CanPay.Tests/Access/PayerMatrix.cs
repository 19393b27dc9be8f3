using System.Text.RegularExpressions;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Http;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.Access;

/// <summary>Everything that is not the merchants' API: pages, forms, receipts, the sandbox's pages, the guide, health.</summary>
internal sealed class PayerMatrix(Town town)
{
    private const string Evil = "https://evil.example";
    private static readonly string Unknown = new('A', 30);
    private readonly List<string> _faults = [];

    /// <summary>Where the gateway does not do what its routes declare.</summary>
    public async Task<List<string>> Faults(IEnumerable<Route> routes)
    {
        foreach (var route in routes)
        {
            await (route.Access.Caller switch
            {
                Caller.Anyone or Caller.Supervisor => Open(route),
                Caller.Payer => Payer(route),
                Caller.PayersBrowser => PayersBrowser(route),
                Caller.ReceiptHolder => Receipt(route),
                Caller.TestTokenHolder => TestToken(route),
                _ => Task.CompletedTask, // MerchantMatrix
            });
        }

        return _faults;
    }

    /// <summary>Nobody is somebody here, and hears nothing of a payment.</summary>
    private async Task Open(Route route)
    {
        var token = await town.Payment(Town.A);
        using var asker = town.NewAsker();
        await asker.Get($"/ipg/{token}", Town.Shop);
        var asset = Assets.All.First(known => known.Path.EndsWith(".css", StringComparison.Ordinal)).Path;
        var path = route.Path switch
        {
            "/documents/{file}" => Regex.Match((await asker.Get("/documents")).Body, "/documents/([^/\"]+\\.css)").Value,
            _ when route.Path.StartsWith("/ipg/assets/", StringComparison.Ordinal) => asset,
            _ => Regex.Replace(route.Path, @"\{[^}]*\?\}", ""),
        };
        var answer = await asker.Send(new HttpMethod(route.Method), path, content: null);
        Expect(route, "anyone", 200, answer);
        if (answer.Body.Contains(token, StringComparison.Ordinal))
        {
            _faults.Add($"{route.Path} tells of a payment");
        }
    }

    /// <summary>From a domain of the merchant; after the first card only the browser that paid.</summary>
    private async Task Payer(Route route)
    {
        var token = await town.Payment(Town.A);
        using var payer = town.NewAsker();
        using var other = town.NewAsker();
        using var stranger = town.NewAsker();
        var isGet = route.Method == "GET";
        Expect(route, "a payer from the shop", isGet ? 200 : 303, await Arrive(payer, token, Town.Shop));
        Expect(route, "a payer from elsewhere", 403, await Arrive(stranger, token, Evil));
        Expect(route, "a payer from nowhere", 403, await Arrive(stranger, token, from: null));
        Expect(route, "who guesses", 404, await Arrive(stranger, Unknown, Town.Shop));

        await Arrive(other, token, Town.Shop);
        await town.Pay(payer, token);
        var paid = await town.World.Payment(token);
        Expect(route, "the browser that paid", isGet ? 200 : 303, await Arrive(payer, token, Town.Shop));
        foreach (var foreign in new[] { other, stranger })
        {
            var answer = await Arrive(foreign, token, Town.Shop);
            Expect(route, "another browser", isGet ? 409 : 303, answer);
            if (answer.Body.Contains(paid.CardMask!, StringComparison.Ordinal) || answer.Body.Contains(paid.Rrn!, StringComparison.Ordinal))
            {
                _faults.Add($"{route.Path} shows another browser who paid");
            }
        }

        Task<Answer> Arrive(Asker asker, string which, string? from) => isGet
            ? asker.Get(Path(route, which), from)
            : asker.Form(Path(route, which), [], from?.TrimEnd('/'));
    }

    /// <summary>The browser that opened this payment, with a form that it was given.</summary>
    private async Task PayersBrowser(Route route)
    {
        var (token, second) = (await town.Payment(Town.A), await town.Payment(Town.A));
        using var payer = town.NewAsker();
        using var other = town.NewAsker();
        using var elsewhere = town.NewAsker();
        using var nobody = town.NewAsker();
        var form = await Town.Open(payer, token);
        var othersForm = await Town.Open(other, token);
        var secondForm = await Town.Open(elsewhere, second);
        var captcha = Regex.Match((await payer.Get($"/ipg/{token}?captcha")).Body, "name=\"captcha\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
        if (route.Method == "GET")
        {
            foreach (var (name, asker) in new[] { ("no cookies", nobody), ("another browser", other), ("a browser at another payment", elsewhere) })
            {
                Expect(route, name, 404, await asker.Get($"{Path(route, token)}?captcha={Uri.EscapeDataString(captcha)}"));
            }

            Expect(route, "the payer's browser", 200, await payer.Get($"{Path(route, token)}?captcha={Uri.EscapeDataString(captcha)}"));
            return;
        }

        var before = await town.State(token);
        Expect(route, "no cookies", 400, await Send(nobody, token, form, nobody.Origin));
        Expect(route, "another browser with the payer's form", 400, await Send(other, token, form, other.Origin));
        Expect(route, "the payer's browser with another's form", 400, await Send(payer, token, othersForm, payer.Origin));
        Expect(route, "a browser at another payment", 400, await Send(elsewhere, token, secondForm, elsewhere.Origin));
        Expect(route, "a form of another payment", 400, await Send(payer, token, secondForm, payer.Origin));
        Expect(route, "no form", 400, await payer.Form(Path(route, token), [], payer.Origin));
        Expect(route, "a foreign site", 400, await Send(payer, token, form, Evil));
        Expect(route, "a site without a name", 400, await Send(payer, token, form, "null"));
        Expect(route, "who guesses", 404, await Send(payer, Unknown, form, payer.Origin));
        if (before != await town.State(token))
        {
            _faults.Add($"{route.Path}: a payment was changed by somebody who was refused");
        }

        var done = await Send(payer, token, form, payer.Origin);
        Expect(route, "the payer's browser", 303, done);
        if (done.Location?.StartsWith($"/ipg/{token}", StringComparison.Ordinal) is not true)
        {
            _faults.Add($"{route.Path} leads to {done.Location}");
        }

        Task<Answer> Send(Asker asker, string which, string key, string origin) => asker.Form(Path(route, which), Town.Card(key), origin);
    }

    private async Task Receipt(Route route)
    {
        var token = await town.Payment(Town.A, PaymentStatus.Verified);
        var code = town.World.Gateway.Services.GetRequiredService<ReceiptLinks>().Path((await town.World.Payment(token)).Id)["/r/".Length..];
        using var asker = town.NewAsker();
        Expect(route, "who holds the code", 200, await asker.Get(Path(route, code)));
        var wrong = (code[0] == 'A' ? 'B' : 'A') + code[1..];
        var (tampered, unknown) = (await asker.Get(Path(route, wrong)), await asker.Get(Path(route, "unknown")));
        Expect(route, "who guesses", 404, tampered);
        Same(route, "a code that is nearly one", tampered.About(wrong), unknown.About("unknown"));
    }

    private async Task TestToken(Route route)
    {
        var (test, real) = (await town.Payment(Town.Test), await town.Payment(Town.A, PaymentStatus.Authorized));
        using var asker = town.NewAsker();
        var before = await town.State(real);
        Expect(route, "who holds a test payment's token", route.Method == "GET" ? 200 : 302, await Ask(test, asker.Origin));
        var (foreign, unknown) = (await Ask(real, asker.Origin), await Ask(Unknown, asker.Origin));
        Expect(route, "who holds a real payment's token", 404, foreign);
        Same(route, "a real payment's token", foreign.About(real), unknown.About(Unknown));
        if (route.Method == "POST")
        {
            Expect(route, "a foreign site", 403, await Ask(test, Evil));
        }

        if (before != await town.State(real))
        {
            _faults.Add($"{route.Path} changed a payment that is not its business");
        }

        Task<Answer> Ask(string token, string origin) => route.Method == "GET"
            ? asker.Get(Path(route, token))
            : asker.Form(Path(route, token), new() { ["seconds"] = "1" }, origin);
    }

    private void Expect(Route route, string who, int status, Answer answer)
    {
        if (answer.Status != status)
        {
            _faults.Add($"{route.Method} {route.Path}: {who} must hear {status}, and heard {answer.Status} {answer.Location}");
        }

        _faults.AddRange(answer.Cookies
            .Where(cookie => !route.Access.Cookies.HasFlag(cookie.StartsWith("cp-lang=", StringComparison.Ordinal) ? Cookies.Language : Cookies.Session)
                || !cookie.Contains("; httponly", StringComparison.Ordinal) || !cookie.Contains("; samesite=lax", StringComparison.Ordinal))
            .Select(cookie => $"{route.Path} set the cookie {cookie}"));
    }

    private void Same(Route route, string what, string one, string other)
    {
        if (one != other)
        {
            _faults.Add($"{route.Path}: {what} is not like an unknown one:\n  {one}\n  {other}");
        }
    }

    private static string Path(Route route, string value) => Regex.Replace(route.Path, @"\{(token|code)\}", value);
}
