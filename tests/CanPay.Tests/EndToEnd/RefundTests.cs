using System.Net;
using System.Text.Json;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Refunds;
using CanPay.Gateway.Storage;
using CanPay.Simulator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.EndToEnd;

/// <summary>Whole refunds: API, card network over a socket, jobs, books.</summary>
public abstract class RefundTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task A_full_refund_is_credited_once_and_the_card_is_forgotten()
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);

        var (status, asked) = await Refund(world, token, "r1");
        await UntilOver(world, "r1");
        var (_, known) = await world.Call("refund/status", new { merchant = World.Merchant, refund_id = "r1" });

        Assert.Equal(HttpStatusCode.OK, status);
        var data = asked.GetProperty("data");
        Assert.Equal(
            [
                "refund_id", "token", "invoice_id", "amount", "reason", "method", "status", "reference", "created_at", "ended_at", "failure", "refunded",
            ],
            data.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("r1", token, 10_000, "customer_request", "card"), (Text(data, "refund_id"), Text(data, "token"), Number(data, "amount"), Text(data, "reason"), Text(data, "method")));
        var over = known.GetProperty("data");
        Assert.Equal(("succeeded", Text(data, "reference"), 10_000), (Text(over, "status"), Text(over, "reference"), Number(over, "refunded")));
        var credit = Assert.Single(world.Books, entry => entry.Kind == Entry.Refund);
        Assert.Equal((Text(over, "reference"), 10_000, Entry.Refunded, 0), (credit.Rrn, credit.Amount, credit.Outcome, credit.Repeats));
        Assert.Equal((await world.Payment(token)).Rrn, credit.Purchased);
        Assert.Equal(0, await CardsKept(world));
        Assert.Equal(
            ["acquirer.receivable 0", "merchant.payable:1 0", "payer.refunding 0", "payer.unverified 0"], await Balances(world));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Parts_up_to_the_whole_are_refunded_and_not_one_rial_more()
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);

        foreach (var (reference, amount) in new[] { ("a", 3_000), ("b", 3_000), ("c", 3_999) })
        {
            Assert.Equal(HttpStatusCode.OK, (await Refund(world, token, reference, amount)).Status);
        }

        var (tooMuch, refusal) = await Refund(world, token, "d", 2);
        var (rest, last) = await Refund(world, token, "e");
        var (nothing, none) = await Refund(world, token, "f");
        await UntilOver(world, "a", "b", "c", "e");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "refund_exceeds_payment"), (tooMuch, Text(refusal, "error")));
        Assert.Contains("1 ", Text(refusal, "description"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 1), (rest, Number(last.GetProperty("data"), "amount")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "refund_exceeds_payment"), (nothing, Text(none, "error")));
        Assert.Equal([1, 3_000, 3_000, 3_999], world.Books.Where(entry => entry.Outcome == Entry.Refunded).Select(entry => entry.Amount).Order());
        Assert.Equal(0, await CardsKept(world));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_refund_and_another_with_its_id_is_refused()
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Refund(world, token, "r1", 4_000)));
        await UntilOver(world, "r1");
        var (_, again) = await Refund(world, token, "r1", 4_000);
        var (status, other) = await Refund(world, token, "r1", 4_001);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => Text(answer.Body.GetProperty("data"), "reference")).Distinct());
        Assert.Equal("succeeded", Text(again.GetProperty("data"), "status"));
        Assert.Equal((HttpStatusCode.Conflict, "refund_id_reused"), (status, Text(other, "error")));
        Assert.Single(world.Books, entry => entry.Kind == Entry.Refund);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(nameof(AnswerFault.Lost))]
    [InlineData(nameof(AnswerFault.WrongMac))]
    [InlineData(nameof(AnswerFault.Foreign))]
    [InlineData(nameof(AnswerFault.Duplicate))]
    public async Task Whatever_becomes_of_the_answer_the_payer_is_credited_once(string fault)
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);
        world.Faults.Plan(Enum.Parse<AnswerFault>(fault), TimeSpan.Zero);

        await Refund(world, token, "r1", 4_000);
        await UntilOver(world, "r1");

        var credit = Assert.Single(world.Books, entry => entry.Kind == Entry.Refund);
        Assert.Equal(fault is nameof(AnswerFault.Lost) or nameof(AnswerFault.WrongMac) ? 1 : 0, credit.Repeats);
        Assert.Equal("succeeded", await StatusOf(world, "r1"));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task While_the_network_is_away_a_refund_waits_and_is_never_over()
    {
        await using var world = await World.Start(Engine, "--Jobs:MaxRefusals=2");
        var token = await Verified(world);
        world.Faults.IsSignedOff = true;

        await Refund(world, token, "r1");
        await world.Until(async () => (await Rows(world)).Single().JobAttempts >= 3);

        Assert.Equal("sending", await StatusOf(world, "r1"));
        Assert.Equal(0, world.Books.Count(entry => entry.Kind == Entry.Refund));
        world.Faults.IsSignedOff = false;
        await UntilOver(world, "r1");
        Assert.Equal("succeeded", await StatusOf(world, "r1"));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_declined_refund_gives_the_merchant_its_money_back_and_may_be_asked_by_bank()
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);
        world.Faults.DeclineNextRefund(100);

        await Refund(world, token, "r1");
        await UntilOver(world, "r1");
        var (_, failed) = await world.Call("refund/status", new { merchant = World.Merchant, refund_id = "r1" });
        var (status, byBank) = await world.Call("refund", new { merchant = World.Merchant, token, refund_id = "r2", method = "bank", reason = "other" });

        Assert.Equal(("failed", "declined_by_issuer 100", 0), (Text(failed.GetProperty("data"), "status"), Text(failed.GetProperty("data"), "failure"), Number(failed.GetProperty("data"), "refunded")));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("bank", "pending", 10_000, null), (Text(byBank.GetProperty("data"), "method"), Text(byBank.GetProperty("data"), "status"), Number(byBank.GetProperty("data"), "amount"), Text(byBank.GetProperty("data"), "reference")));
        await world.AssertHealthy();

        var store = world.Gateway.Services.GetRequiredService<IRefundStore>();
        var pending = (await store.Find(new MerchantId(1), "r2", CancellationToken.None))!;
        Assert.False(pending.Paid("paya-1", DateTimeOffset.UtcNow).Refused(out _, out var paid));
        Assert.True(await store.Apply(new RefundChange(pending, paid, DateTimeOffset.UtcNow)));
        Assert.False(await store.Apply(new RefundChange(pending, paid, DateTimeOffset.UtcNow)));
        Assert.Equal(
            ["acquirer.receivable 10000", "bank.payable -10000", "merchant.payable:1 0", "payer.refunding 0", "payer.unverified 0"], await Balances(world));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task Refunds_that_come_at_once_never_give_back_more_than_was_paid()
    {
        await using var world = await World.Start(Engine);
        var token = await Verified(world);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Refund(world, token, $"r{i}", 3_000)));
        await UntilOver(world, [.. answers.Index().Where(answer => answer.Item.Status is HttpStatusCode.OK).Select(answer => $"r{answer.Index}")]);

        Assert.Equal(3, answers.Count(answer => answer.Status is HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status is not HttpStatusCode.OK), answer => Assert.Equal("refund_exceeds_payment", Text(answer.Body, "error")));
        Assert.Equal(9_000, world.Books.Where(entry => entry.Outcome == Entry.Refunded).Sum(entry => entry.Amount));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task What_may_not_be_refunded_is_refused()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        var unpaid = await world.Token();
        var token = await Verified(world);
        await using (var books = await world.NewBooks())
        {
            books.Merchants.Add(SomeMerchant.Row("222-222-333-444"));
            await books.SaveChangesAsync(CancellationToken.None);
        }

        await Refused("not_verified", new { merchant = World.Merchant, token = unpaid, refund_id = "r1" });
        await Refused("field_missing", new { merchant = World.Merchant, token });
        await Refused("refund_id_invalid", new { merchant = World.Merchant, token, refund_id = new string('x', 65) });
        await Refused("refund_reason_invalid", new { merchant = World.Merchant, token, refund_id = "r1", reason = "because" });
        await Refused("refund_method_invalid", new { merchant = World.Merchant, token, refund_id = "r1", method = "cash" });
        await Refused("amount_out_of_range", new { merchant = World.Merchant, token, refund_id = "r1", amount = 0 });
        await Refused("refunds_not_enabled", new { merchant = "222-222-333-444", token, refund_id = "r1" });
        await Enable(world, "222-222-333-444", "Card");
        await Refused("token_not_found", new { merchant = "222-222-333-444", token, refund_id = "r1" });
        Assert.Equal("refund_not_found", Text((await world.Call("refund/status", new { merchant = World.Merchant, refund_id = "r1" })).Body, "error"));

        Assert.Equal(HttpStatusCode.OK, (await Refund(world, token, "r1", 1_000)).Status);
        Assert.Equal("refund_not_found", Text((await world.Call("refund/status", new { merchant = "222-222-333-444", refund_id = "r1" })).Body, "error"));
        await UntilOver(world, "r1");
        await world.AssertHealthy();

        async Task Refused(string error, object request) => Assert.Equal(error, Text((await world.Call("refund", request)).Body, "error"));
    }

    [Fact]
    public async Task Where_no_card_is_kept_a_refund_goes_by_bank()
    {
        await using var world = await World.Start(Engine);
        await Enable(world, World.Merchant, "Bank");
        var token = await Verified(world);
        Assert.Equal(0, await CardsKept(world));

        var (_, body) = await world.Call("refund", new { merchant = World.Merchant, token, refund_id = "r1", method = "card" });

        Assert.Equal(("bank", "pending"), (Text(body.GetProperty("data"), "method"), Text(body.GetProperty("data"), "status")));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_refund_that_the_network_does_not_understand_is_put_aside_for_an_operator()
    {
        await using var world = await World.Start(Engine, "--Jobs:MaxRefusals=2");
        var token = await Verified(world);
        await using (var books = await world.NewBooks())
        {
            // The network knows no such purchase: it would answer 914.
            await books.Database.ExecuteSqlRawAsync("UPDATE authorizations SET stan = '999999'");
        }

        await Refund(world, token, "r1", 5_000);
        await world.Until(async () => (await Rows(world)).Single() is { DueAtMs: null });
        Assert.Equal("sending", await StatusOf(world, "r1"));

        var store = world.Gateway.Services.GetRequiredService<IRefundStore>();
        var parked = (await store.Find(new MerchantId(1), "r1", CancellationToken.None))!;
        Assert.True(parked.WaitsForOperator);
        await using (var books = await world.NewBooks())
        {
            await books.Database.ExecuteSqlRawAsync("UPDATE authorizations SET stan = (SELECT stan FROM network_messages m WHERE m.mti = '1200' AND m.rrn = authorizations.rrn LIMIT 1)");
        }

        Assert.True(await store.Retry(parked.Id));
        Assert.False(await store.Retry(parked.Id));
        await UntilOver(world, "r1");
        Assert.Equal("succeeded", await StatusOf(world, "r1"));
        await world.AssertHealthy();
    }

    internal static async Task<string> Verified(World world, long amount = 10_000)
    {
        using var browser = world.NewBrowser();
        var token = await world.Token(amount: amount);
        await browser.Pay(token);
        Assert.Equal(HttpStatusCode.OK, (await world.Verify(token)).Status);
        return token;
    }

    internal static Task<(HttpStatusCode Status, JsonElement Body)> Refund(World world, string token, string reference, long? amount = null) => amount is null
        ? world.Call("refund", new { merchant = World.Merchant, token, refund_id = reference })
        : world.Call("refund", new { merchant = World.Merchant, token, refund_id = reference, amount });

    internal static Task UntilOver(World world, params string[] references) => world.Until(async () =>
    {
        foreach (var reference in references)
        {
            if (await StatusOf(world, reference) is "sending" or "pending")
            {
                return false;
            }
        }

        return true;
    });

    private static async Task<string?> StatusOf(World world, string reference) => Text(
        (await world.Call("refund/status", new { merchant = World.Merchant, refund_id = reference })).Body.GetProperty("data"), "status");

    private static async Task Enable(World world, string merchant, string method)
    {
        await using var books = await world.NewBooks();
        await books.Merchants.Where(row => row.Code == merchant).ExecuteUpdateAsync(
            row => row.SetProperty(m => m.RefundMethod, method).SetProperty(m => m.Version, m => m.Version + 1), CancellationToken.None);
    }

    private static async Task<List<RefundRow>> Rows(World world)
    {
        await using var books = await world.NewBooks();
        return await books.Refunds.AsNoTracking().ToListAsync();
    }

    private static async Task<long> CardsKept(World world)
    {
        await using var books = await world.NewBooks();
        return await books.Database.SqlQuery<long>($"SELECT CAST(count(*) AS bigint) AS \"Value\" FROM refundable_cards").SingleAsync();
    }

    /// <summary>Debits less credits of each account.</summary>
    private static async Task<IEnumerable<string>> Balances(World world)
    {
        await using var books = await world.NewBooks();
        return (await CanPay.Gateway.Operations.TrialBalance.Of(books, CancellationToken.None)).Accounts
            .Select(line => $"{line.Account} {line.DebitRials - line.CreditRials}");
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static long Number(JsonElement body, string name) => body.GetProperty(name).GetInt64();
}

public sealed class SqliteRefundTests : RefundTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresRefundTests : RefundTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
