using System.Security.Cryptography;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Acquiring.Keys;
using CanPay.Gateway.Cards;
using CanPay.Gateway.Operations;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.Faults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Installation = CanPay.Tests.Nodes.Installation;

namespace CanPay.Tests.EndToEnd;

/// <summary>Keys are replaced beside payments, and nothing that was sealed is lost.</summary>
public sealed class KeyRotationTests
{
    private const string Mobile = "09121112233";

    private static Pan APan => Pan.TryParse(World.ApprovedCard, out var pan) ? pan : throw new InvalidOperationException();

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task The_key_is_replaced_while_payers_pay_with_saved_cards(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), "--Keys:RefreshSeconds=1", "--Cards:CodesApartSeconds=1");
        using var first = new Visit(world, await world.Token(mobile: Mobile));
        await first.Prove(Mobile);
        await first.Pay(("pan", World.ApprovedCard), ("month", "12"), ("year", "09"), ("keep", "1"));
        await world.Until(async () => (await Heads(world)).Count == 1);
        var ids = await Save(world.Gateway.Services, 300);

        // Not verified yet: its card must stay readable through the rotation, to be returned after it.
        using var waiting = world.NewBrowser();
        var unverified = await world.Token();
        await waiting.Pay(unverified);

        using var stop = new CancellationTokenSource();
        var load = new PaymentLoad(world.Http);
        var paying = load.Run(payers: 3, stop.Token);
        var opened = Open(world.Gateway.Services, ids, stop.Token);
        var said = new List<string>();
        var rotating = Rotation(world, said).Run(stop.Token);
        await Task.WhenAny(rotating, opened, Task.Delay(TimeSpan.FromSeconds(60)));
        await stop.CancelAsync();
        await paying;

        Assert.True(rotating.IsCompletedSuccessfully && await rotating, string.Join('\n', said) + rotating.Exception);
        Assert.True(await opened > 0);
        Assert.Empty(load.WrongAnswers);
        Assert.NotEmpty(load.Verified);
        Assert.Equal(2, world.Gateway.Services.GetRequiredService<CardVault>().CurrentVersion);
        Assert.Equal(["00000002"], (await Heads(world)).Distinct());
        Assert.Equal(["Seal 1 Retired 0", "Seal 2 Current 60"], await States(world));
        using var again = new Visit(world, await world.Token(mobile: Mobile));
        await again.Prove(Mobile);
        await using (var books = await world.NewBooks())
        {
            var owner = world.Gateway.Services.GetRequiredService<OneTimeCodes>().Owner(Mobile);
            await again.Pay(("saved", await books.SavedCards.Where(row => row.Owner == owner).Select(row => row.Id).SingleAsync()));
        }

        await world.UntilStatus(again.Token, PaymentStatus.Authorized);
        Assert.True((await world.Verify(unverified)).Body.GetProperty("status").GetBoolean());
        await world.Until(async () => (await Unended(world)) == 0);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task What_was_sealed_before_the_rotation_is_returned_after_it()
    {
        await using var world = await World.Start("--Keys:RefreshSeconds=1", "--Payments:VerifyWindowSeconds=12");
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Pay(token);
        await world.UntilStatus(token, PaymentStatus.Authorized);

        var said = new List<string>();
        Assert.True(await Rotation(world, said).Run(CancellationToken.None), string.Join('\n', said));

        Assert.Contains("1 cards of open payments were sealed anew.", said);
        await world.UntilStatus(token, PaymentStatus.Reversed);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task What_is_kept_for_refunds_is_sealed_anew_and_refunded_after_the_rotation(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), "--Keys:RefreshSeconds=1");
        var token = await RefundTests.Verified(world);

        var said = new List<string>();
        Assert.True(await Rotation(world, said).Run(CancellationToken.None), string.Join('\n', said));
        await RefundTests.Refund(world, token, "r1", 4_000);
        await RefundTests.UntilOver(world, "r1");

        Assert.Contains("1 cards kept for refunds were sealed anew.", said);
        Assert.Single(world.Books, entry => entry.Outcome == CanPay.Simulator.Entry.Refunded);
        await world.AssertHealthy();
    }

    [Fact]
    public async Task A_rotation_that_was_killed_in_its_midst_is_finished_by_running_it_again()
    {
        await using var all = await Installation.Start(
            nodes: 2, ("Keys__RefreshSeconds", "1"), ("Keys__RotateBatchRows", "5"), ("Keys__RotatePauseMs", "100"));
        using var vault = await all.OpenVault();
        await SaveIn(all, vault, 200);
        using var stop = new CancellationTokenSource();
        var load = new PaymentLoad(all[0].Http);
        var paying = load.Run(payers: 2, stop.Token);

        var killed = all.Launch("keys", "rotate");
        try
        {
            await Processes.Until("some cards are sealed anew", async () =>
                await all.Count("saved_cards WHERE substr(sealed, 1, 4) = '\\x00000002'") is > 20 and < 180);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }

        await killed.Kill();
        Assert.InRange(await all.Count("saved_cards WHERE substr(sealed, 1, 4) = '\\x00000001'"), 1, 199);
        Assert.Equal(["Current", "Old"], await all.Ask("SELECT state FROM card_keys WHERE purpose = 'Seal' ORDER BY state"));

        var again = all.Launch("keys", "rotate");
        await Task.WhenAny(again.Exited(), Task.Delay(TimeSpan.FromSeconds(90)));
        await stop.CancelAsync();
        Assert.True(again.HasExited, again.Said);
        var code = await again.Exited();
        await paying;

        Assert.True(code == 0, again.Said);
        Assert.Contains("is gone on with", again.Said, StringComparison.Ordinal);
        Assert.Equal(200, await all.Count("saved_cards WHERE substr(sealed, 1, 4) = '\\x00000002'"));
        Assert.Equal(["1 Retired", "2 Current"], await all.Ask("SELECT version || ' ' || state FROM card_keys WHERE purpose = 'Seal' ORDER BY version"));
        Assert.Empty(load.WrongAnswers);
        Assert.NotEmpty(load.Verified);
        foreach (var line in await all.Ask("SELECT id || ' ' || encode(sealed, 'hex') FROM saved_cards"))
        {
            Assert.Equal(World.ApprovedCard, (await vault.Open(Convert.FromHexString(line[33..]), "saved_cards/" + line[..32], CancellationToken.None)).Pan.Reveal());
        }

        await all.UntilNothingIsUnderWay();
        await all.AssertClean();
    }

    [Fact]
    public async Task The_key_encryption_key_is_replaced_while_nodes_run_and_the_old_one_is_needed_no_more()
    {
        await using var all = await Installation.Start(nodes: 1, ("Keys__RefreshSeconds", "1"));
        var file = Path.Combine(all.Folder, "keys", "kek.txt");
        var before = await all.Ask("SELECT kek || ' ' || encode(wrapped, 'hex') FROM card_keys ORDER BY purpose");

        var made = all.Launch("keys", "make");
        Assert.Equal(0, await made.Exited());
        var rotated = all.Launch("keys", "rotate", "--kek");
        Assert.True(await rotated.Exited() == 0, rotated.Said);

        Assert.Contains("2 keys were wrapped anew", rotated.Said, StringComparison.Ordinal);
        Assert.Empty(before.Intersect(await all.Ask("SELECT kek || ' ' || encode(wrapped, 'hex') FROM card_keys ORDER BY purpose")));
        await all[0].Verify(await all[0].PaidToken());
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(2, lines.Length);
        await File.WriteAllTextAsync(file, lines[1]);
        var node = await all.StartNode();
        await node.Verify(await node.PaidToken());
        await File.WriteAllTextAsync(file, lines[0]);
        Assert.Equal(2, await all.LaunchNode().Process.Exited());
        Assert.Contains("0 keys were wrapped anew", await Again(lines[1]), StringComparison.Ordinal);
        await all.AssertClean();

        async Task<string> Again(string line)
        {
            await File.WriteAllTextAsync(file, line);
            var again = all.Launch("keys", "rotate", "--kek");
            await again.Exited();
            return again.Said;
        }
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task What_a_closed_key_sealed_is_not_taken_any_more(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), "--Keys:RefreshSeconds=60");
        await Save(world.Gateway.Services, 1);
        await using var books = await world.NewBooks();
        await books.CardKeys.Where(row => row.Purpose == "Seal").ExecuteUpdateAsync(set => set.SetProperty(row => row.State, "Closed"));

        await Assert.ThrowsAnyAsync<Exception>(() => Save(world.Gateway.Services, 1));
        using var browser = world.NewBrowser();
        var token = await world.Token();
        await browser.Pay(token);

        Assert.Equal(PaymentStatus.Created, (await world.Payment(token)).Status);
        Assert.Empty(world.Books);
        Assert.Single(await Heads(world));
    }

    [Fact]
    public async Task A_key_whose_cards_do_not_open_stays()
    {
        await using var world = await World.Start("--Keys:RefreshSeconds=1");
        var ids = await Save(world.Gateway.Services, 3);
        await using var books = await world.NewBooks();
        await books.Database.ExecuteSqlAsync($"UPDATE saved_cards SET sealed = (SELECT sealed FROM saved_cards WHERE id = {ids[0]}) WHERE id = {ids[1]}");

        var said = new List<string>();
        var isDone = await Rotation(world, said).Run(CancellationToken.None);

        Assert.False(isDone);
        Assert.Contains(said, line => line.Contains("do not open", StringComparison.Ordinal));
        Assert.Equal(["Seal 1 Old 60", "Seal 2 Current 60"], await States(world));
        await world.AssertHealthy();
    }

    /// <summary>As a process of its own has it: with a vault of its own.</summary>
    private static KeyRotation Rotation(World world, List<string> said)
    {
        var services = world.Gateway.Services;
        var vault = new CardVault(
            services.GetRequiredService<ICardKeyStore>(), services.GetRequiredService<Keks>(), services.GetRequiredService<DataFolder>(), TimeProvider.System);
        return new KeyRotation(
            services.GetRequiredService<StorageEngine>(), services.GetRequiredService<IDbContextFactory<CanPayContext>>(), vault,
            new KeyOptions { RefreshSeconds = 1, RotateBatchRows = 20, RotatePauseMs = 5 }, TimeProvider.System, said.Add);
    }

    private static async Task<List<string>> Save(IServiceProvider services, int count)
    {
        var vault = services.GetRequiredService<CardVault>();
        var store = services.GetRequiredService<IWalletStore>();
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var card = ACard(vault);
            await store.Save(card, CancellationToken.None);
            ids.Add(card.Id);
        }

        return ids;
    }

    private static async Task SaveIn(Installation all, CardVault vault, int count)
    {
        await using var connection = new Npgsql.NpgsqlConnection(all.ConnectionString);
        await connection.OpenAsync();
        for (var i = 0; i < count; i++)
        {
            var card = ACard(vault);
            await using var command = new Npgsql.NpgsqlCommand(
                "INSERT INTO saved_cards (id, owner, card_hash, sealed, mask, saved_at_ms, used_at_ms, proof_id) VALUES ($1, $1, 'h', $2, 'm', 1, 1, 'p')", connection);
            command.Parameters.Add(new() { Value = card.Id });
            command.Parameters.Add(new() { Value = card.Sealed });
            await command.ExecuteNonQueryAsync();
        }
    }

    private static SavedCard ACard(CardVault vault)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1); // the codes of that time are gone
        return new SavedCard(
            id, id, vault.Hash(APan), vault.Seal(APan, "0912", "saved_cards/" + id), APan.Mask, null, yesterday, yesterday, "proof");
    }

    /// <summary>Opens the cards one after the other, round after round, as they stand.</summary>
    /// <returns>How often one was opened.</returns>
    private static async Task<int> Open(IServiceProvider services, List<string> ids, CancellationToken ct)
    {
        var vault = services.GetRequiredService<CardVault>();
        var store = services.GetRequiredService<IWalletStore>();
        var opened = 0;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(1, CancellationToken.None); // the embedded database answers at once: nobody else would have a turn
            var id = ids[opened++ % ids.Count];
            var card = Assert.Single(await store.Cards(id, CancellationToken.None));
            Assert.Equal(World.ApprovedCard, (await vault.Open(card.Sealed, "saved_cards/" + id, CancellationToken.None)).Pan.Reveal());
        }

        return opened;
    }

    /// <summary>Which version sealed each card that is kept.</summary>
    private static async Task<List<string>> Heads(World world)
    {
        await using var books = await world.NewBooks();
        return [.. (await books.SavedCards.AsNoTracking().Select(row => row.Sealed).ToListAsync()).Select(card => Convert.ToHexString(card, 0, 4))];
    }

    private static async Task<List<string>> States(World world)
    {
        await using var books = await world.NewBooks();
        return [.. (await books.CardKeys.AsNoTracking().Where(row => row.Purpose == "Seal").OrderBy(row => row.Version).ToListAsync())
            .Select(row => $"{row.Purpose} {row.Version} {row.State} {row.Wrapped?.Length ?? 0}")];
    }

    private static async Task<int> Unended(World world)
    {
        await using var books = await world.NewBooks();
        return await books.Payments.CountAsync(row => row.Status == "Authorizing" || row.Status == "Reversing");
    }
}
