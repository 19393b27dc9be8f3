using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.EndToEnd;

/// <summary>
/// Card data is nowhere but where it must be. A thousand payments, each with a card number, a PIN and a CVV2 of its own; then
/// every file of the database and its log, every line that was logged and every answer is searched for each of them, as text,
/// as 16-bit text, as packed digits, in hexadecimal and in base 64.
/// </summary>
public sealed partial class CanaryTests
{
    private const int Payments = 1_000;
    private const int AtOnce = 16;
    private const string Mobile = "09123456789";

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task What_a_thousand_payers_typed_is_in_no_file_no_log_and_no_page(string engine)
    {
        using var server = engine is nameof(EngineKind.Postgres) ? new PostgresServer() : null;
        var log = new Listener();
        await using var world = await World.Start(EngineKind.Sqlite, log, [.. Settings, .. Books(server)]);
        var said = new ConcurrentBag<string>();
        var cards = Enumerable.Range(0, Payments).Select(CardOf).ToList();
        await Parallel.ForEachAsync(cards, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (card, ct) =>
        {
            using var browser = world.NewBrowser();
            var token = await world.Token();
            var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync(ct));
            said.Add(await browser.Submit(token, "pin", form, ("pan", card.Pan), ("cvv2", card.Cvv2), ("pin", card.Pin)));
            said.Add(await browser.Submit(
                token, "pay", form, ("pan", card.Pan), ("cvv2", card.Cvv2), ("month", "12"), ("year", "09"), ("pin", card.Pin)));
            said.Add((await world.Verify(token)).Body.GetRawText());
        });

        // One is paid, kept by a code, and still open: its card is there, sealed.
        var code = await PayAndKeep(world, said);

        var secrets = SearchValues.Create(
            [.. cards.SelectMany(card => Spellings(card.Pan).Concat(Spellings(card.Pin)).Append("CV2004" + card.Cvv2)), .. Spellings(World.ApprovedCard)],
            StringComparison.Ordinal);
        var places = Places(world, server).Append(("the log", string.Join('\n', log.Lines))).Append(("what was answered", string.Join('\n', said))).ToList();
        Assert.All(places, place => Assert.True(
            place.Item2.AsSpan().IndexOfAny(secrets) is var at && at < 0, $"{place.Item1} holds what a payer typed, at {at}"));

        // The code went out by SMS and nowhere else: the books know its hash.
        Assert.All(places.Where(place => !place.Item1.Contains("simulator", StringComparison.Ordinal)),
            place => Assert.DoesNotMatch($"(?<![0-9a-f]){code}(?![0-9a-f])", place.Item2));

        // The search can find: the masks are there, in the files and in the log of the database.
        var mask = cards[0].Pan is var pan ? $"{pan[..4]}-{pan[4..6]}**-****-{pan[^4..]}" : "";
        Assert.Contains(places, place => place.Item2.Contains(mask, StringComparison.Ordinal) && Regex.IsMatch(place.Item1, server is null ? "-wal$" : "pg_wal"));
        Assert.Contains(Spellings("5022290000087122"), spelling => Latin(Packed("5022290000087122")).Contains(spelling, StringComparison.Ordinal));
    }

    /// <summary>So many strange cards would be stopped: here they are to get through.</summary>
    private static string[] Settings =>
    [
        "--Checkout:Captcha=Never", "--Risk:DeclinedCardsPerAddressAndHour=100000", "--Risk:DeclinesPerShopIn10Minutes=1000000",
        "--PinRequests:PerAddressAndHour=1000000", "--PinRequests:AnswerMs=0", "--PinRequests:PerMerchantAndMinute=1000000",
        "--Http:AddressBurst=100000", "--Http:MerchantBurst=100000",
    ];

    private static string[] Books(PostgresServer? server) => server is null ? [] : [$"--Storage:Postgres={server.ConnectionString(server.NewDatabase())}"];

    private static async Task<string> PayAndKeep(World world, ConcurrentBag<string> said)
    {
        using var browser = world.NewBrowser();
        var token = await world.Token(mobile: Mobile);
        var form = Browser.FormToken(await (await browser.Open(token)).Content.ReadAsStringAsync());
        said.Add(await browser.Submit(token, "cards", form));
        await world.Until(() => Task.FromResult(world.Messages.Any(message => message.To == Mobile)));
        var code = SixDigits().Match(world.Messages.Last(message => message.To == Mobile).Text).Value;
        said.Add(await browser.Submit(token, "code", form, ("code", code)));
        said.Add(await browser.Submit(
            token, "pay", form, ("pan", World.ApprovedCard), ("cvv2", "123"), ("month", "12"), ("year", "09"), ("pin", "12345"), ("keep", "1")));
        Assert.True((await world.Payment(token)).IsPaid);
        await using var books = await world.NewBooks();
        await world.Until(() => Task.FromResult(books.SavedCards.Any()));
        return code;
    }

    private static IEnumerable<(string, string)> Places(World world, PostgresServer? server)
    {
        var folder = Path.GetDirectoryName(world.DatabaseFile)!;
        return new[] { folder, server?.Folder }.OfType<string>()
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            .Where(File.Exists)
            .Select(file => (file, Latin(Read(file))));
    }

    /// <summary>A card, a PIN of 12 digits and a CVV2 of 4 that no other payment has.</summary>
    private static (string Pan, string Cvv2, string Pin) CardOf(int i)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"60379918{i:0000}381");
        var pan = Enumerable.Range(0, 10).Select(check => $"{number}{check}").First(pan => Digits.PassesLuhn(pan));
        return (pan, string.Create(CultureInfo.InvariantCulture, $"{i:0000}"), string.Create(CultureInfo.InvariantCulture, $"73918{i:0000}467"));
    }

    /// <summary>As its bytes may stand somewhere, each byte as a letter of Latin-1.</summary>
    private static IEnumerable<string> Spellings(string digits)
    {
        var text = Encoding.ASCII.GetBytes(digits);
        yield return digits;
        yield return string.Join('-', digits.Chunk(4).Select(four => new string(four)));
        yield return string.Join(' ', digits.Chunk(4).Select(four => new string(four)));
        yield return Latin(Encoding.Unicode.GetBytes(digits));
        yield return Latin(Packed(digits));
        yield return Convert.ToHexStringLower(text);
        yield return Convert.ToHexString(text);
        for (var before = 0; before < 3; before++)
        {
            // What stands before and after changes the first and the last letters.
            var letters = Convert.ToBase64String([.. new byte[before], .. text]);
            yield return letters[(before == 0 ? 0 : before + 1)..((before + text.Length) / 3 * 4)];
        }
    }

    private static byte[] Packed(string digits) => Convert.FromHexString(digits);

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex SixDigits();

    /// <summary>Hears everything, down to the most talkative level.</summary>
    private sealed class Listener : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
