using CanPay.Client;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Client;

/// <summary>Each call of the client against a real gateway with a card network.</summary>
public sealed class RealGatewayTests
{
    private static readonly Dictionary<string, Func<World, CanPayClient, Task>> Checks = new(StringComparer.Ordinal)
    {
        ["token"] = Token,
        ["verify"] = Verify,
        ["reverse"] = Reverse,
        ["inquiry"] = Inquiry,
        ["unverified"] = Unverified,
        ["transactions"] = Transactions,
        ["refund"] = Refund,
        ["refund/status"] = RefundStatusOf,
        ["ping"] = Ping,
    };

    public static TheoryData<string> Calls => [.. Checks.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task The_client_and_the_gateway_understand_each_other(string call)
    {
        await using var world = await World.Start();
        using var http = new HttpClient();

        await Checks[call](world, new CanPayClient(http, new CanPayOptions { BaseUrl = world.Http.BaseAddress!, Merchant = World.Merchant }));

        await world.AssertHealthy();
    }

    private static async Task Token(World world, CanPayClient client)
    {
        var request = new TokenRequest(10_000, new Uri(World.Callback), "47") { Mobile = "09123456789", IdempotencyKey = "k" };

        var first = await client.RequestTokenAsync(request);
        var second = await client.RequestTokenAsync(request);
        var refusal = await Refused(() => client.RequestTokenAsync(request with { IdempotencyKey = null, AmountRials = 20_000 }));

        Assert.Equal(first, second);
        Assert.Equal(world.Http.BaseAddress!.OriginalString.TrimEnd('/') + "/ipg/" + first.Token, first.Url.AbsoluteUri);
        Assert.Equal((801, CanPayErrors.DuplicateInvoice), (refusal.Code, refusal.Name));
    }

    private static async Task Verify(World world, CanPayClient client)
    {
        var token = await world.Token("47");
        var early = await Refused(() => client.VerifyAsync(token, 10_000));
        await Pay(world, token);

        var other = await Refused(() => client.VerifyAsync(token, 10_001));
        var first = await client.VerifyAsync(token, 10_000);
        var second = await client.VerifyAsync(token);

        Assert.Equal((true, CanPayErrors.AmountMismatch), (early.IsPending, other.Name));
        Assert.Equal(("5022-29**-****-7122", 10_000, "47", false), (first.Card, first.AmountRials, first.InvoiceId, first.AlreadyVerified));
        Assert.Equal(first with { AlreadyVerified = true }, second);
    }

    private static async Task Reverse(World world, CanPayClient client)
    {
        var token = await world.Token("47");
        await Pay(world, token);

        var first = await client.ReverseAsync(token, 10_000);
        await world.UntilStatus(token, Gateway.Payments.PaymentStatus.Reversed);
        var second = await client.ReverseAsync(token);

        Assert.Equal((token, "47", 10_000, false), (first.Token, first.InvoiceId, first.AmountRials, first.AlreadyReversed));
        Assert.Equal((PaymentStatus.Reversed, true), (second.Status, second.AlreadyReversed));
        Assert.True((await Refused(() => client.VerifyAsync(token))).IsNotPaid);
        var verified = await Verified(world, client, "48");
        Assert.Equal(CanPayErrors.AlreadyVerified, (await Refused(() => client.ReverseAsync(verified))).Name);
    }

    private static async Task Inquiry(World world, CanPayClient client)
    {
        var token = await Verified(world, client, "47");

        var byToken = await client.InquireAsync(token);
        var byInvoice = await client.InquireByInvoiceAsync("47");

        Assert.Equal((token, "47", 10_000, PaymentStatus.Verified, true), (byToken.Token, byToken.InvoiceId, byToken.AmountRials, byToken.Status, byToken.IsPaid));
        Assert.NotNull(byToken.CreatedAt);
        Assert.NotNull(byToken.PaidAt);
        Assert.NotNull(byToken.VerifiedAt);
        Assert.Equal((byToken.Token, byToken.Reference), (byInvoice.Token, byInvoice.Reference));
        Assert.Equal(CanPayErrors.TokenNotFound, (await Refused(() => client.InquireAsync(new string('A', 30)))).Name);
        Assert.Equal(CanPayErrors.InvoiceNotFound, (await Refused(() => client.InquireByInvoiceAsync("none"))).Name);
    }

    private static async Task Unverified(World world, CanPayClient client)
    {
        await Verified(world, client, "47");
        var waiting = await world.Token("48");
        await Pay(world, waiting);

        var payment = Assert.Single(await client.ListUnverifiedAsync().ToListAsync());

        Assert.Equal((waiting, PaymentStatus.Authorized), (payment.Token, payment.Status));
        Assert.NotNull(payment.VerifyUntil);
    }

    private static async Task Transactions(World world, CanPayClient client)
    {
        for (var i = 0; i < 103; i++)
        {
            await world.Token($"i{i}");
        }

        var all = await client.ListTransactionsAsync().ToListAsync();
        var paid = await client.ListTransactionsAsync(new TransactionQuery { Status = PaymentStatus.Authorized }).ToListAsync();
        var none = await client.ListTransactionsAsync(new TransactionQuery { To = all[^1].CreatedAt }).ToListAsync();

        Assert.Equal(103, all.Select(payment => payment.Token).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all.Select(payment => payment.CreatedAt).OrderDescending(), all.Select(payment => payment.CreatedAt));
        Assert.Empty(paid);
        Assert.Empty(none);
    }

    private static async Task Refund(World world, CanPayClient client)
    {
        var token = await Verified(world, client, "47");

        var first = await client.RefundAsync(new RefundRequest(token, "r1") { AmountRials = 4_000 });
        var again = await client.RefundAsync(new RefundRequest(token, "r1") { AmountRials = 4_000 });
        await client.RefundAsync(new RefundRequest(token, "r2"));

        Assert.Equal((first.RefundId, 4_000, first.CreatedAt), (again.RefundId, again.AmountRials, again.CreatedAt));
        Assert.Equal(CanPayErrors.RefundIdReused, (await Refused(() => client.RefundAsync(new RefundRequest(token, "r1") { AmountRials = 1 }))).Name);
        Assert.Equal(CanPayErrors.RefundExceedsPayment, (await Refused(() => client.RefundAsync(new RefundRequest(token, "r3") { AmountRials = 1 }))).Name);
    }

    private static async Task RefundStatusOf(World world, CanPayClient client)
    {
        var token = await Verified(world, client, "47");
        await client.RefundAsync(new RefundRequest(token, "r1"));

        await world.Until(async () => (await client.GetRefundAsync("r1")).Status is RefundStatus.Succeeded or RefundStatus.Failed);

        Assert.Equal((token, 10_000), ((await client.GetRefundAsync("r1")).Token, (await client.GetRefundAsync("r1")).AmountRials));
        Assert.Equal(CanPayErrors.RefundNotFound, (await Refused(() => client.GetRefundAsync("none"))).Name);
    }

    private static async Task Ping(World world, CanPayClient client)
    {
        var ping = await client.PingAsync();

        Assert.Equal(("127.0.0.1", World.Merchant), (ping.Address, ping.Merchant.Code));
        Assert.Contains("127.0.0.1", ping.Merchant.Domains);
        Assert.True(ping.Merchant.MaxAmountRials > ping.Merchant.MinAmountRials);
    }

    private static async Task<string> Verified(World world, CanPayClient client, string invoice)
    {
        var token = await world.Token(invoice);
        await Pay(world, token);
        await client.VerifyAsync(token);
        return token;
    }

    private static async Task Pay(World world, string token)
    {
        using var browser = world.NewBrowser();
        await browser.Pay(token);
    }

    private static Task<CanPayRefusedException> Refused(Func<Task> call) => Assert.ThrowsAsync<CanPayRefusedException>(call);
}
