using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Faults;

/// <summary>The primary dies and its standby takes over; the gateway knows both.</summary>
public sealed class FailoverTests
{
    private const int Payers = 6;

    [Theory]
    [InlineData("dies")]
    [InlineData("stands still")]
    public async Task A_failover_to_a_synchronous_standby_loses_nothing_that_was_acknowledged(string whatThePrimaryDoes)
    {
        using var primary = new PostgresServer();
        var database = primary.NewDatabase(migrated: false);
        using var standby = primary.NewStandby();
        await primary.DemandStandby();
        var after = standby.ConnectionString(database);
        await using var installation = new Installation(Both(primary, standby, database));
        installation.StartSimulator();
        installation.StartGateway();
        await installation.Ready();
        var load = new PaymentLoad(installation.Http);
        using var stop = new CancellationTokenSource();
        var work = load.Run(Payers, stop.Token);
        await Wait.Until("payments come through", () => load.Verified.Count > 8);

        var refused = load.TryAgain;
        if (whatThePrimaryDoes == "dies")
        {
            primary.Kill();
        }
        else
        {
            primary.Freeze();
        }

        await Wait.Until("callers are told to come again", () => load.TryAgain > refused);
        standby.Promote();
        var before = load.Verified.Count;
        await Wait.Until("payments come through the new primary", () => load.Verified.Count > before + 8);
        await stop.CancelAsync();
        await work;

        await PaymentLoad.Quiet(after);
        Assert.Empty(await load.Lost(after));
        Assert.Empty(load.WrongAnswers);
        installation.Settings["Storage__Postgres"] = after;
        await installation.AssertHealthy();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"the primary {whatThePrimaryDoes}: {load.Verified.Count} payments, {load.Tokens.Count} tokens; the longest time without a success: {load.LongestGap.TotalMilliseconds:0} ms");
    }

    /// <summary>That loss would be seen: the same with a standby that nobody waits for, and that gets nothing any more.</summary>
    [Fact]
    public async Task A_failover_to_a_standby_that_nobody_waited_for_loses_payments_and_this_test_sees_it()
    {
        using var primary = new PostgresServer();
        var database = primary.NewDatabase(migrated: false);
        await using var line = new TcpProxy(primary.Port);
        using var standby = primary.NewStandby(line.Port);
        await using var installation = new Installation(Both(primary, standby, database));
        installation.StartSimulator();
        installation.StartGateway();
        await installation.Ready();
        var load = new PaymentLoad(installation.Http);
        await load.PayAndVerify(World.ApprovedCard);
        await Replicated(primary, standby, database);

        line.Stall();
        await load.PayAndVerify(World.ApprovedCard);
        primary.Kill();
        standby.Promote();

        Assert.Equal(2, load.Verified.Count);
        var lost = await load.Lost(standby.ConnectionString(database));
        Assert.Equal(2, lost.Count); // the token, and the money
    }

    private static string Both(PostgresServer primary, PostgresServer standby, string database) =>
        $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Username=postgres;Database={database}";

    private static Task Replicated(PostgresServer primary, PostgresServer standby, string database) =>
        Wait.Until("the standby has the payment", async () =>
            (await Sql.Texts(standby.ConnectionString(database), "SELECT token FROM payments WHERE status = 'Verified'")).Count
            == (await Sql.Texts(primary.ConnectionString(database), "SELECT token FROM payments WHERE status = 'Verified'")).Count);
}
