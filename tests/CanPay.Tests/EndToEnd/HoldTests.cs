using System.Net;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Tests.EndToEnd;

/// <summary>"No new payments" on a running gateway.</summary>
public abstract class HoldTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task While_held_nothing_begins_and_what_was_paid_is_verified()
    {
        await using var world = await World.Start(Engine);
        using var payer = world.NewBrowser();
        using var other = world.NewBrowser();
        var paid = await world.Token();
        await payer.Pay(paid);
        var open = await world.Token();
        var form = Browser.FormToken(await (await other.Open(open)).Content.ReadAsStringAsync());

        await Place(world);
        await world.Until(async () => (await Ask(world)).Status is HttpStatusCode.ServiceUnavailable);
        var (_, refusal) = await Ask(world);
        var page = await other.Send(open, "pay", form, World.ApprovedCard, "12345");
        var ready = await world.Http.GetAsync("/health/ready");

        Assert.Equal("on_hold", refusal.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("پرداخت تازه نمی‌پذیرد", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(PaymentStatus.Created, (await world.Payment(open)).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.Verify(paid)).Status);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("a trial", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Release(world);
        await world.Until(async () => (await Ask(world)).Status is HttpStatusCode.OK);
        await other.Pay(open);
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(open)).Status);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_node_that_starts_under_a_hold_obeys_before_it_is_ready()
    {
        await using var world = await World.Start(Engine);
        await Place(world);
        var late = new HoldGate(world.Store, TimeProvider.System);

        Assert.Equal("a trial", (await late.Current(TestContext.Current.CancellationToken))!.Reason);
    }

    [Fact]
    public async Task At_most_one_hold_is_open()
    {
        await using var world = await World.Start(Engine);
        await Place(world);

        await Assert.ThrowsAsync<DbUpdateException>(() => Place(world));
        await Release(world);
        await Place(world);
    }

    private static Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> Ask(World world) => world.Call("token", new
    {
        merchant = World.Merchant,
        amount = 10_000,
        callback_url = World.Callback,
        invoice_id = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
    });

    private static async Task Place(World world)
    {
        await using var books = await world.NewBooks();
        books.Holds.Add(new HoldRow { Reason = "a trial", IsAfterRestore = false, PlacedAtMs = 1 });
        await books.SaveChangesAsync();
    }

    private static async Task Release(World world)
    {
        await using var books = await world.NewBooks();
        await books.Holds.ExecuteUpdateAsync(row => row.SetProperty(h => h.ReleasedAtMs, 2).SetProperty(h => h.ReleaseNote, "over"));
    }
}

public sealed class SqliteHoldTests : HoldTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresHoldTests : HoldTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
