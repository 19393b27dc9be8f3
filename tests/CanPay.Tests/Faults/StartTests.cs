using System.Net;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Faults;

/// <summary>The gateway starts before its database does.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task While_the_database_is_away_everybody_is_told_to_come_again_and_when_it_comes_the_gateway_is_ready()
    {
        using var server = new PostgresServer();
        var database = server.NewDatabase(migrated: false);
        server.Stop();
        await using var installation = new Installation(server.ConnectionString(database));
        installation.StartSimulator();
        installation.StartGateway();
        await Wait.Until("the gateway listens", async () => await installation.Health("live") is HttpStatusCode.OK);

        var ready = await installation.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("waiting for the database", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var load = new PaymentLoad(installation.Http);
        Assert.Null(await load.Token());
        Assert.Equal(1, load.TryAgain);
        using (var browser = new Browser(installation.Http.BaseAddress!))
        {
            var page = await browser.Open(new string('A', 30));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
            Assert.NotNull(page.Headers.RetryAfter);
            Assert.Contains("درگاه پرداخت موقتاً در دسترس نیست", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Some rounds of every loop that would like to have the database.
        await Task.Delay(TimeSpan.FromSeconds(3));
        var said = installation.Log.ToList();
        Assert.Contains(said, line => line.Contains("waiting for the database", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.True(said.Count < 30, string.Join('\n', said));

        server.Start();
        await installation.Ready();
        await Wait.Until("a payment comes through", async () => await load.PayAndVerify(World.ApprovedCard) is not null);
        Assert.Empty(load.WrongAnswers);
        await installation.AssertHealthy();
    }

    [Fact]
    public async Task A_gateway_that_waits_for_its_database_can_be_stopped()
    {
        using var server = new PostgresServer();
        server.Stop();
        await using var installation = new Installation(server.ConnectionString("canpay"));
        var gateway = installation.StartGateway();
        await Wait.Until("the gateway listens", async () => await installation.Health("live") is HttpStatusCode.OK);

        await gateway.Signal("TERM");

        Assert.Equal(0, await gateway.Exited());
    }
}
