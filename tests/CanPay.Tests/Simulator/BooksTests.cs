using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>What was answered is on disk, whatever becomes of the process.</summary>
public sealed class BooksTests
{
    private const string GoodCard = "5022290000087122";

    [Fact]
    public async Task A_killed_simulator_still_knows_all_that_it_answered_and_tells_duplicates()
    {
        await using var sandbox = await Sandbox.StartWithStandingClock();
        await using var acquirer = await sandbox.Connect();
        var purchases = Enumerable.Range(1, 30).Select(i => Acquirer.Purchase(GoodCard, amount: i * 1_000)).ToList();
        var answers = await Task.WhenAll(purchases.Select(purchase => acquirer.Ask(purchase)));
        await acquirer.Ask(Acquirer.Reversal(purchases[0]));
        var overtaken = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(Acquirer.Reversal(overtaken));

        await using var again = await sandbox.KilledAndStartedAgain();
        await using var line = await again.Connect();

        Assert.Equal(sandbox.Books, again.Books);
        Assert.Equal(Acquirer.Encode(answers[7]!), Acquirer.Encode((await line.Ask(purchases[7]))!));
        Assert.Equal("400", (await line.Ask(Acquirer.Reversal(purchases[0])))!.GetText(39));
        Assert.Equal("100", (await line.Ask(overtaken))!.GetText(39));
        Assert.Equal(30 + 2 + 1, again.Books.Count);
        Assert.Equal(sandbox.Pins.Dynamic(GoodCard), again.Pins.Dynamic(GoodCard));
    }

    [Fact]
    public async Task A_line_that_was_cut_off_while_it_was_written_is_cut_away()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-books-").FullName;
        var file = Path.Combine(folder, "books.jsonl");
        await using (var books = new Books(folder))
        {
            await books.Book(new Sms("09120000000", "سلام", DateTimeOffset.UnixEpoch));
        }

        var whole = await File.ReadAllBytesAsync(file);
        for (var cut = 1; cut < whole.Length; cut += 7)
        {
            await File.WriteAllBytesAsync(file, [.. whole, .. whole[..^cut]]);
            await using var books = new Books(folder);
            Assert.Single(books.Messages);
            await books.Book(new Sms("09120000001", "دوم", DateTimeOffset.UnixEpoch));
        }

        await using var last = new Books(folder);
        Assert.Equal(["سلام", "دوم"], last.Messages.Select(sms => sms.Text));
        await last.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_line_damaged_in_the_middle_is_named_and_nothing_is_written()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-books-").FullName;
        var file = Path.Combine(folder, "books.jsonl");
        File.WriteAllText(file, "{\"entry\":null,\"sms\":null}\n{\"ent\n{\"entry\":null,\"sms\":null}\n");
        var before = File.ReadAllText(file);

        var error = Assert.Throws<IOException>(() => new Books(folder));

        Assert.StartsWith("Line 2 of ", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(file));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_of_a_card_is_on_disk_but_its_mask()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);
        await acquirer.Ask(Acquirer.Reversal(purchase));

        await using var file = new FileStream(sandbox.BooksFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var text = await new StreamReader(file).ReadToEndAsync();

        Assert.Contains("5022-29**-****-7122", text, StringComparison.Ordinal);
        Assert.DoesNotContain(GoodCard, text, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", text.Replace(purchase.GetText(37)!, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("CV2", text, StringComparison.Ordinal);
    }
}
