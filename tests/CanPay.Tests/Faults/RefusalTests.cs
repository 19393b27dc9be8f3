using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage.Postgres;

namespace CanPay.Tests.Faults;

/// <summary>A database to which no money can be entrusted is refused at start, with one line that says why.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("off")]
    [InlineData("local")]
    public async Task A_database_that_acknowledges_before_it_has_written_is_refused(string value)
    {
        var name = PostgresServer.Instance.NewDatabase(migrated: false);
        await Sql.Execute(PostgresServer.Instance.ConnectionString(name), $"ALTER DATABASE {name} SET synchronous_commit = {value}");

        Assert.Contains($"synchronous_commit={value}", await Refusal(PostgresServer.Instance.ConnectionString(name)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_server_that_a_power_cut_would_damage_is_refused(string setting)
    {
        using var server = new PostgresServer($"{setting} = off");

        Assert.Contains($"{setting}=off", await Refusal(server.ConnectionString(server.NewDatabase(migrated: false))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_hold_every_text_is_refused()
    {
        var name = PostgresServer.Instance.NewDatabase(migrated: false) + "_ascii";
        await Sql.Execute(
            PostgresServer.Instance.ConnectionString("postgres"),
            $"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");

        Assert.Contains("not in UTF8", await Refusal(PostgresServer.Instance.ConnectionString(name)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_make_the_tables_is_refused()
    {
        var name = PostgresServer.Instance.NewDatabase(migrated: false);
        await Sql.Execute(PostgresServer.Instance.ConnectionString(name), $"CREATE ROLE guest_{name} LOGIN");

        Assert.Contains("permission denied", await Refusal(PostgresServer.Instance.ConnectionString(name, user: $"guest_{name}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_see_the_tables_is_refused()
    {
        var name = PostgresServer.Instance.NewDatabase();
        await Sql.Execute(PostgresServer.Instance.ConnectionString(name), $"CREATE ROLE guest_{name} LOGIN");

        Assert.Contains("permission denied", await Refusal(PostgresServer.Instance.ConnectionString(name, user: $"guest_{name}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no_such_database", "postgres")]
    [InlineData("postgres", "no_such_role")]
    public async Task A_database_or_a_role_that_does_not_exist_is_refused(string database, string role) =>
        Assert.Contains("does not exist", await Refusal(PostgresServer.Instance.ConnectionString(database, role)), StringComparison.Ordinal);

    [Fact]
    public async Task The_refusal_is_one_line_for_an_operator()
    {
        await using var installation = new Installation(PostgresServer.Instance.ConnectionString("no_such_database"));

        var gateway = installation.StartGateway();
        var exitCode = await gateway.Exited();
        var output = gateway.Said;

        Assert.Equal(2, exitCode);
        Assert.StartsWith("canpay: ", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<string> Refusal(string connectionString)
    {
        await using var database = new PostgresDatabase(connectionString);
        var refusal = await Assert.ThrowsAsync<StartException>(() => new PostgresEngine(database, owner: null).Prepare(CancellationToken.None));
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }
}
