using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CanPay.Gateway;
using CanPay.Gateway.Checkout;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.EndToEnd;

/// <summary>Who tries out card numbers, and who only mistypes one.</summary>
public sealed class BotTests
{
    private const int AtOnce = 16;

    /// <summary>A bot does not mind how often it asks; the general limits of requests are another matter.</summary>
    private static readonly string[] Settings =
        ["--Http:AddressRequestsPerSecond=100000", "--Http:AddressBurst=100000", "--Http:MerchantRequestsPerSecond=100000", "--Http:MerchantBurst=100000"];

    [Theory]
    [InlineData("Never", 10_000)]
    [InlineData("Risk", 1_000)]
    public async Task Ten_thousand_cards_from_one_address_are_ten_for_the_network_at_the_most(string captcha, int count)
    {
        await using var world = await World.Start([.. Settings, "--Checkout:Captcha=" + captcha]);
        var bots = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Bot.Arrive(world)));
        await Parallel.ForEachAsync(
            Cards(count).Chunk((count / AtOnce) + 1).Zip(bots),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (share, _) =>
            {
                foreach (var card in share.First)
                {
                    await share.Second.Try(card);
                }
            });

        Assert.InRange(await Asked(world), 3, 10);
        Assert.All(bots, bot => bot.Dispose());
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task From_a_thousand_addresses_the_network_hears_no_more_cards_than_the_shop_may_have_declined(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), [.. Settings, "--Risk:DeclinesPerShopIn10Minutes=50"]);
        await Parallel.ForEachAsync(
            Cards(1_000).Select((card, i) => (Card: card, Address: new IPAddress([127, 1, (byte)(i / 250), (byte)((i % 250) + 1)]))),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (one, _) =>
            {
                using var bot = await Bot.Arrive(world, one.Address);
                await bot.Try(one.Card);
            });

        Assert.InRange(await Asked(world), 30, 50);
        await world.AssertHealthy();
    }

    [Fact]
    public void The_cards_that_may_be_tried_out_in_the_sandbox_are_the_simulator_s() => Assert.Equal(
        CanPay.Simulator.TestCard.All.Select(card => card.Pan).Order(StringComparer.Ordinal), SandboxOptions.TestCards.Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_payer_who_mistypes_twice_notices_nothing()
    {
        await using var world = await World.Start();
        var token = await world.Token();
        using var payer = world.NewBrowser();
        foreach (var wrong in Cards(2))
        {
            Assert.Contains("name=\"pan\"", await payer.Pay(token, wrong), StringComparison.Ordinal);
        }

        await payer.Pay(token);
        Assert.True((await world.Payment(token)).IsPaid);
    }

    [Fact]
    public async Task A_captcha_stands_before_the_form_after_three_declines_and_lets_one_card_through()
    {
        await using var world = await World.Start();
        using var bot = await Bot.Arrive(world);
        var cards = Cards(6).ToArray();
        foreach (var card in cards[..3])
        {
            await bot.Try(card);
        }

        var page = await bot.Look();
        Assert.DoesNotContain("name=\"pan\"", page, StringComparison.Ordinal);
        Assert.Equal(3, await Asked(world));

        // It is in the way of every other payment from this address, too, and of nobody else's.
        using var other = await Bot.Arrive(world);
        using var elsewhere = await Bot.Arrive(world, IPAddress.Parse("127.0.0.9"));
        Assert.Contains("name=\"answer\"", await other.Look(), StringComparison.Ordinal);
        Assert.Contains("name=\"pan\"", await elsewhere.Look(), StringComparison.Ordinal);

        // What was not answered, or wrongly, lets nothing through; a captcha has one try.
        await bot.Try(cards[3]);
        var captcha = Bot.CaptchaOf(page);
        var answer = Answer(world, captcha);
        Assert.Contains("name=\"answer\"", await bot.Solve(captcha, Wrong(answer)), StringComparison.Ordinal);
        Assert.Contains("name=\"answer\"", await bot.Solve(captcha, answer), StringComparison.Ordinal);
        Assert.Equal(3, await Asked(world));

        // The right one of another browser, or of another payment, is none.
        captcha = Bot.CaptchaOf(await bot.Look());
        answer = Answer(world, captcha);
        Assert.Contains("name=\"answer\"", await other.Solve(captcha, answer), StringComparison.Ordinal);

        // In Persian digits as well.
        Assert.Contains("name=\"pan\"", await bot.Solve(captcha, string.Concat(answer.Select(digit => (char)(digit - '0' + '۰')))), StringComparison.Ordinal);
        await bot.Try(cards[4]);
        Assert.Equal(4, await Asked(world));
        await bot.Try(cards[5]);
        Assert.Equal(4, await Asked(world));
        Assert.Contains("name=\"answer\"", await bot.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_guesses_open_nothing()
    {
        await using var world = await World.Start([.. Settings, "--Checkout:Captcha=Always"]);
        using var bot = await Bot.Arrive(world);
        var opened = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var captcha = Bot.CaptchaOf(await bot.Look());
            opened += (await bot.Solve(captcha, "12345")).Contains("name=\"pan\"", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(opened, 0, 1); // one in a hundred thousand is right
    }

    [Fact]
    public async Task The_captcha_is_an_image_and_a_sound_and_its_answer_is_nowhere_in_the_page()
    {
        await using var world = await World.Start("--Checkout:Captcha=Always");
        using var bot = await Bot.Arrive(world);
        var page = await bot.Look();
        var answer = Answer(world, Bot.CaptchaOf(page));

        Assert.DoesNotContain(answer, page.Replace(Bot.CaptchaOf(page), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,", page, StringComparison.Ordinal);
        var sound = await bot.Sound(Bot.CaptchaOf(page));
        Assert.Equal("RIFF"u8.ToArray(), sound[..4]);
        Assert.True(sound.Length > 20_000);
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task What_was_declined_is_known_after_a_restart(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        using (var bot = await Bot.Arrive(world))
        {
            foreach (var card in Cards(3))
            {
                await bot.Try(card);
            }
        }

        await using (var books = await world.NewBooks())
        {
            await world.Until(async () => await books.DeclinedAttempts.CountAsync() == 3);
        }

        if (engine is nameof(EngineKind.Sqlite))
        {
            await world.Restart(() => Task.CompletedTask);
            await world.Until(async () =>
            {
                using var bot = await Bot.Arrive(world);
                return (await bot.Look()).Contains("name=\"answer\"", StringComparison.Ordinal);
            });
        }
    }

    /// <summary>Purchases that went over the line.</summary>
    private static async Task<int> Asked(World world)
    {
        await using var books = await world.NewBooks();
        return await books.NetworkMessages.CountAsync(message => message.Mti == "1200" && message.Event == "sent");
    }

    /// <summary>What a person would read: only who has the gateway's keys can open what the page holds.</summary>
    private static string Answer(World world, string captcha) => world.Gateway.Services.GetRequiredService<IDataProtectionProvider>()
        .CreateProtector(Captchas.Purpose).Unprotect(captcha).Split('|')[1];

    private static string Wrong(string answer) => answer[..^1] + (char)('0' + ((answer[^1] - '0' + 1) % 10));

    /// <summary>Numbers that pass every check and belong to nobody, of as many banks as it takes.</summary>
    private static IEnumerable<string> Cards(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"50222977{i:0000000}");
        return Enumerable.Range(0, 10).Select(check => $"{number}{check}").First(pan => Digits.PassesLuhn(pan));
    });

    /// <summary>A browser with the form of a payment, from an address of its own.</summary>
    private sealed class Bot : IDisposable
    {
        private readonly HttpClient _http;
        private readonly string _token;
        private string _form = "";

        private Bot(Uri gateway, IPAddress address, string token)
        {
            _http = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = async (context, ct) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    socket.Bind(new IPEndPoint(address, 0));
                    await socket.ConnectAsync(context.DnsEndPoint, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            })
            {
                BaseAddress = gateway,
            };
            _http.DefaultRequestHeaders.Add("Origin", gateway.GetLeftPart(UriPartial.Authority));
            _token = token;
        }

        public static async Task<Bot> Arrive(World world, IPAddress? address = null)
        {
            var bot = new Bot(world.Http.BaseAddress!, address ?? IPAddress.Loopback, await world.Token());
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/ipg/{bot._token}");
            request.Headers.Referrer = new Uri("http://127.0.0.1:5090/");
            using var page = await bot._http.SendAsync(request);
            bot._form = Browser.FormToken(await page.Content.ReadAsStringAsync());
            return bot;
        }

        public Task<string> Look() => _http.GetStringAsync(new Uri($"/ipg/{_token}", UriKind.Relative));

        public Task<byte[]> Sound(string captcha) =>
            _http.GetByteArrayAsync(new Uri($"/ipg/{_token}/sound?captcha={captcha}", UriKind.Relative));

        public Task<Uri> Try(string card) => Post(
            "pay", new() { ["pan"] = card, ["cvv2"] = "123", ["month"] = "12", ["year"] = "09", ["pin"] = "12345" });

        /// <returns>The page that comes of it.</returns>
        public async Task<string> Solve(string captcha, string answer) =>
            await _http.GetStringAsync(await Post("human", new() { ["captcha"] = captcha, ["answer"] = answer }));

        public static string CaptchaOf(string page) =>
            System.Text.RegularExpressions.Regex.Match(page, "name=\"captcha\" type=\"hidden\" value=\"([^\"]+)\"").Groups[1].Value;

        public void Dispose() => _http.Dispose();

        /// <returns>Where it leads.</returns>
        private async Task<Uri> Post(string action, Dictionary<string, string> fields)
        {
            fields["form"] = _form;
            using var content = new FormUrlEncodedContent(fields);
            using var answer = await _http.PostAsync(new Uri($"/ipg/{_token}/{action}", UriKind.Relative), content);
            return answer.Headers.Location!;
        }
    }
}
