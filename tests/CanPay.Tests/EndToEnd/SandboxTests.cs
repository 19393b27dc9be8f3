using System.Net;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.Simulator;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.EndToEnd;

/// <summary>What only test merchants have: books of their own, a clock that can be moved, a switch of their own, errors that tell more.</summary>
public abstract class SandboxTests
{
    private const string Tester = "555-000-555-000";

    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task A_test_payment_goes_its_whole_way_in_books_of_its_own()
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();
        var token = await Token(world);

        await browser.Pay(token);
        var (status, body) = await world.Call("verify", new { merchant = Tester, token });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("5022-29**-****-7122", body.GetProperty("data").GetProperty("card").GetString());
        Assert.StartsWith("TEST", token, StringComparison.Ordinal);
        await using var books = await world.NewBooks();
        var transfers = await books.Transfers.ToListAsync();
        Assert.Equal(2, transfers.Count);
        Assert.All(transfers, transfer => Assert.All([transfer.DebitAccount, transfer.CreditAccount], account => Assert.StartsWith("test.", account, StringComparison.Ordinal)));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_test_payment_is_refunded_in_books_of_its_own()
    {
        await using var tests = await Sandbox.Start();
        await using var world = await Start("--Sandbox:SwitchHost=127.0.0.1", $"--Sandbox:SwitchPort={tests.Switch.Port}");
        await using (var books = await world.NewBooks())
        {
            await books.Merchants.Where(merchant => merchant.Code == Tester)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RefundMethod, "Card").SetProperty(row => row.Version, row => row.Version + 1));
        }

        using var browser = world.NewBrowser();
        var token = await Token(world);
        await world.Until(async () => (await browser.Pay(token)).Contains("پرداخت انجام شد", StringComparison.Ordinal));
        await world.Call("verify", new { merchant = Tester, token });

        var (status, _) = await world.Call("refund", new { merchant = Tester, token, refund_id = "r-1", amount = 4_000 });
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement payment = default;
        await world.Until(async () => (payment = (await world.Call("inquiry", new { merchant = Tester, token })).Body.GetProperty("data"))
            .GetProperty("refunded").GetInt64() == 4_000);

        Assert.Equal("succeeded", payment.GetProperty("refunds")[0].GetProperty("status").GetString());
        Assert.Equal(["purchase", "refund"], tests.Books.Select(entry => entry.Kind));
        await using var after = await world.NewBooks();
        Assert.Equal(4, await after.Transfers.CountAsync(transfer => transfer.DebitAccount.StartsWith("test.") && transfer.CreditAccount.StartsWith("test.")));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Fifteen_minutes_pass_at_once_and_the_money_goes_back()
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();
        var (paid, open, other) = (await Token(world), await Token(world), await world.Token());
        await browser.Pay(paid);
        await world.NewBrowser().Pay(other);

        var (_, early) = await world.Call("sandbox/advance", new { merchant = Tester, seconds = 899 - 60 });
        Assert.Equal(2, early.GetProperty("data").GetProperty("payments").GetInt32());
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(paid)).Status);
        await world.Call("sandbox/advance", new { merchant = Tester, seconds = "61" });

        await world.UntilStatus(paid, PaymentStatus.Reversed);
        await world.UntilStatus(open, PaymentStatus.Expired);
        Assert.Equal("payment_returned", (await world.Call("verify", new { merchant = Tester, token = paid })).Body.GetProperty("error").GetString());
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(other)).Status);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("2592001")]
    [InlineData("soon")]
    public async Task Time_passes_by_whole_seconds_only(string seconds)
    {
        await using var world = await Start();

        Assert.Equal("seconds_invalid", (await world.Call("sandbox/advance", new { merchant = Tester, seconds })).Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task What_a_test_terminal_asks_goes_to_the_test_switch_only()
    {
        await using var tests = await Sandbox.Start();
        await using var world = await Start("--Sandbox:SwitchHost=127.0.0.1", $"--Sandbox:SwitchPort={tests.Switch.Port}");
        using var browser = world.NewBrowser();
        var (tried, real) = (await Token(world), await world.Token());

        await world.Until(async () => (await browser.Pay(tried)).Contains("پرداخت انجام شد", StringComparison.Ordinal));
        await world.NewBrowser().Pay(real);
        await world.Call("sandbox/advance", new { merchant = Tester, seconds = 900 });
        await world.UntilStatus(tried, PaymentStatus.Reversed);

        Assert.Equal(["purchase", "reversal"], tests.Books.Select(entry => entry.Kind));
        Assert.Equal((await world.Payment(real)).Rrn, Assert.Single(world.Books).Rrn);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(9_999_116, "موجودی کارت")]
    [InlineData(9_999_121, "سقف مجاز")]
    [InlineData(9_999_907, "بانک صادرکنندهٔ کارت اکنون پاسخگو نیست")]
    public async Task A_magic_amount_is_declined_as_it_says(long amount, string words)
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();

        Assert.Contains(words, await browser.Pay(await Token(world, amount)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9_999_001)]
    [InlineData(9_999_002)]
    [InlineData(9_999_004)]
    public async Task A_magic_amount_without_an_answer_is_given_back(long amount)
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();
        var token = await Token(world, amount);

        await browser.Pay(token);

        await world.UntilStatus(token, PaymentStatus.Reversed);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Errors_tell_a_test_merchant_why()
    {
        await using var world = await Start();
        await world.Call("token", Request(10_000, "same"));

        var duplicate = await world.Call("token", Request(20_000, "same"));
        var domain = await world.Call("token", Request(10_000, "other", "http://evil.com/"));
        await using (var books = await world.NewBooks())
        {
            var row = await books.Merchants.SingleAsync(merchant => merchant.Code == Tester);
            row.Addresses = "192.0.2.7";
            row.Version++;
            await books.SaveChangesAsync();
        }

        var address = await world.Call("ping", new { merchant = Tester });
        var unknown = await world.Call("ping", new { merchant = "000-000-000-000" });

        Assert.Contains("the amount was 10000 rials", Description(duplicate), StringComparison.Ordinal);
        Assert.Contains("localhost", Description(domain), StringComparison.Ordinal);
        Assert.Contains("192.0.2.7", Description(address), StringComparison.Ordinal);
        Assert.DoesNotContain("محیط آزمایشی", Description(unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_each_step_with_what_was_asked_and_answered()
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();
        var token = await Token(world);
        await browser.Pay(token);
        await world.Call("verify", new { merchant = Tester, token, amount = 999 });
        await world.Call("verify", new { merchant = Tester, token });

        var page = "";
        await world.Until(async () => (page = WebUtility.HtmlDecode(await world.Http.GetStringAsync($"/sandbox/{token}?lang=en")))
            .Contains("already_verified", StringComparison.Ordinal));

        foreach (var step in new[]
        {
            "POST /api/ipg/token → 200", "\"callback_url\": \"" + World.Callback, "POST /api/ipg/verify → 422", "amount_mismatch", "POST /api/ipg/verify → 200",
            "Created → Authorizing (payer)", "ISO 8583 sent 1200", "ISO 8583 received 1210", "test.acquirer.receivable", "success=1",
        })
        {
            Assert.Contains(step, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(World.ApprovedCard, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_is_moved_on_the_page_but_not_from_another_site()
    {
        await using var world = await Start();
        using var browser = world.NewBrowser();
        var token = await Token(world);
        await browser.Pay(token);

        var foreign = await browser.Post($"/sandbox/{token}/advance", new() { ["seconds"] = "900" }, "http://evil.com");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(token)).Status);
        var own = await browser.Post($"/sandbox/{token}/advance", new() { ["seconds"] = "900" }, world.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await world.UntilStatus(token, PaymentStatus.Reversed);
        Assert.Equal(HttpStatusCode.NotFound, (await world.Http.GetAsync($"/sandbox/{new string('A', 30)}")).StatusCode);
    }

    [Fact]
    public async Task Nobody_moves_the_clock_of_real_money()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream("""{"seconds":60}"""u8.ToArray());
        Assert.False((await RequestFields.Read(context.Request, TestContext.Current.CancellationToken)).Refused(out _, out var fields));
        await using var world = await Start();
        using var signal = new JobSignal();
        var operation = new AdvanceClock(
            world.Gateway.Services.GetRequiredService<ITestClock>(), signal, Options.Create(new SandboxOptions { Enabled = false }));

        var real = await operation.Handle(context.Request, fields, (await world.Store.FindMerchant(World.Merchant, default))!, default);
        var test = await operation.Handle(context.Request, fields, (await world.Store.FindMerchant(Tester, default))!, default);

        Assert.True(real.Refused(out var refusal, out _));
        Assert.Equal("sandbox_only", refusal.Name);
        Assert.False(test.Refused(out _, out _));
    }

    private async Task<World> Start(params string[] settings)
    {
        var world = await World.Start(Engine, settings);
        await using var books = await world.NewBooks();
        books.Merchants.Add(SomeMerchant.Test(Tester));
        await books.SaveChangesAsync();
        return world;
    }

    private static async Task<string> Token(World world, long amount = 10_000) => (await world.Call("token", Request(amount, Guid.NewGuid().ToString("N"))))
        .Body.GetProperty("data").GetProperty("token").GetString()!;

    private static object Request(long amount, string invoice, string callback = World.Callback) =>
        new { merchant = Tester, amount, callback_url = callback, invoice_id = invoice };

    private static string Description((HttpStatusCode Status, JsonElement Body) answer) => answer.Body.GetProperty("description").GetString()!;
}

public sealed class SqliteSandboxTests : SandboxTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresSandboxTests : SandboxTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
