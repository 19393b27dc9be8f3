using System.Diagnostics;
using System.Globalization;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage.Postgres;
using CanPay.Tests.EndToEnd;
using CanPay.Tests.Payments;

namespace CanPay.Tests.Nodes;

/// <summary>
/// The merchant verifies on both nodes at the very instant at which the nodes' jobs return the money: one wins, and what the
/// merchant was told stays true.
/// </summary>
public sealed class VerifyOrReturnTests
{
    private const int Waves = 10;
    private const int RacesInAWave = 200;

    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task Verify_and_return_at_the_same_instant_have_one_winner_and_the_merchant_knows_it_for_ever()
    {
        await using var all = await Installation.Start(nodes: 2, ("Jobs__PollMs", "10"));
        await using var database = new PostgresDatabase(all.ConnectionString);
        await using var store = new PostgresStore(database, new StorageOptions());
        var merchant = (await store.FindMerchant(World.Merchant, CancellationToken.None))!;
        var races = new List<Race>();

        var lead = await WarmUp(all);
        for (var wave = 0; wave < Waves; wave++)
        {
            var deadline = TimeProvider.System.GetUtcNow().ToMilliseconds() + Ahead + lead;
            var tokens = await Authorized(all, store, merchant, deadline, wave);
            var raced = await Run(all, tokens, deadline, lead);
            races.AddRange(raced);

            // Whoever won more gets a worse start in the next wave, however fast the machine is at the moment.
            lead *= raced.Count(race => race.First.IsVerified) > RacesInAWave / 2 ? 0.75 : 1.5;
        }

        Assert.All(races, race => Assert.True(race.IsOneStory, $"{race.Token}: {race.First} and {race.Second}"));
        AssertThatBothWonAtTheDeadline(races);
        await AssertForEver(all, races);
    }

    /// <summary>The control: these were races, and neither side always won.</summary>
    private static void AssertThatBothWonAtTheDeadline(List<Race> races)
    {
        var verified = races.Count(race => race.First.IsVerified);
        var underWay = races.Count(race => race.WasUnderWayAtTheDeadline);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{races.Count} races: {verified} verified, {races.Count - verified} returned; {underWay} were under way when the deadline came");
        Assert.True(races.Count >= 2_000);
        Assert.InRange(verified, races.Count / 20, races.Count * 19 / 20);
        Assert.True(underWay > races.Count / 5, $"Only {underWay} of {races.Count} were under way when the deadline came.");
    }

    private static async Task AssertForEver(Installation all, List<Race> races)
    {
        var statuses = (await all.Ask("SELECT token || ' ' || status FROM payments")).Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.All(races, race => Assert.True(
            race.First.IsVerified ? statuses[race.Token] == "Verified" : statuses[race.Token] is "Reversing" or "Reversed",
            $"{race.Token}: told {race.First}, but {statuses[race.Token]}"));

        foreach (var some in races.Index().Chunk(RacesInAWave))
        {
            await Task.WhenAll(some.Select(async race =>
            {
                var again = await all[race.Index % 2].Verify(race.Item.Token);
                Assert.Equal((race.Item.First.Reference, race.Item.First.Error), (again.Reference, again.Error));
                Assert.Equal(race.Item.First.IsVerified, again.AlreadyVerified);
            }));
        }

        await all.UntilNothingIsUnderWay();
        await all.AssertClean(withNetwork: false); // the network never heard of these purchases
        Assert.Equal(races.Count(race => !race.First.IsVerified), await all.Count("payments WHERE status = 'Reversed'"));
    }

    /// <summary>The first answers of a cold start are slow.</summary>
    /// <returns>How long before the deadline the first wave should be let go.</returns>
    private static async Task<TimeSpan> WarmUp(Installation all)
    {
        var begun = Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
        {
            begun.Restart();
            await Task.WhenAll(Enumerable.Range(0, 2 * RacesInAWave).Select(k => all[k % 2].Verify(PaymentToken.New(DateTimeOffset.UnixEpoch))));
        }

        return begun.Elapsed / 2;
    }

    /// <summary>Each payment is verified on both nodes; all are let go together, so that the deadline comes in their midst.</summary>
    private static async Task<Race[]> Run(Installation all, List<string> tokens, DateTimeOffset deadline, TimeSpan lead)
    {
        var barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racing = Task.WhenAll(tokens.Select(async (token, i) =>
        {
            await barrier.Task;
            var begun = TimeProvider.System.GetUtcNow();
            var answers = await Task.WhenAll(all[i % 2].Verify(token), all[(i + 1) % 2].Verify(token));
            return new Race(token, answers[0], answers[1], begun <= deadline && deadline <= TimeProvider.System.GetUtcNow());
        }));
        var wait = deadline - lead - TimeProvider.System.GetUtcNow();
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        barrier.SetResult();
        return await racing;
    }

    /// <summary>Paid a moment ago, with so much time left to verify.</summary>
    private static async Task<List<string>> Authorized(Installation all, PostgresStore store, Merchant merchant, DateTimeOffset deadline, int wave)
    {
        using var vault = await all.OpenVault();
        var tokens = Enumerable.Range(0, RacesInAWave).Select(_ => PaymentToken.New(DateTimeOffset.UnixEpoch)).ToList();
        var trace = await store.ReserveTraceNumbers(RacesInAWave, CancellationToken.None);
        await Task.WhenAll(tokens.Select(async (token, i) =>
        {
            var now = TimeProvider.System.GetUtcNow().ToMilliseconds();
            var clocks = SomePayment.Clocks with { VerifyWindow = deadline - now };
            var added = await store.Create(
                new NewPayment(merchant.Id, token, $"{wave}-{i}", new Rials(10_000), new Uri(World.Callback), null, now, now + clocks.PageLifetime),
                CancellationToken.None);
            Assert.IsType<CreateResult.Created>(added);
            var created = (await store.Find(token, CancellationToken.None))!;
            using var card = new Card(Pan.TryParse(World.ApprovedCard, out var pan) ? pan : null!, "0912", "123", "12345");
            var plain = SomePayment.AnAuthorization(created);
            var authorization = plain with
            {
                Stan = (trace + i + 1).ToString("000000", CultureInfo.InvariantCulture),
                TransmittedAt = now,
                CardHash = vault.Hash(card.Pan),
                SealedCard = vault.Seal(card.Pan, card.Expiry, CardVault.PlaceOf(plain.Rrn)),
            };
            var authorizing = SomePayment.Taken(created.BeginAuthorization(authorization, SomePayment.Browser, clocks, now));
            Assert.Equal(ApplyResult.Applied, await store.Apply(new PaymentChange(created, authorizing, "payer", now) { Authorization = authorization }));
            var authorized = SomePayment.Taken(authorizing.CompleteAuthorization(SomePayment.Approval, clocks, now));
            Assert.Equal(deadline, authorized.VerifyDeadline);
            Assert.Equal(ApplyResult.Applied, await store.Apply(
                new PaymentChange(authorizing, authorized, "network", now) { Authorization = authorization.With(SomePayment.Approval) }));
        }));
        return tokens;
    }

    /// <param name="First">What one node told the merchant.</param>
    /// <param name="Second">What the other node told at the same time.</param>
    private sealed record Race(string Token, Verification First, Verification Second, bool WasUnderWayAtTheDeadline)
    {
        /// <summary>Both verified, one of them for the first time, or both returned.</summary>
        public bool IsOneStory => First.IsVerified
            ? First.Reference == Second.Reference && First.AlreadyVerified != Second.AlreadyVerified
            : First.Error == "payment_returned" && Second.Error == "payment_returned";
    }
}
