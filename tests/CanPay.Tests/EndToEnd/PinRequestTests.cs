using System.Text.RegularExpressions;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.EndToEnd;

/// <summary>"Request a dynamic PIN", from the page over the line to the cardholder's mobile, and back as a payment.</summary>
public sealed partial class PinRequestTests
{
    private const string Mobile = "09120000001";
    private const string UnknownCard = "5022290000000000";
    private const string Sentence = "درخواست شما به بانک صادرکننده فرستاده شد؛ اگر اطلاعات درست باشد رمز پیامک می‌شود.";

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task The_PIN_that_was_sent_pays(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        using var payer = new Payer(world, await world.Token(amount: 250_000));

        var page = await payer.AskByForm(World.ApprovedCard);
        await world.Until(() => Task.FromResult(world.Messages.Count == 1));
        var sms = world.Messages[0];
        Assert.Equal(Mobile, sms.To);
        Assert.Contains("250,000", sms.Text, StringComparison.Ordinal);
        Assert.Contains(Sentence, page, StringComparison.Ordinal);
        Assert.Matches("تا حدود ساعت [۰-۹]{2}:[۰-۹]{2}", page);
        Assert.DoesNotContain(World.ApprovedCard, page, StringComparison.Ordinal);

        await payer.Pay(World.ApprovedCard, Pin().Match(sms.Text).Groups[1].Value);
        await world.UntilStatus(payer.Token, PaymentStatus.Authorized);

        await world.Until(async () => (await Journal(world)).Count(message => message.Mti is "1100" or "1110") == 2);
        var (asked, told) = ((await Journal(world)).Single(message => message.Mti == "1100"), (await Journal(world)).Single(message => message.Mti == "1110"));
        Assert.Equal(("sent", "received", 0), (asked.Event, told.Event, told.ActionCode));
        Assert.Equal((await world.Payment(payer.Token)).Id.Value, asked.PaymentId);
        Assert.NotEqual((await world.Payment(payer.Token)).Rrn, asked.Rrn);
        Assert.DoesNotContain(World.ApprovedCard, asked.Summary + told.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("CV2003", asked.Summary, StringComparison.Ordinal);
        await world.AssertHealthy();
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task A_fourth_request_for_a_card_in_ten_minutes_is_not_sent_and_the_answer_is_the_same(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine));
        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var payer = new Payer(world, await world.Token());
            answers.Add(await payer.AskByScript(World.ApprovedCard));
        }

        // One for another card after it: what was to come of the fourth would have come before.
        using var other = new Payer(world, await world.Token());
        answers.Add(await other.AskByScript("6037990000000006"));
        await world.Until(async () => world.Messages.Any(sms => sms.To == "09120000002") && (await Journal(world)).Count(IsAnswer) == 4);

        Assert.Equal(3, world.Messages.Count(sms => sms.To == Mobile));
        Assert.Equal(4, (await Journal(world)).Count(message => message.Mti == "1100"));
        Assert.Single(answers.Distinct());
        await using var books = await world.NewBooks();
        Assert.Equal(4, await books.PinRequests.CountAsync());
    }

    [Fact]
    public async Task An_unknown_card_a_wrong_CVV2_and_a_right_card_get_the_same_bytes()
    {
        await using var world = await World.Start();
        using var right = new Payer(world, await world.Token());
        using var unknown = new Payer(world, await world.Token());
        using var wrong = new Payer(world, await world.Token());

        var answers = new[]
        {
            await right.AskByScript(World.ApprovedCard),
            await unknown.AskByScript(UnknownCard),
            await wrong.AskByScript(World.ApprovedCard, cvv2: "999"),
        };

        Assert.Single(answers.Distinct());
        Assert.StartsWith("200 application/json", answers[0], StringComparison.Ordinal);
        await world.Until(async () => (await Journal(world)).Count(IsAnswer) == 3);
        Assert.Single(world.Messages);
    }

    [Theory]
    [InlineData("PerPayment")]
    [InlineData("PerAddressAndHour")]
    [InlineData("PerMerchantAndMinute")]
    public async Task The_other_limits_hold_back_as_silently(string limit)
    {
        await using var world = await World.Start($"--PinRequests:{limit}=2");
        using var payer = new Payer(world, await world.Token());

        var answers = new List<string>();
        foreach (var card in new[] { World.ApprovedCard, "6037990000000006", "6104330000040009" })
        {
            answers.Add(await payer.AskByScript(card));
        }

        await world.Until(async () => (await Journal(world)).Count(IsAnswer) == 2);
        Assert.Single(answers.Distinct());
        Assert.Equal([Mobile, "09120000002"], world.Messages.Select(sms => sms.To).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(nameof(EngineKind.Sqlite))]
    [InlineData(nameof(EngineKind.Postgres))]
    public async Task Of_twenty_at_once_no_more_are_sent_than_the_limit_says(string engine)
    {
        await using var world = await World.Start(Enum.Parse<EngineKind>(engine), "--PinRequests:PerPayment=100");
        using var payer = new Payer(world, await world.Token());
        var form = Browser.FormToken(await payer.Open());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => payer.AskByScript(World.ApprovedCard, form: form)));

        Assert.Single(answers.Distinct());
        await using var books = await world.NewBooks();
        var sent = await books.PinRequests.CountAsync();
        Assert.InRange(sent, 0, 3);
        await world.Until(async () => (await Journal(world)).Count(IsAnswer) == sent);
        Assert.Equal(sent, world.Messages.Count);
    }

    /// <summary>The code by SMS opens the payer's cards; one of them asks for a PIN without being typed.</summary>
    [Fact]
    public async Task A_card_of_the_payers_own_asks_without_being_typed_and_nobody_elses_does()
    {
        const string owner = "09123456789"; // has cards in Peyvand
        await using var world = await World.Start();
        using var payer = new Payer(world, await world.Token(mobile: owner));
        var form = Browser.FormToken(await payer.Open());
        Assert.Contains("شمارهٔ کارت درست نیست", await payer.Browser.Submit(payer.Token, "pin", form, ("saved", "p-1")), StringComparison.Ordinal);
        await payer.Browser.Submit(payer.Token, "cards", form);
        await payer.Browser.Submit(payer.Token, "code", form, ("code", Code().Match(world.Messages[^1].Text).Value));

        var page = await payer.Browser.Submit(payer.Token, "pin", form, ("saved", "p-1"), ("cvv2", "123"));

        Assert.Contains(Sentence, page, StringComparison.Ordinal);
        Assert.Contains("name=\"saved\" value=\"p-1\"", page, StringComparison.Ordinal);
        await world.Until(() => Task.FromResult(world.Messages.Any(sms => sms.To == Mobile)));
    }

    [Fact]
    public async Task A_number_that_cannot_be_right_is_an_error_at_its_field()
    {
        await using var world = await World.Start();
        using var payer = new Payer(world, await world.Token());

        Assert.Contains("شمارهٔ کارت درست نیست", await payer.AskByForm("1234"), StringComparison.Ordinal);
        Assert.Contains("شمارهٔ کارت درست نیست", await payer.AskByForm(""), StringComparison.Ordinal);
        var answer = await payer.AskByScript("5022290000087123");

        Assert.StartsWith("422 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"field\":\"pan\"", answer, StringComparison.Ordinal);
        Assert.Empty(world.Messages);
        await using var books = await world.NewBooks();
        Assert.Empty(books.PinRequests);
    }

    [Fact]
    public async Task Without_a_line_the_payer_is_told_so_and_a_foreign_form_is_refused()
    {
        await using var world = await World.Start();
        using var payer = new Payer(world, await world.Token());
        var form = Browser.FormToken(await payer.Open());
        Assert.StartsWith("400 ", await payer.AskByScript(World.ApprovedCard, form: "guessed"), StringComparison.Ordinal);

        world.Faults.IsSignedOff = true;
        world.DropLines();
        await world.Until(async () => !(await world.Http.GetAsync("/health/ready")).IsSuccessStatusCode);

        Assert.Contains("ارتباط با شبکهٔ بانکی برقرار نیست", await payer.AskByForm(World.ApprovedCard), StringComparison.Ordinal);
        Assert.StartsWith("503 application/json", await payer.AskByScript(World.ApprovedCard, form: form), StringComparison.Ordinal);
        Assert.Empty(world.Messages);
    }

    [Fact]
    public async Task A_payment_that_is_over_asks_for_nothing()
    {
        await using var world = await World.Start();
        using var payer = new Payer(world, await world.Token());
        var form = Browser.FormToken(await payer.Open());
        await payer.Browser.Submit(payer.Token, "cancel", form);

        Assert.StartsWith("303 ", await payer.AskByScript(World.ApprovedCard, form: form), StringComparison.Ordinal);

        Assert.Empty(world.Messages);
    }

    [Fact]
    public async Task What_is_older_than_a_day_is_thrown_away()
    {
        await using var world = await World.Start();
        var store = world.Gateway.Services.GetRequiredService<IPinRequestStore>();
        var limits = new PinLimits(3, 5, 20, 300);
        var now = DateTimeOffset.UtcNow;
        var merchant = (await world.Payment(await world.Token())).MerchantId;
        Assert.True(await store.TryAdd(new AskedPin("h", new(1), "::1", merchant, now.AddHours(-25)), limits, CancellationToken.None));
        Assert.True(await store.TryAdd(new AskedPin("h", new(1), "::1", merchant, now), limits, CancellationToken.None));

        await store.ForgetPinRequests(now.AddDays(-1), CancellationToken.None);

        await using var books = await world.NewBooks();
        Assert.Equal(now.ToUnixTimeMilliseconds(), Assert.Single(books.PinRequests).AtMs);
    }

    private static bool IsAnswer(NetworkMessageRow message) => message.Mti == "1110";

    private static async Task<List<NetworkMessageRow>> Journal(World world)
    {
        await using var books = await world.NewBooks();
        return await books.NetworkMessages.AsNoTracking().ToListAsync();
    }

    [GeneratedRegex("رمز: ([0-9]{6})")]
    private static partial Regex Pin();

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Code();

    /// <summary>A browser at a payment.</summary>
    private sealed class Payer(World world, string token) : IDisposable
    {
        public Browser Browser { get; } = world.NewBrowser();

        public string Token => token;

        public async Task<string> Open() => await (await Browser.Open(token)).Content.ReadAsStringAsync();

        /// <summary>Without scripts: the page that the form leads to.</summary>
        public async Task<string> AskByForm(string card) => await Browser.Submit(
            token, "pin", Browser.FormToken(await Open()), ("pan", card), ("cvv2", "123"), ("month", "12"), ("year", "09"), ("pin", ""));

        /// <summary>With scripts: status, type and bytes of the answer.</summary>
        public async Task<string> AskByScript(string card, string cvv2 = "123", string? form = null)
        {
            form ??= Browser.FormToken(await Open());
            using var answer = await Browser.Fetch($"/ipg/{token}/pin", new() { ["pan"] = card, ["cvv2"] = cvv2, ["month"] = "12", ["year"] = "09", ["form"] = form });
            return $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {await answer.Content.ReadAsStringAsync()}";
        }

        public async Task Pay(string card, string pin) => await Browser.Submit(
            token, "pay", Browser.FormToken(await Open()), ("pan", card), ("cvv2", "123"), ("month", "12"), ("year", "09"), ("pin", pin));

        public void Dispose() => Browser.Dispose();
    }
}
