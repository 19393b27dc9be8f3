using System.Globalization;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage.Postgres;

namespace CanPay.Tests.Storage;

/// <summary>A cluster's primary is found wherever it stands in the list of hosts.</summary>
public sealed class SeveralHostsTests
{
    [Fact]
    public async Task Migrations_and_the_doctor_go_to_the_primary_though_a_standby_is_named_first()
    {
        using var primary = new PostgresServer();
        using var standby = primary.NewStandby();
        var hosts = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1:{standby.Port},127.0.0.1:{primary.Port};Username=postgres");
        await using var database = new PostgresDatabase($"{hosts};Database={primary.NewDatabase(migrated: false)}");
        var engine = new PostgresEngine(database, owner: null);

        await engine.Prepare(TestContext.Current.CancellationToken);

        Assert.Empty(await Doctor.Examine(engine, atRest: true, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
        await using var owned = new PostgresDatabase(database.ConnectionString);
        await new PostgresEngine(owned, database.ConnectionString).Prepare(TestContext.Current.CancellationToken);
    }
}
