using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Faults;

/// <summary>A database that stands still: what may wait waits, the rest is sent away at once.</summary>
public sealed class LoadShedTests
{
    private static string Database => PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase(migrated: false));

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once_and_what_waited_is_answered_when_the_database_goes_on()
    {
        var database = Database;
        await using var world = await World.Start(
            EngineKind.Postgres, $"--Storage:Postgres={database}", "--Storage:MaxQueue=4", "--Storage:Writers=1", "--Storage:AnswerTimeoutSeconds=60");
        var load = new PaymentLoad(world.Http);
        await using var blocker = await Sql.Open(database);
        PostgresServer.Execute(blocker, "BEGIN; LOCK TABLE payments IN EXCLUSIVE MODE"); // reads go on

        // The first occupies the only writer: wait until it hangs at the lock.
        var waiting = new List<Task<string?>> { load.Token() };
        await Wait.Until("the writer hangs", async () =>
            (await Sql.Texts(database, "SELECT 'x' FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).Count > 0);
        for (var i = 0; i < 20; i++)
        {
            waiting.Add(load.Token());
        }

        await Wait.Until("the surplus is refused", () => waiting.Count(call => call.IsCompleted) == 16);
        Assert.Equal(16, load.TryAgain);
        PostgresServer.Execute(blocker, "COMMIT");
        var tokens = await Task.WhenAll(waiting);

        Assert.Equal(5, tokens.Count(token => token is not null));
        Assert.Empty(load.WrongAnswers);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task One_who_waits_in_vain_is_told_to_come_again_within_the_time_that_is_set()
    {
        var database = Database;
        await using var world = await World.Start(
            EngineKind.Postgres, $"--Storage:Postgres={database}", "--Storage:Writers=1", "--Storage:AnswerTimeoutSeconds=1");
        var load = new PaymentLoad(world.Http);
        await using var blocker = await Sql.Open(database);
        PostgresServer.Execute(blocker, "BEGIN; LOCK TABLE payments IN EXCLUSIVE MODE");

        // Far more rounds than one: who is behind in the queue must not wait for all before it.
        var since = Stopwatch.StartNew();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            await Task.Delay(i * 50);
            return await load.Token();
        }));
        var took = since.Elapsed;
        PostgresServer.Execute(blocker, "COMMIT");

        Assert.All(tokens, Assert.Null);
        Assert.Empty(load.WrongAnswers);
        Assert.True(took < TimeSpan.FromSeconds(20), $"It took {took}");
        await Wait.Until("the gateway works again", async () => await load.Token() is not null);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_caller_who_goes_away_does_not_cancel_what_others_wait_for_nor_its_own_write()
    {
        var database = Database;
        await using var world = await World.Start(
            EngineKind.Postgres, $"--Storage:Postgres={database}", "--Storage:Writers=1", "--Storage:AnswerTimeoutSeconds=60");
        var load = new PaymentLoad(world.Http);
        await using var blocker = await Sql.Open(database);
        PostgresServer.Execute(blocker, "BEGIN; LOCK TABLE payments IN EXCLUSIVE MODE");
        using var impatient = new CancellationTokenSource();
        var abandoned = world.Http.PostAsJsonAsync(
            "/api/ipg/token",
            new { merchant = World.Merchant, amount = 10_000, callback_url = World.Callback, invoice_id = "abandoned" }, impatient.Token);
        await Wait.Until("the writer hangs", async () =>
            (await Sql.Texts(database, "SELECT 'x' FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).Count > 0);
        var others = Enumerable.Range(0, 5).Select(_ => load.Token()).ToList();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        PostgresServer.Execute(blocker, "COMMIT");

        Assert.All(await Task.WhenAll(others), Assert.NotNull);
        Assert.Single(await Sql.Texts(database, "SELECT token FROM payments WHERE invoice_id = 'abandoned'"));
        var again = await world.Call("token", new { merchant = World.Merchant, amount = 10_000, callback_url = World.Callback, invoice_id = "abandoned" });
        Assert.Equal(HttpStatusCode.OK, again.Status);
    }
}
