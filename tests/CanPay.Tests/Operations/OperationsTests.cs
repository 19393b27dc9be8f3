using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Storage.Sqlite;
using CanPay.Tests.Storage;

namespace CanPay.Tests.Operations;

public sealed class OperationsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("canpay-cli-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_doctor_sees_every_planted_violation() => Assert.All(
        await SelfTest.Run(new SqliteEngine(Path.Combine(_data, "canpay.db")), TestContext.Current.CancellationToken),
        result => Assert.True(result.Passed, result.Name));

    [Fact]
    public async Task The_doctor_sees_every_planted_violation_on_PostgreSQL_and_leaves_no_trace()
    {
        await using var engine = new PostgresStoreEngine();
        var before = engine.Strings(Everything);

        var results = await SelfTest.Run(engine.Engine, TestContext.Current.CancellationToken);

        Assert.Equal(Invariant.All.Count + 2, results.Count);
        Assert.All(results, result => Assert.True(result.Passed, result.Name));
        Assert.Equal(before, engine.Strings(Everything));
    }

    /// <summary>Real books that somebody works on meanwhile are neither waited for nor waiting.</summary>
    [Fact]
    public async Task The_self_test_locks_nothing_of_the_real_books()
    {
        await using var engine = new PostgresStoreEngine();
        await using var working = engine.Open();
        await using var work = await working.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = working.CreateCommand();
        command.CommandText = "LOCK TABLE payments, transfers, transitions, network_messages, schemaversions IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.All(
            await SelfTest.Run(engine.Engine, TestContext.Current.CancellationToken), result => Assert.True(result.Passed, result.Name));
    }

    private const string Everything =
        "SELECT n.nspname || '.' || r.relname || ' ' || r.relkind::text FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace ORDER BY 1";

    [Fact]
    public async Task A_merchant_is_added_shown_changed_and_suspended()
    {
        var added = await Canpay("merchant", "add", "--code", "999-888-777-666", "--name", "کتابسرا", "--ip", "192.0.2.7", "--domain", "Site.COM", "--json");
        await Canpay("merchant", "set", "999-888-777-666", "--ip", "192.0.2.0/24", "2001:db8::/32", "--referrer", "strict");
        await Canpay("merchant", "suspend", "999-888-777-666");
        var shown = await Canpay("merchant", "show", "999-888-777-666", "--json");

        Assert.Equal(0, added.Code);
        Assert.Contains("\"site.com\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"2001:db8::/32\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"Strict\"", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"Suspended\"", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("merchant add --name x --ip 300.1.1.1", "neither an address nor a CIDR block")]
    [InlineData("merchant add --name x --domain https://site.com/", "is no domain")]
    [InlineData("merchant add --name x --min 10 --max 5", "--min and --max")]
    [InlineData("merchant add", "--name is missing")]
    [InlineData("serve --roles cook", "--roles knows")]
    [InlineData("serve --Payments:VerifyWindowSeconds=abc", "Payments:VerifyWindowSeconds")]
    [InlineData("serve --Payments:VerifyWindowSeconds=0", "Payments:VerifyWindowSeconds")]
    [InlineData("serve --Payments:VerifyWindowSecond=10", "VerifyWindowSecond")]
    [InlineData("serve --Sandbox:Enabled=false", "Sandbox:Enabled")]
    [InlineData("serve --Http:TrustedProxies=nonsense", "Http:TrustedProxies")]
    public async Task What_is_wrong_is_said_in_one_line(string command, string text)
    {
        var (code, _, error) = await Canpay(command.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(text, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_start_and_is_left_alone()
    {
        var file = Path.Combine(_data, "canpay.db");
        await File.WriteAllTextAsync(file, "this is somebody's diary");

        var (code, _, error) = await Canpay("serve");

        Assert.Equal(2, code);
        Assert.Contains("not a database", error, StringComparison.Ordinal);
        Assert.Equal("this is somebody's diary", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_not_touched()
    {
        await Canpay("merchant", "list");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_data}/canpay.db;Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('9999_future.sql', '2030-01-01')";
            await command.ExecuteNonQueryAsync();
        }

        var (code, _, error) = await Canpay("serve");

        Assert.Equal(2, code);
        Assert.Contains("9999_future.sql", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (code, _, error) = await Canpay("serve", $"--Http:Urls=http://127.0.0.1:{port}");

        Assert.Equal(2, code);
        Assert.Contains($"{port}", error, StringComparison.Ordinal);
        Assert.Contains("Http:Urls", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_and_the_ledger_read_new_books()
    {
        Assert.Equal(0, (await Canpay("doctor", "--quiesced")).Code);
        Assert.Contains("\"is_balanced\": true", (await Canpay("ledger", "balance", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await Canpay("payment", "show", new string('A', 30))).Code);
    }

    [Fact]
    public async Task A_hold_is_placed_shown_and_released()
    {
        Assert.Equal(2, (await Canpay("hold", "on", "--reason", "")).Code);
        Assert.Equal(0, (await Canpay("hold", "on", "--reason", "a new switch")).Code);
        Assert.Contains("already", (await Canpay("hold", "on", "--reason", "once more")).Output, StringComparison.Ordinal);
        Assert.Contains("a new switch", (await Canpay("hold", "status", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Canpay("hold", "off")).Code);
        Assert.Contains("Nothing is held", (await Canpay("hold", "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_after_a_restore_ends_only_with_the_networks_books()
    {
        var journal = Path.Combine(_data, "network.json");
        await File.WriteAllTextAsync(journal, """[{"rrn":"632809000042","stan":"000042","amount":10000,"kind":"purchase","outcome":"approved"}]""");
        Assert.Contains("10000000 trace numbers", (await Canpay("storage", "restored")).Output, StringComparison.Ordinal);

        var without = await Canpay("hold", "off");
        var unknown = await Canpay("hold", "off", "--network-journal", journal);
        var status = await Canpay("hold", "status");
        var handedOver = await Canpay("hold", "off", "--network-journal", journal, "--handed-over", "list 47 to the acquirer");

        Assert.Equal((2, 1, 0), (without.Code, unknown.Code, handedOver.Code));
        Assert.Contains("--network-journal", without.Error, StringComparison.Ordinal);
        Assert.Contains("632809000042", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("after a restore", status.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing is held", (await Canpay("hold", "status")).Output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> Canpay(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Programs.Gateway, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CANPAY_DATA"] = _data },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
