using System.Net;
using System.Net.Http.Json;
using CanPay.Simulator;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.Simulator;

/// <summary>Page, JSON, SMS, and settings.</summary>
public sealed class WebTests
{
    private const string GoodCard = "5022290000087122";

    [Fact]
    public async Task The_books_are_one_object_a_message_oldest_first_with_the_agreed_fields_first()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard, amount: 77_000);
        await acquirer.Ask(purchase);
        await acquirer.Ask(Acquirer.Purchase("6037990000000006"));
        await acquirer.Ask(Acquirer.Reversal(purchase));

        var books = (await sandbox.Json("/books.json")).EnumerateArray().ToList();

        Assert.Equal(["approved", "declined", "reversed"], books.Select(book => book.GetProperty("outcome").GetString()!));
        Assert.Equal(["purchase", "purchase", "reversal"], books.Select(book => book.GetProperty("kind").GetString()!));
        Assert.Equal(["rrn", "stan", "card", "amount", "kind", "outcome"], books[0].EnumerateObject().Take(6).Select(field => field.Name));
        Assert.Equal(77_000, books[0].GetProperty("amount").GetInt64());
        Assert.Equal("5022-29**-****-7122", books[0].GetProperty("card").GetString());
        Assert.Equal(116, books[1].GetProperty("action_code").GetInt32());
    }

    [Fact]
    public async Task The_books_can_be_asked_for_one_reference_and_for_what_is_new()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var first = Acquirer.Purchase(GoodCard);
        var second = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(first);
        var between = sandbox.Books[0].At;
        await acquirer.Ask(second);

        var one = await sandbox.Json($"/books.json?rrn={first.GetText(37)}");
        var later = await sandbox.Json($"/books.json?after={Uri.EscapeDataString(between.ToString("O"))}");
        using var wrong = await sandbox.Http.GetAsync("/books.json?after=yesterday");

        Assert.Equal(first.GetText(37), Assert.Single(one.EnumerateArray()).GetProperty("rrn").GetString());
        Assert.Equal(second.GetText(37), Assert.Single(later.EnumerateArray()).GetProperty("rrn").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task An_sms_is_kept_and_shown_as_text()
    {
        await using var sandbox = await Sandbox.Start();

        using var sent = await sandbox.Http.PostAsJsonAsync("/sms", new { to = "09123456789", text = "رمز <b>123456</b>" });

        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        await using var again = await sandbox.KilledAndStartedAgain();
        var sms = Assert.Single((await again.Json("/sms.json")).EnumerateArray());
        Assert.Equal(["to", "text", "at"], sms.EnumerateObject().Select(field => field.Name));
        Assert.Equal("رمز <b>123456</b>", sms.GetProperty("text").GetString());
        Assert.DoesNotContain("<b>123456", await again.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"to":"","text":"x"}""")]
    [InlineData("""{"to":"09123456789"}""")]
    public async Task What_is_no_sms_is_refused(string body)
    {
        await using var sandbox = await Sandbox.Start();

        using var answer = await sandbox.Http.PostAsync("/sms", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty((await sandbox.Json("/sms.json")).EnumerateArray());
    }

    [Fact]
    public async Task The_page_shows_cards_pins_and_books_and_loads_nothing_from_elsewhere()
    {
        await using var sandbox = await Sandbox.StartWithStandingClock();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        await acquirer.Ask(purchase);

        using var answer = await sandbox.Http.GetAsync("/");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.All(TestCard.All, card => Assert.Contains(card.Pan, page, StringComparison.Ordinal));
        Assert.Contains(sandbox.Pins.Dynamic(GoodCard), page, StringComparison.Ordinal);
        Assert.Contains(purchase.GetText(37)!, page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.All(["/simulator.css", "/simulator.js"], path => Assert.Contains(path, page, StringComparison.Ordinal));
        Assert.NotEmpty(await sandbox.Http.GetStringAsync("/simulator.css"));
        Assert.NotEmpty(await sandbox.Http.GetStringAsync("/simulator.js"));
        Assert.Equal(HttpStatusCode.OK, (await sandbox.Http.GetAsync("/health")).StatusCode);
    }

    [Theory]
    [InlineData("pause?seconds=-1")]
    [InlineData("pause?seconds=601")]
    [InlineData("pause?seconds=NaN")]
    [InlineData("pause?seconds=-Infinity")]
    [InlineData("pause")]
    [InlineData("next-answer?fault=late")]
    [InlineData("next-answer?fault=nice")]
    public async Task A_control_that_makes_no_sense_is_refused(string what)
    {
        await using var sandbox = await Sandbox.Start();

        using var answer = await sandbox.Http.PostAsync("/control/" + what, null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task People_go_back_to_the_page_and_other_sites_may_not_press_its_buttons()
    {
        await using var sandbox = await Sandbox.Start();
        using var person = new HttpRequestMessage(HttpMethod.Post, "/control/drop-lines") { Headers = { { "Accept", "text/html" } } };
        using var stranger = new HttpRequestMessage(HttpMethod.Post, "/control/drop-lines") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };

        using var back = await sandbox.Http.SendAsync(person);
        using var refused = await sandbox.Http.SendAsync(stranger);

        Assert.Equal((HttpStatusCode.Found, "/"), (back.StatusCode, back.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("--Simulator:IsoPort=70000", "Simulator__IsoPort")]
    [InlineData("--Simulator:WebPort=-1", "Simulator__WebPort")]
    [InlineData("--Simulator:SlowApprovalSeconds=NaN", "Simulator__SlowApprovalSeconds")]
    [InlineData("--Simulator:DynamicPinSeconds=0", "Simulator__DynamicPinSeconds")]
    [InlineData("--Simulator:ZonePinKey=00", "Simulator__ZonePinKey")]
    [InlineData("--Simulator:MacKey=zz", "Simulator__MacKey")]
    public async Task A_wrong_setting_is_one_line_with_its_key(string setting, string key)
    {
        var folder = Directory.CreateTempSubdirectory("canpay-sandbox-").FullName;

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => Sandbox.StartOn(folder, null, setting));

        var line = SimulatorHost.Explain(error);
        Assert.StartsWith("canpay-simulator: Simulator:", line, StringComparison.Ordinal);
        Assert.Contains(key, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_taken_port_is_one_line_that_says_which()
    {
        await using var sandbox = await Sandbox.Start();
        var folder = Directory.CreateTempSubdirectory("canpay-sandbox-").FullName;

        var iso = await Assert.ThrowsAnyAsync<Exception>(
            () => Sandbox.StartOn(folder, null, $"--Simulator:IsoPort={sandbox.Switch.Port}"));
        var web = await Assert.ThrowsAnyAsync<Exception>(
            () => Sandbox.StartOn(folder, null, $"--Simulator:WebPort={sandbox.Http.BaseAddress!.Port}"));

        Assert.Contains("Simulator__IsoPort", SimulatorHost.Explain(iso), StringComparison.Ordinal);
        Assert.Contains("Simulator__WebPort", SimulatorHost.Explain(web), StringComparison.Ordinal);
    }
}
