using CanPay.Iso8583;
using CanPay.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Simulator;

/// <summary>What the simulated banks decide and book, and that they forget nothing.</summary>
public sealed class IssuerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("canpay-issuer-").FullName;
    private readonly ZonePinKey _zonePinKey = new(SandboxKeys.ZonePin);
    private Books _books = null!;
    private Pins _pins = null!;

    private Issuer Issuer => new(_books, _pins, _zonePinKey, _clock);

    public ValueTask InitializeAsync()
    {
        _books = new Books(_folder);
        _pins = Pins.Open(_folder, 120, _clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _zonePinKey.Dispose();
        await _books.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_same_purchase_again_is_the_same_entry()
    {
        var first = await Issuer.Purchase(Purchase(), isSignedOn: true);
        var again = await Issuer.Purchase(Purchase(), isSignedOn: true);

        Assert.Equal((Entry.Approved, 0), (first.Outcome, first.ActionCode));
        Assert.Equal(first with { Repeats = 1 }, again);
        Assert.Single(_books.Entries);
    }

    [Fact]
    public async Task A_reversal_is_booked_once_however_often_it_comes()
    {
        await Issuer.Purchase(Purchase(), isSignedOn: true);
        await Issuer.Reverse(Reversal());
        var again = await Issuer.Reverse(Reversal());

        Assert.Equal((Entry.Reversed, 400, 1), (again.Outcome, again.ActionCode, again.Repeats));
        Assert.Single(_books.Entries, entry => entry.Kind == Entry.Reversal);
    }

    [Fact]
    public async Task A_purchase_that_its_reversal_overtook_takes_nothing()
    {
        var reversal = await Issuer.Reverse(Reversal());
        var purchase = await Issuer.Purchase(Purchase(), isSignedOn: true);

        Assert.Equal((Entry.Reversed, false), (reversal.Outcome, reversal.OriginalKnown));
        Assert.Equal(Entry.Declined, purchase.Outcome);
    }

    [Fact]
    public async Task A_reversal_of_another_amount_is_refused()
    {
        await Issuer.Purchase(Purchase(), isSignedOn: true);

        Assert.Equal(Entry.Refused, (await Issuer.Reverse(Reversal(amount: 1))).Outcome);
        Assert.Equal(Entry.Reversed, (await Issuer.Reverse(Reversal())).Outcome);
    }

    [Theory]
    [InlineData("0912", "123", "12345", 0)]
    [InlineData("0509", "123", "12345", 0)]
    [InlineData("0508", "123", "12345", 101)]
    [InlineData("0912", "124", "12345", 145)]
    [InlineData("0912", "123", "54321", 117)]
    public async Task A_card_is_checked_before_it_pays(string expiry, string cvv2, string pin, int actionCode) =>
        Assert.Equal(actionCode, (await Issuer.Purchase(Purchase(expiry, cvv2, pin), isSignedOn: true)).ActionCode);

    [Fact]
    public async Task A_dynamic_pin_is_taken_in_its_window_and_the_next()
    {
        var pin = _pins.Dynamic("5022290000087122");
        Assert.Equal(0, (await Issuer.Purchase(Purchase(pin: pin, stan: 1), isSignedOn: true)).ActionCode);
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(0, (await Issuer.Purchase(Purchase(pin: pin, stan: 2), isSignedOn: true)).ActionCode);
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(117, (await Issuer.Purchase(Purchase(pin: pin, stan: 3), isSignedOn: true)).ActionCode);
    }

    [Fact]
    public async Task Books_survive_a_crash_with_half_a_line_at_their_end()
    {
        await Issuer.Purchase(Purchase(), isSignedOn: true);
        await _books.DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(_folder, "books.jsonl"), "{\"entry\":{\"rrn\":\"6");
        _books = new Books(_folder);

        var again = await Issuer.Purchase(Purchase(), isSignedOn: true);

        Assert.Equal(1, again.Repeats);
        await _books.DisposeAsync();
        _books = new Books(_folder);
        Assert.Equal(1, Assert.Single(_books.Entries).Repeats);
    }

    private static IsoMessage Purchase(string expiry = "0912", string cvv2 = "123", string pin = "12345", int stan = 1)
    {
        var message = Common(Mti.FinancialRequest, 10_000, stan);
        message.Set(14, expiry);
        message.Set(48, "CV2003" + cvv2);
        var block = new byte[8];
        using var hsm = new Gateway.Acquiring.Direct.SoftwareHsm(new Gateway.SandboxOptions());
        hsm.EncryptPin(pin, "5022290000087122", block);
        message.Set(52, block);
        return message;
    }

    private static IsoMessage Reversal(long amount = 10_000)
    {
        var message = Common(Mti.ReversalAdvice, amount, stan: 9);
        message.Set(56, "120000000126112412300009581672000");
        message.Remove(37);
        message.Set(37, "632812000001");
        return message;
    }

    private static IsoMessage Common(int mti, long amount, int stan)
    {
        var message = new IsoMessage { Mti = mti };
        message.Set(2, "5022290000087122");
        message.SetNumber(4, amount, 12);
        message.SetNumber(11, stan, 6);
        message.Set(12, "261124123000");
        message.Set(32, "581672000");
        message.Set(37, "632812" + stan.ToString("000000"));
        message.Set(41, "00000001");
        return message;
    }
}
