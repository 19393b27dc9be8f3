using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Tests.Access;

/// <summary>Every call of the merchants' API, as everybody who is or is not a merchant, with own and foreign objects.</summary>
internal sealed class MerchantMatrix(Town town)
{
    private const string Admitted = "";
    private const string UnknownToken = "UNKNOWNUNKNOWNUNKNOWNUNKNOWN00";

    /// <param name="Name">What they are.</param>
    /// <param name="Expected">The name of the refusal that the declared policy demands, or <see cref="Admitted"/>.</param>
    private sealed record Role(string Name, string? Merchant, Func<AccessAttribute, string> Expected, string? Key = null, string From = "127.0.0.1");

    /// <summary>Where the gateway does not do what its routes declare.</summary>
    public async Task<List<string>> Faults(IEnumerable<Route> routes)
    {
        var victim = await town.Payment(Town.A, PaymentStatus.Authorized);
        var refunded = await Refunded(Town.A);
        var states = (await town.State(victim), await town.State(refunded.Token));
        var faults = new List<string>();
        foreach (var route in routes.Where(route => route.Access.Caller is Caller.Merchant or Caller.TestMerchant))
        {
            foreach (var role in Roles())
            {
                var expected = role.Expected(route.Access);
                faults.AddRange(expected == Admitted
                    ? await Own(route, role)
                    : Judge(route, role.Name, expected, await Ask(route, role, victim, refunded.Reference)));
            }

            faults.AddRange(await Foreign(route, victim, refunded));
        }

        if (states != (await town.State(victim), await town.State(refunded.Token)))
        {
            faults.Add("a payment was changed by somebody who was refused");
        }

        return faults;
    }

    private IEnumerable<Role> Roles()
    {
        yield return new("nobody", null, _ => "field_missing");
        yield return new("no such merchant", "no-such-merchant", _ => "access_denied");
        yield return new("wrong address", Town.A, _ => "access_denied", From: "127.0.0.2");
        yield return new("good key, wrong address", Town.A, _ => "access_denied", town.Keys[nameof(ApiScope.Payments)], "127.0.0.2");
        yield return new("suspended", Town.Suspended, _ => "access_denied");
        yield return new("revoked key", Town.A, _ => "key_invalid", town.Keys["revoked"]);
        yield return new("expired key", Town.A, _ => "key_invalid", town.Keys["expired"]);
        yield return new("another's key", Town.A, _ => "key_invalid", town.Keys["foreign"]);
        yield return new("no key where one is required", Town.OnlyWithKey, _ => "key_required");
        foreach (var scope in Enum.GetValues<ApiScope>())
        {
            yield return new($"key for {scope}", Town.A, access => access.Scope == scope ? Live(access) : "scope_missing", town.Keys[scope.ToString()]);
        }

        yield return new("the merchant itself", Town.A, Live);
        yield return new("a test merchant", Town.Test, _ => Admitted);
    }

    private static string Live(AccessAttribute access) => access.Caller is Caller.TestMerchant ? "sandbox_only" : Admitted;

    /// <summary>With an object of its own that has come so far that the call makes sense.</summary>
    private async Task<IEnumerable<string>> Own(Route route, Role role)
    {
        var (token, reference) = route.Path switch
        {
            "/api/ipg/verify" or "/api/ipg/reverse" => (await town.Payment(role.Merchant!, PaymentStatus.Authorized), Town.NewId()),
            "/api/ipg/refund" => (await town.Payment(role.Merchant!, PaymentStatus.Verified), Town.NewId()),
            "/api/ipg/refund/status" => await Refunded(role.Merchant!),
            _ => (await town.Payment(role.Merchant!), Town.NewId()),
        };
        var answer = await Ask(route, role, token, reference);
        return answer.Status == 200 ? Cookies(route, answer) : [$"{route.Path}: {role.Name} was refused: {answer.Status} {answer.Error}"];
    }

    /// <summary>Merchant B, who may call, names what is A's and what is nobody's, and must not hear a difference.</summary>
    private async Task<List<string>> Foreign(Route route, string victim, (string Token, string Reference) refunded)
    {
        var merchant = route.Access.Caller is Caller.TestMerchant ? Town.Test : Town.B;
        var invoice = (await town.World.Payment(await town.Payment(Town.A))).InvoiceId; // B's own calls with it stand in B's own lists
        var faults = new List<string>();
        using var asker = town.NewAsker();
        foreach (var (field, theirs, nobodys) in new[]
        {
            ("token", victim, UnknownToken), ("token", refunded.Token, UnknownToken), ("invoice_id", invoice, Town.NewId()),
            ("refund_id", refunded.Reference, Town.NewId()), ("cursor", victim, UnknownToken),
        })
        {
            var (foreign, unknown) = (await Say(theirs), await Say(nobodys));
            if (foreign != unknown)
            {
                faults.Add($"{route.Path}: another's {field} is not like an unknown one:\n  {foreign}\n  {unknown}");
            }

            async Task<string> Say(string value)
            {
                var fields = Fields(merchant, UnknownToken, Town.NewId());
                fields[field] = value;
                if (field == "invoice_id")
                {
                    fields.Remove("token");
                }

                return (await asker.Call(route.Path, fields)).About(value);
            }
        }

        return faults;
    }

    private async Task<Answer> Ask(Route route, Role role, string token, string reference)
    {
        using var asker = town.NewAsker(role.From);
        return await asker.Call(route.Path, Fields(role.Merchant, token, reference), role.Key);
    }

    private static IEnumerable<string> Judge(Route route, string role, string expected, Answer answer) =>
        answer.Error == expected && answer.Status == ErrorCatalogue.All.Single(refusal => refusal.Name == expected).HttpStatus
            ? Cookies(route, answer)
            : [$"{route.Path}: {role} must be told {expected}, and was told {answer.Status} {answer.Error}"];

    private static IEnumerable<string> Cookies(Route route, Answer answer) =>
        answer.Cookies.Select(cookie => $"{route.Path} set the cookie {cookie}");

    private async Task<(string Token, string Reference)> Refunded(string merchant)
    {
        var (token, reference) = (await town.Payment(merchant, PaymentStatus.Verified), Town.NewId());
        using var asker = town.NewAsker();
        var fields = new Dictionary<string, object?> { ["merchant"] = merchant, ["token"] = token, ["refund_id"] = reference, ["amount"] = 1_000 };
        Assert.Equal(200, (await asker.Call("/api/ipg/refund", fields)).Status);
        return (token, reference);
    }

    private static Dictionary<string, object?> Fields(string? merchant, string token, string reference)
    {
        var fields = new Dictionary<string, object?>
        {
            ["token"] = token,
            ["refund_id"] = reference,
            ["amount"] = 10_000,
            ["callback_url"] = Town.Shop,
            ["invoice_id"] = Town.NewId(),
            ["seconds"] = 1,
        };
        if (merchant is not null)
        {
            fields["merchant"] = merchant;
        }

        return fields;
    }
}
