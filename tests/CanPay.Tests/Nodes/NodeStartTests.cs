using System.Net;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Nodes;

/// <summary>Nodes that start: together on an empty database, with wrong keys, without a database.</summary>
public sealed class NodeStartTests
{
    private static Pan APan => Pan.TryParse(World.ApprovedCard, out var pan) ? pan : throw new InvalidOperationException();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nodes_that_start_together_on_an_empty_database_migrate_it_once_and_share_their_keys(int round)
    {
        await using var all = new Installation(migrated: false);
        Assert.Empty(await all.Ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")); // round after round
        await all.StartSimulator();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => all.StartNode()));

        Assert.Equal(
            Migrations.Scripts("postgres").Select(script => script.Name),
            await all.Ask("SELECT scriptname FROM schemaversions ORDER BY scriptname"));
        Assert.Equal(1, await all.Count("data_protection_keys"));
        Assert.Equal(1, await all.Count("sealed_secrets"));
        Assert.Equal(1, await all.Count("merchants"));
        var cookies = new CookieContainer();
        using var opened = all[round % 2].NewBrowser(cookies);
        using var submitted = all[(round + 1) % 2].NewBrowser(cookies);
        var token = await all[0].Token();
        var form = Browser.FormToken(await (await opened.Open(token)).Content.ReadAsStringAsync());
        await submitted.Send(token, "pay", form, World.ApprovedCard, "12345");
        await Node.UntilPaid(opened, token);
    }

    [Fact]
    public async Task A_node_with_other_card_keys_does_not_start_and_says_why()
    {
        await using var all = new Installation();
        await all.StartSimulator();
        await all.StartNode();
        var folder = Directory.CreateTempSubdirectory("canpay-other-keys-").FullName;

        var other = all.LaunchNode(("CANPAY_DATA", folder));
        var code = await other.Process.Exited();

        Assert.Equal(2, code);
        Assert.Contains("card keys are not those of the database", other.Process.Said, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder, "keys", "kek.txt"), other.Process.Said, StringComparison.Ordinal);

        // The control: what its message says helps.
        File.Copy(Path.Combine(all.Folder, "keys", "kek.txt"), Path.Combine(folder, "keys", "kek.txt"), overwrite: true);
        await all.StartNode(("CANPAY_DATA", folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nodes_that_make_the_keys_of_one_folder_at_once_have_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-keys-").FullName;
        var data = DataFolder.Open(new StorageOptions { DataFolder = folder });

        for (var round = 0; round < 50; round++)
        {
            // Of two processes both may have seen that there was no file, and only then one is the first to put its own there.
            var marks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                using var keks = Keks.Open(new KeyOptions(), data, mayMake: true);
                return keks.Wrapping.CheckValue;
            })));

            Assert.Single(marks.Distinct(StringComparer.Ordinal));
            Assert.Equal(["kek.txt", "kek.txt.lock"], Directory.GetFiles(data.KeysFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            File.Delete(Path.Combine(data.KeysFolder, "kek.txt"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_node_that_waits_for_its_database_stops_when_it_is_told_to()
    {
        await using var all = new Installation();
        var nowhere = $"Host=127.0.0.1;Port={FreePorts.Next()};Username=postgres;Database=canpay";

        var node = all.LaunchNode(("Storage__Postgres", nowhere));
        await Processes.Until("it waits", () => Task.FromResult(node.Process.Said.Contains("waiting for the database", StringComparison.Ordinal)));
        await Processes.Until("it listens", async () => await node.Answers("/health/live"));
        await node.Process.Signal("TERM");

        Assert.Equal(0, await node.Process.Exited());
    }

    [Fact]
    public async Task A_purchase_that_was_held_up_too_long_is_not_sent_any_more()
    {
        await using var world = await World.Start();
        var acquirer = (IAcquirer)world.Gateway.Services.GetService(typeof(IAcquirer))!;
        using var card = new Card(APan, "0912", "123", "12345");
        using var control = new Card(APan, "0912", "123", "12345");
        var terminal = new Terminal("00000001", "000000000000001", "5999");
        var held = await acquirer.Prepare(new(1), 1, new(10_000), terminal, card, CancellationToken.None);
        var prompt = await acquirer.Prepare(new(2), 1, new(10_000), terminal, control, CancellationToken.None);

        var late = await acquirer.Authorize(held with { TransmittedAt = held.TransmittedAt.AddSeconds(-1) }, card);
        var inTime = await acquirer.Authorize(prompt, control);

        Assert.IsType<AuthorizationOutcome.NotSent>(late);
        Assert.IsType<AuthorizationOutcome.Approved>(inTime);
        Assert.Equal(prompt.Rrn, Assert.Single(world.Books).Rrn);
    }
}
