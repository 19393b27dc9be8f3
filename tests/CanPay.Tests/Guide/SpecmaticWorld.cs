using System.Net;
using System.Text.Json.Nodes;
using CanPay.Gateway.Payments;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Guide;

/// <summary>A gateway with a payment in each state that a call needs.</summary>
internal sealed class SpecmaticWorld : IAsyncDisposable
{
    /// <summary>Of each payment but the one whose money goes back in parts, rials.</summary>
    public const long Amount = 150_000;

    private SpecmaticWorld(World gateway) => Gateway = gateway;

    public World Gateway { get; }

    /// <summary>Paid.</summary>
    public required string ToVerify { get; init; }

    /// <summary>Paid.</summary>
    public required string ToReverse { get; init; }

    /// <summary>Verified, with enough money for all refunds.</summary>
    public required string ToRefund { get; init; }

    /// <summary>A refund that was asked for.</summary>
    public required string RefundId { get; init; }

    /// <summary>Paid, and stays so.</summary>
    public required string Unverified { get; init; }

    public required string UnverifiedInvoice { get; init; }

    /// <summary>Nobody paid it.</summary>
    public required string Unpaid { get; init; }

    public static async Task<SpecmaticWorld> Start()
    {
        // Hundreds of refusals in a second are this test, and no attack.
        var gateway = await World.Start("--Http:AddressRefusalsPerMinute=1000000", "--Http:MerchantBurst=1000000", "--Http:AddressBurst=1000000");
        var unverified = await Paid(gateway, Amount);
        var toRefund = await Paid(gateway, 40_000_000);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Verify(toRefund)).Status);
        var refund = new { merchant = World.Merchant, token = toRefund, refund_id = "R-1404-0047-1", amount = 1_000 };
        Assert.Equal(HttpStatusCode.OK, (await gateway.Call("refund", refund)).Status);
        return new SpecmaticWorld(gateway)
        {
            ToVerify = await Paid(gateway, Amount),
            ToReverse = await Paid(gateway, Amount),
            ToRefund = toRefund,
            RefundId = refund.refund_id,
            Unverified = unverified,
            UnverifiedInvoice = (await gateway.Payment(unverified)).InvoiceId,
            Unpaid = await gateway.Token(amount: Amount),
        };
    }

    /// <summary>One of each call, with all that it takes.</summary>
    public IReadOnlyList<SpecmaticExample> Done() =>
    [
        Done("token", new() { ["amount"] = Amount, ["callback_url"] = World.Callback, ["invoice_id"] = "1404-0048", ["mobile"] = "09123456789" }),
        Done("verify", new() { ["token"] = ToVerify, ["amount"] = Amount }),
        Done("inquiry", new() { ["token"] = Unverified }),
        Done("unverified", new() { ["limit"] = 50 }),
        Done("transactions", new()
        {
            ["status"] = "authorized", ["limit"] = 50, ["from"] = "2026-01-01T00:00:00+03:30", ["to"] = "2126-01-01T00:00:00+03:30",
        }),
        Done("reverse", new() { ["token"] = ToReverse, ["amount"] = Amount }),
        Done("refund", new()
        {
            ["token"] = ToRefund, ["refund_id"] = "R-1404-0047-2", ["amount"] = 1_000, ["reason"] = "duplicate", ["method"] = "bank",
        }),
        Done("refund/status", new() { ["refund_id"] = RefundId }),
        Done("ping", []),
        Done("sandbox/advance", new() { ["seconds"] = 1 }),
    ];

    /// <summary>What else there is to ask, and what is refused.</summary>
    public IReadOnlyList<SpecmaticExample> More() =>
    [
        Done("inquiry", new() { ["invoice_id"] = UnverifiedInvoice }),
        Refused("ping", 401, "key_invalid", [], key: "cpk_test_" + new string('x', 40)),
        Refused("ping", 403, "access_denied", new() { ["merchant"] = "nobody" }),
        Refused("token", 409, "duplicate_invoice", new()
        {
            ["amount"] = Amount + 1, ["callback_url"] = World.Callback, ["invoice_id"] = UnverifiedInvoice,
        }),
        Refused("token", 422, "callback_domain_not_registered", new()
        {
            ["amount"] = Amount, ["callback_url"] = "https://elsewhere.example/", ["invoice_id"] = "1404-0049",
        }),
        Refused("verify", 404, "token_not_found", new() { ["token"] = new string('A', 30) }),
        Refused("verify", 409, "payment_not_paid", new() { ["token"] = Unpaid }),
        Refused("inquiry", 404, "invoice_not_found", new() { ["invoice_id"] = "nowhere" }),
        Refused("reverse", 422, "amount_mismatch", new() { ["token"] = ToReverse, ["amount"] = 1 }),
        Refused("refund", 409, "not_verified", new() { ["token"] = Unverified, ["refund_id"] = "R-1404-0047-3" }),
        Refused("refund/status", 404, "refund_not_found", new() { ["refund_id"] = "nowhere" }),
    ];

    public static SpecmaticExample Done(string path, JsonObject body) => new(path, 200, Error: null, Whole(body));

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private static SpecmaticExample Refused(string path, int status, string error, JsonObject body, string? key = null) =>
        new(path, status, error, Whole(body), key);

    private static JsonObject Whole(JsonObject body)
    {
        body.TryAdd("merchant", World.Merchant);
        return body;
    }

    private static async Task<string> Paid(World gateway, long amount)
    {
        var token = await gateway.Token(amount: amount);
        using var payer = gateway.NewBrowser();
        await payer.Pay(token);
        await gateway.UntilStatus(token, PaymentStatus.Authorized);
        return token;
    }
}
