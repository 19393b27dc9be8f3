using System.Security.Cryptography;
using System.Text;
using CanPay.Iso8583;
using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>The switch: network messages, what it does not believe or understand, and faults on demand.</summary>
public sealed class SwitchTests
{
    private const string GoodCard = "5022290000087122";
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Sign_on_echo_and_sign_off_are_answered_and_other_functions_are_not_supported()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect(signOn: false);

        var codes = new List<string>();
        foreach (var function in new[] { 801, 831, 802, 815 })
        {
            var answer = await acquirer.Ask(Acquirer.Network(function));
            Assert.Equal(Mti.NetworkResponse, answer!.Mti);
            codes.Add(answer.GetText(39)!);
        }

        Assert.Equal(["800", "800", "800", "115"], codes);
    }

    [Fact]
    public async Task Who_has_not_signed_on_cannot_take_money_and_an_echo_is_no_sign_on()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect(signOn: false);
        await acquirer.Ask(Acquirer.Network(831));

        var before = await acquirer.Ask(Acquirer.Purchase(GoodCard));
        await acquirer.Ask(Acquirer.Network(801));
        var after = await acquirer.Ask(Acquirer.Purchase(GoodCard));

        Assert.Equal(("983", "000"), (before!.GetText(39), after!.GetText(39)));
    }

    [Fact]
    public async Task A_message_with_a_wrong_mac_is_not_handled_and_not_answered()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var bytes = Acquirer.Encode(Acquirer.Purchase(GoodCard));
        bytes[^1] = (byte)(bytes[^1] == '0' ? '1' : '0');
        var heard = acquirer.Heard;

        await acquirer.Send(bytes);
        await acquirer.Ask(Acquirer.Network(831));

        Assert.Equal(heard + 1, acquirer.Heard);
        Assert.Empty(sandbox.Books);
    }

    [Theory]
    [InlineData(1100)]
    [InlineData(1220)]
    public async Task A_request_of_another_type_is_not_supported(int mti)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var request = Acquirer.Purchase(GoodCard);
        request.Mti = mti;

        var answer = await acquirer.Ask(request);

        Assert.Equal((mti + 10, "115"), (answer!.Mti, answer.GetText(39)));
        Assert.Empty(sandbox.Books);
    }

    [Theory]
    [InlineData(3, "010000", "115")]
    [InlineData(24, "100", "115")]
    [InlineData(49, "840", "902")]
    [InlineData(4, "000000000000", "902")]
    public async Task A_purchase_with_a_field_that_cannot_be_is_refused_and_not_booked(int field, string value, string code)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        purchase.Set(field, value);

        Assert.Equal(code, (await acquirer.Ask(purchase))!.GetText(39));
        Assert.Empty(sandbox.Books);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(37)]
    [InlineData(41)]
    public async Task A_purchase_without_a_field_that_it_needs_is_refused_and_not_booked(int field)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);
        purchase.Remove(field);

        Assert.Equal("902", (await acquirer.Ask(purchase))!.GetText(39));
        Assert.Empty(sandbox.Books);
    }

    [Fact]
    public async Task Rubbish_ends_its_own_line_at_most_and_disturbs_no_other()
    {
        await using var sandbox = await Sandbox.Start();
        await using var good = await sandbox.Connect();
        await using var http = await sandbox.Connect(signOn: false);
        await using var noise = await sandbox.Connect(signOn: false);
        await using var half = await sandbox.Connect(signOn: false);
        await using var nonsense = await sandbox.Connect();

        await http.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        await noise.Send([0, 255, .. RandomNumberGenerator.GetBytes(2_000)]);
        await half.Send(Acquirer.Encode(Acquirer.Purchase(GoodCard))[..60]);
        await nonsense.Send(Acquirer.EncodeNonsense("1200ZZZZ this is no bitmap"));

        await http.Dropped.WaitAsync(TimeSpan.FromSeconds(5));
        await noise.Dropped.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("000", (await nonsense.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
        Assert.Equal("000", (await good.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
        Assert.Equal(2, sandbox.Books.Count);
    }

    [Fact]
    public async Task Dropped_lines_are_really_dropped()
    {
        await using var sandbox = await Sandbox.Start();
        await using var one = await sandbox.Connect();
        await using var other = await sandbox.Connect();

        await sandbox.Control("drop-lines");

        await Task.WhenAll(one.Dropped, other.Dropped).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_switch_that_signed_off_takes_and_gives_nothing_until_it_signs_on()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var purchase = Acquirer.Purchase(GoodCard);

        await sandbox.Control("sign-off");
        var refused = await acquirer.Ask(purchase);
        var echo = await acquirer.Ask(Acquirer.Network(831));
        await sandbox.Control("sign-on");
        var approved = await acquirer.Ask(purchase);

        Assert.Equal(("986", "986", "000"), (refused!.GetText(39), echo!.GetText(39), approved!.GetText(39)));
    }

    [Fact]
    public async Task A_pause_holds_everything_for_its_time()
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();

        await sandbox.Control("pause?seconds=0.5");
        var started = TimeProvider.System.GetTimestamp();
        var answer = await acquirer.Ask(Acquirer.Purchase(GoodCard));

        Assert.Equal("000", answer!.GetText(39));
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(0.35));
    }

    [Theory]
    [InlineData("late&seconds=0.3", 1)]
    [InlineData("duplicate", 2)]
    [InlineData("foreign", 2)]
    [InlineData("wrong-mac", 1)]
    [InlineData("lost", 0)]
    public async Task A_fault_befalls_the_next_answer_to_a_purchase_and_no_other(string fault, int heard)
    {
        await using var sandbox = await Sandbox.Start();
        await using var acquirer = await sandbox.Connect();
        var before = acquirer.Heard;

        await sandbox.Control("next-answer?fault=" + fault);
        var purchase = Acquirer.Purchase(GoodCard);
        var answer = await acquirer.Ask(purchase, fault is "lost" or "wrong-mac" ? ShortPatience : null);
        await acquirer.Ask(Acquirer.Network(831));

        Assert.Equal(before + heard + 1, acquirer.Heard);
        Assert.Equal(fault is "lost" or "wrong-mac", answer is null);
        Assert.Equal(fault is "foreign", answer is not null && answer.GetText(37) != purchase.GetText(37));
        Assert.Equal(Entry.Approved, Assert.Single(sandbox.Books).Outcome);
        Assert.Equal("000", (await acquirer.Ask(Acquirer.Purchase(GoodCard)))!.GetText(39));
    }
}
