using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CanPay.Gateway.Http;

namespace CanPay.Tests.Access;

/// <summary>docs/access.md, written from what the routes declare.</summary>
internal static partial class AccessDocument
{
    private static readonly (Caller Caller, string Name, string Meaning)[] Callers =
    [
        (Caller.Anyone, "anyone", "Whoever likes to. The answer tells nothing of any merchant or payment."),
        (Caller.Supervisor, "supervisor", "Load balancers and supervisors. Nothing is told of payments. Each call may write to the database, so the proxy in front keeps `/health` from the world."),
        (Caller.Merchant, "merchant", "An active merchant, from one of its registered addresses, with a good key of the scope where it sends a key or must send one. It reaches its own payments; another's looks exactly like one that is not there."),
        (Caller.TestMerchant, "test merchant", "As a merchant, whose payments move no money. Where money is real, any other is refused (`sandbox_only`)."),
        (Caller.Payer, "payer", "Whoever holds the payment's link and comes from a domain of its merchant. From the first card on only the browser that paid is shown the payment."),
        (Caller.PayersBrowser, "payer's browser", "The browser that opened the payment, proved by its signed cookie; a form needs the key that was given to that browser, and no foreign `Origin`."),
        (Caller.ReceiptHolder, "receipt holder", "Whoever holds the receipt's code: a signature of 128 bits."),
        (Caller.TestTokenHolder, "test token holder", "Whoever holds the token of a payment that moves no money. Where money is real, other tokens look unknown. A form needs no foreign `Origin`."),
    ];

    public static string Markdown(IReadOnlyList<Route> routes)
    {
        var page = new StringBuilder(
            """
            # Who may call what

            Every route declares who may call it; without that the program does not start. This page is written from the declarations by
            `AccessTests`. `AccessMatrixTests` calls every route of a running gateway as every kind of caller, with own and foreign
            objects, on both engines, and expects what is declared here. There is no administration over HTTP: operators use the program
            `canpay` on the machine, with the rights of whoever may read its settings.

            | caller | is |
            |---|---|

            """);
        foreach (var (_, name, meaning) in Callers)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {meaning} |\n");
        }

        page.Append(
            """

            Limits: `address` and `merchant` are requests of one address or merchant, `refusals` the answers "who are you" and "not found"
            that one address is given (`Http:*PerSecond`, `*Burst`, `AddressRefusalsPerMinute`, a node each). Limits on cards, codes and
            captchas stand in [operations.md](operations.md). A longer body than said is refused: with 413, where it was to be a form of the
            payer's page as a payment that is not there. Cookies are HttpOnly and SameSite=Lax, and over HTTPS Secure.

            | route | method | caller | key's scope | limits | body, bytes | may set cookies |
            |---|---|---|---|---|---|---|

            """);
        foreach (var route in routes)
        {
            var access = route.Access;
            var scope = access.Caller is Caller.Merchant or Caller.TestMerchant ? Words(access.Scope) : "–";
            page.Append(
                CultureInfo.InvariantCulture,
                $"| `{Hash().Replace(route.Path, ".{hash}.")}` | {route.Method} | {NameOf(access.Caller)} | {scope} | {Words(access.Limits)} | {(access.MaxBodyBytes > 0 ? access.MaxBodyBytes : "–")} | {Words(access.Cookies)} |\n");
        }

        return page.Append("\n`GET` is answered for `HEAD`, too, or not at all. Cookies: `language` is `cp-lang`; `session` is `__Host-cp-…` (without HTTPS `cp-…`), one for each payment.\n").ToString();
    }

    public static string NameOf(Caller caller) => Callers.Single(known => known.Caller == caller).Name;

    private static string Words(Enum value) => value.ToString() is "None" ? "–" : value.ToString().ToLowerInvariant();

    [GeneratedRegex(@"\.[0-9a-f]{10}\.")]
    private static partial Regex Hash();
}
