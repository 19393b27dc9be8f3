using System.Diagnostics;
using CanPay.Gateway.Payments;
using CanPay.Tests.Storage;

namespace CanPay.Tests.EndToEnd;

/// <summary>An installation on PostgreSQL with its three roles, and one that moves there in the midst of payments.</summary>
public sealed class MoveToPostgresTests
{
    [Fact]
    public async Task Payments_that_were_under_way_go_on_after_the_move()
    {
        await using var world = await World.Start("--Acquiring:AnswerTimeoutSeconds=5", "--Jobs:MaxRetrySeconds=1");
        using var browser = world.NewBrowser();
        using var another = world.NewBrowser();
        var (authorized, verified, reversing) = (await world.Token("۴۷"), await world.Token(), await world.Token());
        await browser.Pay(verified);
        await world.UntilStatus(verified, PaymentStatus.Authorized);
        var (_, answer) = await world.Verify(verified);
        await browser.Pay(authorized);
        await world.UntilStatus(authorized, PaymentStatus.Authorized);

        // Taken by the network, which answers neither the purchase nor the reversal.
        await another.Pay(reversing, "6396070000090003");
        var reference = (await world.Payment(reversing)).Rrn;
        await world.Until(() => Task.FromResult(world.Books.Any(entry => entry.Rrn == reference)));
        world.Faults.Pause(TimeSpan.FromMinutes(10));
        await world.UntilStatus(reversing, PaymentStatus.Reversing);
        var roles = PostgresRoles.Make("books");
        var folder = Path.GetDirectoryName(world.DatabaseFile)!;

        await world.Restart(
            async () =>
            {
                var (code, output, error) = await Canpay(folder, null, "storage", "copy", "--from-data", folder, "--to", roles.Gateway, "--to-owner", roles.Owner);
                Assert.True(code == 0, error);
                Assert.Contains("rows/s", output, StringComparison.Ordinal);
                world.Faults.Pause(TimeSpan.Zero);
            },
            [.. OnRoles(roles), "--Jobs:MaxRetrySeconds=1"]);

        await world.UntilStatus(reversing, PaymentStatus.Reversed);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await world.Verify(authorized)).Status);
        Assert.Equal(PaymentStatus.Verified, (await world.Payment(authorized)).Status);
        Assert.Equal(
            answer.GetProperty("data").GetProperty("reference").GetString(),
            (await world.Verify(verified)).Body.GetProperty("data").GetProperty("reference").GetString());
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_gateway_whose_role_owns_nothing_serves_and_its_commands_work()
    {
        var roles = PostgresRoles.Make("books");
        await using var world = await World.Start([.. OnRoles(roles), "--Acquiring:AnswerTimeoutSeconds=10"]);
        using var browser = world.NewBrowser();
        var token = await world.Token();
        var cancelled = await world.Token();

        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Authorized);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await world.Verify(token)).Status);
        using var other = world.NewBrowser();
        await other.Send(cancelled, "cancel", Browser.FormToken(await (await other.Open(cancelled)).Content.ReadAsStringAsync()));
        await world.UntilStatus(cancelled, PaymentStatus.Cancelled);
        await world.AssertHealthy();

        var folder = Path.GetDirectoryName(world.DatabaseFile)!;
        foreach (var (command, expected) in new[]
        {
            ("doctor", "Everything is true"),
            ("doctor --selftest", "seen  "),
            ($"payment show {token}", "Verified"),
            ("ledger balance", "acquirer.receivable"),
            ("merchant suspend 111-222-333-444", ""),
            ("merchant show 111-222-333-444", "Suspended"),
        })
        {
            var (code, output, error) = await Canpay(folder, roles, command.Split(' '));
            Assert.True(code == 0, command + ": " + output + error);
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    private static string[] OnRoles(PostgresRoles roles) =>
        [$"--Storage:Postgres={roles.Gateway}", $"--Storage:PostgresOwner={roles.Owner}", $"--Storage:PostgresReader={roles.ReaderName}"];

    private static async Task<(int Code, string Output, string Error)> Canpay(string folder, PostgresRoles? roles, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Programs.Gateway, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CANPAY_DATA"] = folder, ["Storage__Postgres"] = roles?.Gateway, ["Storage__PostgresOwner"] = roles?.Owner,
            },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
