using CanPay.Gateway;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Risk;
using CanPay.Tests.EndToEnd;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Operations;

public sealed class HousekeepingTests
{
    [Fact]
    public async Task What_the_books_cannot_forget_now_is_forgotten_an_hour_later_and_the_node_lives_on()
    {
        await using var world = await World.Start();
        await using var books = await world.NewBooks();
        var services = world.Gateway.Services;
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var wallet = services.GetRequiredService<IWalletStore>();
        var old = clock.GetUtcNow() - TimeSpan.FromDays(3);
        Assert.True(await wallet.TryAdd(
            new SentCode(new string('a', 32), 1, 1, "owner", "browser", "::1", "hash", old, old), new CodeLimits(TimeSpan.FromMinutes(1), 9, 9, 9), TestContext.Current.CancellationToken));
        var pinRequests = services.GetRequiredService<IPinRequestStore>();
        Assert.True(await pinRequests.TryAdd(
            new AskedPin("card", new PaymentId(1), "::1", new MerchantId(1), old), new PinLimits(9, 9, 9, 9), TestContext.Current.CancellationToken));
        var risk = services.GetRequiredService<IRiskStore>();
        await risk.Add(new Attempt(new PaymentId(1), new MerchantId(1), "card", "603799", "::/64"), old, TestContext.Current.CancellationToken);
        Assert.True(await risk.TryAnswer(new AnsweredCaptcha("a", 1, "browser", true, old), TestContext.Current.CancellationToken));
        await books.Database.ExecuteSqlRawAsync(
            "INSERT INTO refundable_cards (payment_id, sealed_card, forget_at_ms) VALUES (1, x'00', 1), (2, x'00', 9000000000000)", TestContext.Current.CancellationToken);
        using var housekeeping = new Housekeeping(
            world.Store,
            wallet,
            pinRequests,
            risk,
            services.GetRequiredService<CanPay.Gateway.Refunds.IRefundStore>(),
            services.GetRequiredService<IOptions<PaymentOptions>>(),
            clock,
            NullLogger<Housekeeping>.Instance);
        await housekeeping.StartAsync(TestContext.Current.CancellationToken);

        await Rename("one_time_codes", "away");
        clock.Advance(TimeSpan.FromHours(1));
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(housekeeping.ExecuteTask!.IsCompleted);

        await Rename("away", "one_time_codes");
        await world.Until(async () =>
        {
            clock.Advance(TimeSpan.FromHours(1));
            return !await books.OneTimeCodes.AnyAsync() && !await books.PinRequests.AnyAsync()
                && !await books.DeclinedAttempts.AnyAsync() && !await books.AnsweredCaptchas.AnyAsync();
        });
        Assert.Equal([2L], await books.Database.SqlQuery<long>($"SELECT payment_id AS value FROM refundable_cards").ToListAsync(TestContext.Current.CancellationToken));
        await housekeeping.StopAsync(TestContext.Current.CancellationToken);

        Task Rename(string from, string to) =>
#pragma warning disable EF1002 // constants of this test
            books.Database.ExecuteSqlRawAsync($"ALTER TABLE {from} RENAME TO {to}");
#pragma warning restore EF1002
    }
}
