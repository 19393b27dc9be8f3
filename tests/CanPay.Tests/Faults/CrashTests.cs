using System.Net;

namespace CanPay.Tests.Faults;

/// <summary>The database server dies in the midst of work, again and again.</summary>
public sealed class CrashTests
{
    private const int Payers = 6;

    [Fact]
    public async Task When_the_database_dies_under_load_nothing_acknowledged_is_lost_and_nobody_pays_twice()
    {
        using var server = new PostgresServer();
        var database = server.ConnectionString(server.NewDatabase(migrated: false));
        await using var installation = new Installation(database);
        installation.StartSimulator();
        installation.StartGateway();
        await installation.Ready();
        var load = new PaymentLoad(installation.Http);
        using var stop = new CancellationTokenSource();
        var work = load.Run(Payers, stop.Token);

        foreach (var die in (Action[])[server.Kill, () => server.Stop("immediate"), server.Kill])
        {
            await More();
            var refused = load.TryAgain;
            die();
            await Wait.Until("callers are told to come again", () => load.TryAgain > refused + Payers);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await installation.Health("ready"));
            Assert.Equal(HttpStatusCode.OK, await installation.Health("live"));
            server.Start();
            await More();
        }

        await stop.CancelAsync();
        await work;
        await PaymentLoad.Quiet(database);
        Assert.Empty(await load.Lost(database));
        Assert.Empty(load.WrongAnswers);
        Assert.DoesNotContain(installation.Log, line => line.Contains("   at ", StringComparison.Ordinal));
        foreach (var (token, reference) in load.Verified)
        {
            Assert.Equal(reference, await load.Verify(token));
        }

        await installation.AssertHealthy();

        Task More()
        {
            var before = load.Verified.Count;
            return Wait.Until("payments come through", () => load.Verified.Count > before + 3);
        }
    }
}
