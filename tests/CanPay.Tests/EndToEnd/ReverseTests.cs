using System.Net;
using System.Text.Json;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.EndToEnd;

/// <summary>A merchant that gives a payment back instead of verifying it.</summary>
public abstract class ReverseTests
{
    private const int Races = 240;

    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task What_the_merchant_gives_back_is_reversed_once_and_every_repetition_says_so()
    {
        await using var world = await World.Start(Engine);
        var token = await Paid(world, "47");

        var (status, first) = await Reverse(world, token);
        await world.UntilStatus(token, PaymentStatus.Reversed);
        var (_, again) = await Reverse(world, token);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["token", "invoice_id", "amount", "status", "already_reversed"], first.GetProperty("data").EnumerateObject().Select(p => p.Name));
        Assert.Equal((token, "47", "reversing", false), Told(first));
        Assert.Equal((token, "47", "reversed", true), Told(again));
        Assert.Equal(["purchase", "reversal"], world.Books.Select(entry => entry.Kind));
        Assert.Equal("payment_returned", Error(await world.Verify(token)));
        Assert.Equal("not_verified", Error(await RefundTests.Refund(world, token, "r1")));
        await world.AssertHealthy();
    }

    [Fact]
    public async Task What_may_not_be_reversed_is_refused()
    {
        await using var world = await World.Start(Engine);
        using var browser = world.NewBrowser();
        await using (var books = await world.NewBooks())
        {
            books.Merchants.Add(SomeMerchant.Row("222-222-333-444"));
            await books.SaveChangesAsync(CancellationToken.None);
        }

        var unpaid = await world.Token();
        var paid = await Paid(world);
        var verified = await RefundTests.Verified(world);
        var unknown = await world.Token();
        await browser.Pay(unknown, "6219860000070004");
        await world.UntilStatus(unknown, PaymentStatus.Reversed);

        Assert.Equal("payment_not_paid", Error(await Reverse(world, unpaid)));
        Assert.Equal("already_verified", Error(await Reverse(world, verified)));
        Assert.Equal("payment_returned", Error(await Reverse(world, unknown)));
        Assert.Equal("token_invalid", Error(await Reverse(world, "x")));
        Assert.Equal("field_missing", Error(await world.Call("reverse", new { merchant = World.Merchant })));
        Assert.Equal("token_not_found", Error(await world.Call("reverse", new { merchant = "222-222-333-444", token = paid })));
        Assert.Equal("amount_mismatch", Error(await world.Call("reverse", new { merchant = World.Merchant, token = paid, amount = 9_999 })));
        Assert.Equal(PaymentStatus.Authorized, (await world.Payment(paid)).Status);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task The_same_key_is_answered_with_the_same_bytes()
    {
        await using var world = await World.Start(Engine);
        var token = await Paid(world);

        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ipg/reverse")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { merchant = World.Merchant, token }),
            };
            request.Headers.Add("Idempotency-Key", "k1");
            answers.Add(await (await world.Http.SendAsync(request)).Content.ReadAsStringAsync());
            await world.UntilStatus(token, PaymentStatus.Reversed);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("\"already_reversed\":false", answers[0], StringComparison.Ordinal);
    }

    /// <summary>The purchases are made in the books alone; the network acknowledges reversals of what it never saw.</summary>
    [Fact]
    public async Task Verify_and_reverse_at_once_have_one_winner_and_both_answers_agree()
    {
        await using var world = await World.Start(Engine, "--Http:MerchantBurst=100000", "--Http:AddressBurst=100000");
        var tokens = await Authorized(world);
        var barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var racing = Task.WhenAll(tokens.Select(async (token, i) =>
        {
            await barrier.Task;

            // Whoever is called first has a start; each is as often.
            var calls = i % 2 == 0 ? (Task[])[world.Verify(token), Reverse(world, token)] : [Reverse(world, token), world.Verify(token)];
            await Task.WhenAll(calls);
            var answers = calls.Cast<Task<(HttpStatusCode, JsonElement)>>().Select(call => call.Result).ToArray();
            return i % 2 == 0 ? (Token: token, Verify: answers[0], Reverse: answers[1]) : (Token: token, Verify: answers[1], Reverse: answers[0]);
        }));
        barrier.SetResult();
        var races = await racing;

        var verified = 0;
        foreach (var race in races)
        {
            var isVerified = race.Verify.Item1 is HttpStatusCode.OK;
            verified += isVerified ? 1 : 0;
            Assert.Equal(isVerified ? "already_verified" : null, race.Reverse.Item1 is HttpStatusCode.OK ? null : Error(race.Reverse));
            Assert.Equal(isVerified ? null : "payment_returned", isVerified ? null : Error(race.Verify));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{races.Length} races: {verified} verified");
        Assert.InRange(verified, 1, Races - 1);
        foreach (var race in races)
        {
            if (race.Verify.Item1 is HttpStatusCode.OK)
            {
                Assert.Equal(PaymentStatus.Verified, (await world.Payment(race.Token)).Status);
            }
            else
            {
                await world.UntilStatus(race.Token, PaymentStatus.Reversed);
            }
        }

        Assert.Empty(await Doctor.Examine(
            world.Gateway.Services.GetRequiredService<StorageEngine>(), atRest: false, DateTimeOffset.UtcNow, CancellationToken.None));
    }

    private static async Task<List<string>> Authorized(World world)
    {
        var vault = world.Gateway.Services.GetRequiredService<CardVault>();
        var traces = world.Gateway.Services.GetRequiredService<TraceNumbers>();
        var tokens = new List<string>();
        for (var i = 0; i < Races; i++)
        {
            var token = await world.Token();
            tokens.Add(token);
            var created = await world.Payment(token);
            var now = TimeProvider.System.Now();
            Assert.True(Pan.TryParse(World.ApprovedCard, out var pan));
            var trace = await traces.Next(CancellationToken.None);
            var authorization = SomePayment.AnAuthorization(created) with
            {
                Stan = trace.Stan,
                Rrn = trace.Rrn(now),
                TransmittedAt = now,
                CardHash = vault.Hash(pan),
                SealedCard = vault.Seal(pan, "0912", CardVault.PlaceOf(trace.Rrn(now))),
            };
            var authorizing = SomePayment.Taken(created.BeginAuthorization(authorization, SomePayment.Browser, SomePayment.Clocks, now));
            Assert.Equal(ApplyResult.Applied, await world.Store.Apply(new PaymentChange(created, authorizing, "payer", now) { Authorization = authorization }));
            var authorized = SomePayment.Taken(authorizing.CompleteAuthorization(SomePayment.Approval, SomePayment.Clocks, now));
            Assert.Equal(ApplyResult.Applied, await world.Store.Apply(
                new PaymentChange(authorizing, authorized, "network", now) { Authorization = authorization.With(SomePayment.Approval) }));
        }

        return tokens;
    }

    private static async Task<string> Paid(World world, string? invoice = null)
    {
        using var browser = world.NewBrowser();
        var token = await world.Token(invoice);
        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Authorized);
        return token;
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> Reverse(World world, string token) =>
        world.Call("reverse", new { merchant = World.Merchant, token });

    private static string? Error((HttpStatusCode Status, JsonElement Body) answer) => answer.Body.GetProperty("error").GetString();

    private static (string?, string?, string?, bool) Told(JsonElement body)
    {
        var data = body.GetProperty("data");
        return (data.GetProperty("token").GetString(), data.GetProperty("invoice_id").GetString(), data.GetProperty("status").GetString(), data.GetProperty("already_reversed").GetBoolean());
    }
}

public sealed class SqliteReverseTests : ReverseTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresReverseTests : ReverseTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}
