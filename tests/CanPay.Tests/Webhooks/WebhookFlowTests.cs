using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.Webhooks;

/// <summary>From a payer's browser to a merchant's server: gateway, card network and endpoint on real sockets, on both engines.</summary>
public sealed class WebhookFlowTests
{
    private static readonly string[] Impatient = ["--Webhooks:PollMs=50", "--Webhooks:RetrySeconds=1", "--Webhooks:TimeoutSeconds=2"];

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task A_merchants_server_hears_of_each_move_in_order_and_signed(string engine)
    {
        await using var receiver = await Receiver.Start();
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), Impatient);
        var secret = await AddEndpoint(world, receiver.Url);

        var paid = await Paid(world);
        await world.Until(() => Task.FromResult(receiver.Types(paid) is ["payment.paid"]));
        await world.Verify(paid);
        var left = await world.Token();
        using (var browser = world.NewBrowser())
        {
            var form = Browser.FormToken(await (await browser.Open(left)).Content.ReadAsStringAsync());
            await browser.Submit(left, "cancel", form);
        }

        await world.Until(() => Task.FromResult(receiver.Got.Count == 3));
        Assert.Equal(["payment.paid", "payment.verified"], receiver.Types(paid));
        Assert.Equal(["payment.cancelled"], receiver.Types(left));
        Assert.All(WebhookJudge.Takes([.. receiver.Got.Select(got => got.With(secret.Reveal()))]), Assert.True);
        var payment = await world.Payment(paid);
        Assert.Equal(payment.Rrn, receiver.Got.First().Json.GetProperty("data").GetProperty("reference").GetString());
        await world.Until(async () => await Pending(world) == 0);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task What_is_not_taken_comes_again_before_what_follows_it(string engine)
    {
        await using var receiver = await Receiver.Start();
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), Impatient);
        await AddEndpoint(world, receiver.Url);
        var stubborn = await Paid(world);
        await world.Until(() => Task.FromResult(receiver.Types(stubborn).Count == 1));
        var refusals = 2;
        receiver.Answer = (got, context) =>
        {
            context.Response.StatusCode = got.Type == "payment.verified" && got.Token == stubborn && Interlocked.Decrement(ref refusals) >= 0 ? 500 : 204;
            return Task.CompletedTask;
        };
        await world.Verify(stubborn);
        var other = await Paid(world);
        await world.Verify(other);

        await world.Until(async () => await Pending(world) == 0);

        Assert.Equal(["payment.paid", "payment.verified", "payment.verified", "payment.verified"], receiver.Types(stubborn));
        Assert.Equal(["payment.paid", "payment.verified"], receiver.Types(other));
        Assert.Single(receiver.Got.Where(got => got.Token == stubborn && got.Type == "payment.verified").Select(got => (got.Id, got.Body)).Distinct());
        await using var books = await world.NewBooks();
        Assert.Equal(
            [(500, "Failed"), (500, "Failed"), (204, "Delivered")],
            (await books.WebhookAttempts.Where(row => books.WebhookDeliveries.Any(d => d.Id == row.DeliveryId && d.Attempts == 3)).OrderBy(row => row.Id).ToListAsync(TestContext.Current.CancellationToken))
                .Select(row => (row.HttpStatus!.Value, row.Outcome)));
    }

    [Fact]
    public async Task A_payment_that_is_not_verified_is_reminded_of_and_told_when_it_was_returned()
    {
        await using var receiver = await Receiver.Start();
        await using var world = await World.Start([.. Impatient, "--Payments:VerifyWindowSeconds=3", "--Webhooks:ReminderSeconds=2"]);
        await AddEndpoint(world, receiver.Url);

        var token = await Paid(world);

        await world.UntilStatus(token, PaymentStatus.Reversed);
        await world.Until(() => Task.FromResult(receiver.Types(token).Count == 3));
        Assert.Equal(["payment.paid", "payment.unverified_soon", "payment.reversed"], receiver.Types(token));
        Assert.Equal("not_verified", receiver.Got.Last().Json.GetProperty("data").GetProperty("return_cause").GetString());
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_left_alone_and_one_that_is_dead_is_in_nobodys_way()
    {
        await using var gone = await Receiver.Start();
        await using var dead = await Receiver.Start();
        await using var alive = await Receiver.Start();
        await using var world = await World.Start([.. Impatient, "--Webhooks:MaxAtOncePerEndpoint=2", "--Webhooks:MaxAtOnce=4"]);
        gone.Answer = (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };
        dead.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        foreach (var receiver in new[] { gone, dead, alive })
        {
            await AddEndpoint(world, receiver.Url);
        }

        var tokens = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Paid(world)));

        await world.Until(() => Task.FromResult(tokens.All(token => alive.Types(token).Count == 1)));
        await using var books = await world.NewBooks();
        Assert.Equal("Disabled", (await books.WebhookEndpoints.SingleAsync(row => row.Url == gone.Url.AbsoluteUri, TestContext.Current.CancellationToken)).Status);
        Assert.True(gone.Got.Count <= 2, "No more than were on their way come to an endpoint that is gone.");
    }

    internal static async Task<WebhookSecret> AddEndpoint(World world, Uri url)
    {
        var secret = WebhookSecret.New();
        await using var books = await world.NewBooks();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        books.WebhookEndpoints.Add(new WebhookEndpointRow
        {
            Key = "whe_" + System.Security.Cryptography.RandomNumberGenerator.GetHexString(26, lowercase: true),
            MerchantId = (await books.Merchants.SingleAsync(row => row.Code == World.Merchant)).Id,
            Url = url.AbsoluteUri,
            Events = "*",
            Status = "Active",
            ActiveSinceMs = now,
            SealedSecret = world.Gateway.Services.GetRequiredService<SealedSecrets>().Seal(secret),
            CreatedAtMs = now,
        });
        await books.SaveChangesAsync();
        return secret;
    }

    private static async Task<string> Paid(World world)
    {
        var token = await world.Token();
        using var browser = world.NewBrowser();
        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Authorized);
        return token;
    }

    private static async Task<int> Pending(World world)
    {
        await using var books = await world.NewBooks();
        return await books.WebhookDeliveries.CountAsync(row => row.Status == "Pending");
    }
}
