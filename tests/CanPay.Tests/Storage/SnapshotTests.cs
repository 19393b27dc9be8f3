using CanPay.Gateway.Storage;
using CanPay.Gateway.Storage.Postgres;
using Npgsql;

namespace CanPay.Tests.Storage;

/// <summary>The doctor asks with several connections; they must not see different books.</summary>
public sealed class SnapshotTests
{
    private const string Count = "SELECT count(*)::text FROM heartbeats";

    [Fact]
    public async Task All_connections_of_a_snapshot_see_one_and_the_same_moment()
    {
        var connectionString = PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase());
        await using var database = new PostgresDatabase(connectionString);
        var connections = await new PostgresEngine(database, owner: null).OpenSnapshots(3, TestContext.Current.CancellationToken);

        await using (var writer = new NpgsqlConnection(connectionString))
        {
            await writer.OpenAsync(TestContext.Current.CancellationToken);
            PostgresServer.Execute(writer, "INSERT INTO heartbeats (loop, node, at_ms) VALUES ('jobs', 'a', 1)");
        }

        Assert.Equal(3, connections.Count);
        foreach (var connection in connections)
        {
            Assert.Equal(["0"], await StorageEngine.Texts(connection, Count, TestContext.Current.CancellationToken));
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_connection_of_a_snapshot_can_write()
    {
        await using var database = new PostgresDatabase(PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewDatabase()));
        var connections = await new PostgresEngine(database, owner: null).OpenSnapshots(2, TestContext.Current.CancellationToken);

        foreach (var connection in connections)
        {
            var error = Assert.Throws<PostgresException>(
                () => PostgresServer.Execute((NpgsqlConnection)connection, "INSERT INTO heartbeats (loop, node, at_ms) VALUES ('jobs', 'a', 1)"));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, error.SqlState);
            await connection.DisposeAsync();
        }
    }
}
