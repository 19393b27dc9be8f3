using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CanPay.Iso8583;
using Microsoft.Extensions.Time.Testing;

namespace CanPay.Tests.Iso8583;

/// <summary>The line when the other side, or the moment, is against it.</summary>
public sealed class SwitchLineFaultTests : IAsyncDisposable
{
    private static readonly RetailMac Mac = new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

    private readonly LineRecorder _recorder = new();
    private readonly ScriptedSwitch _switch = new(Mac);
    private SwitchLine? _line;

    public async ValueTask DisposeAsync()
    {
        if (_line is not null)
        {
            await _line.DisposeAsync();
        }

        await _switch.DisposeAsync();
    }

    [Fact]
    public async Task A_line_that_drops_while_an_echo_is_awaited_is_noticed_at_once()
    {
        var clock = new FakeTimeProvider();
        await SignOn(options => options with { EchoInterval = TimeSpan.FromSeconds(60) }, clock: clock);
        _switch.AnswersNetwork = false;
        var waiting = _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromHours(1));
        await Eventually.Is(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return _switch.Received.Any(message => message.GetText(24) == "831");
        });

        _switch.Drop();

        Assert.IsType<LineAnswer.NoAnswer>(await waiting.WaitAsync(TimeSpan.FromSeconds(5)));
        await Eventually.Is(() => _recorder.Has(LineEventKind.Dropped));
        Assert.Equal(LineState.Connecting, _line.State);
    }

    [Fact]
    public async Task Waiting_requests_are_told_at_once_that_the_line_dropped_and_new_ones_are_not_sent()
    {
        await SignOn(options => options with { ReconnectDelay = TimeSpan.FromSeconds(20), MaxReconnectDelay = TimeSpan.FromSeconds(20) });
        var waiting = Enumerable.Range(1, 20).Select(stan => _line!.SendAsync(Exchanges.Request(stan), TimeSpan.FromSeconds(30))).ToList();
        await Eventually.Is(() => _switch.Received.Count == 21);
        _switch.Drop();

        Assert.All(await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(2)), answer => Assert.IsType<LineAnswer.NoAnswer>(answer));
        await Eventually.Is(() => _line!.State == LineState.Connecting);
        Assert.IsType<LineAnswer.NotSent>(await _line!.SendAsync(Exchanges.Request(99), TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain(_switch.Received, message => message.GetText(11) == "000099");
    }

    [Fact]
    public async Task An_answer_that_comes_as_its_time_ends_is_given_or_kept_as_late()
    {
        await SignOn();
        _switch.OnRequest = async request =>
        {
            await Task.Delay(20);
            await _switch.Send(Exchanges.Answer(request));
        };

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(
            stan => _line!.SendAsync(Exchanges.Request(stan), TimeSpan.FromMilliseconds(15 + (stan % 20)))));

        var sent = answers.Count(answer => answer is not LineAnswer.NotSent);
        var given = answers.Count(answer => answer is LineAnswer.Answered);
        await Eventually.Is(() => given + _recorder.Count(LineEventKind.LateAnswer) == sent);
        Assert.False(_recorder.Has(LineEventKind.DuplicateAnswer));
        Assert.False(_recorder.Has(LineEventKind.ForeignAnswer));
    }

    [Fact]
    public async Task The_second_answer_to_a_repeated_advice_is_a_duplicate()
    {
        await SignOn();
        Assert.IsType<LineAnswer.NoAnswer>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(30)));
        _switch.OnRequest = async request =>
        {
            await _switch.Send(Exchanges.Answer(request));
            await _switch.Send(Exchanges.Answer(request));
        };

        Assert.IsType<LineAnswer.Answered>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));
        await Eventually.Is(() => _recorder.Has(LineEventKind.DuplicateAnswer));
        Assert.False(_recorder.Has(LineEventKind.LateAnswer));
    }

    [Fact]
    public async Task A_late_answer_with_another_amount_is_foreign()
    {
        await SignOn();
        Assert.IsType<LineAnswer.NoAnswer>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(30)));
        var answer = Exchanges.Answer(Exchanges.Request(1));
        answer.SetNumber(4, 1, 12);

        await _switch.Send(answer);

        await Eventually.Is(() => _recorder.Has(LineEventKind.ForeignAnswer));
    }

    [Fact]
    public async Task The_switch_is_answered_and_its_sign_off_is_obeyed_until_it_signs_on()
    {
        await SignOn();
        _switch.OnRequest = request => _switch.Send(Exchanges.Answer(request));
        await _switch.Send(Exchanges.NetworkRequest(FunctionCode.Echo));
        await Eventually.Is(() => _switch.Received.Any(message => message.Mti == Mti.NetworkResponse && message.GetText(11) == "000777"));

        await _switch.Send(Exchanges.NetworkRequest(FunctionCode.SignOff));
        await Eventually.Is(() => _line!.State == LineState.SignedOff);
        Assert.IsType<LineAnswer.NotSent>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(1)));
        await _switch.Send(Exchanges.NetworkRequest(FunctionCode.SignOn));
        await Eventually.Is(() => _line!.State == LineState.SignedOn);

        Assert.IsType<LineAnswer.Answered>(await _line!.SendAsync(Exchanges.Request(2), TimeSpan.FromSeconds(5)));
        Assert.True(_recorder.Has(LineEventKind.SignedOff));
    }

    [Fact]
    public async Task Nothing_goes_out_before_the_sign_on_is_accepted_and_it_is_tried_again()
    {
        var refusals = 0;
        _switch.AnswersNetwork = false;
        _switch.OnNetwork = request => _ = _switch.Send(
            Exchanges.NetworkAnswer(request, refusals++ < 2 ? 909 : ActionCode.NetworkAccepted));
        await SignOn();

        Assert.Equal(3, _switch.Received.Count(message => message.GetText(24) == "801"));
        Assert.All(_switch.Received, message => Assert.Equal(Mti.NetworkRequest, message.Mti));
    }

    [Fact]
    public async Task More_than_may_be_under_way_are_not_sent_but_the_line_is_still_tested()
    {
        await SignOn(options => options with { MaxInFlight = 5, EchoInterval = TimeSpan.FromMilliseconds(100) });

        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(
            stan => _line!.SendAsync(Exchanges.Request(stan), TimeSpan.FromMilliseconds(500))));

        Assert.Equal(15, answers.Count(answer => answer is LineAnswer.NotSent));
        Assert.Equal(5, answers.Count(answer => answer is LineAnswer.NoAnswer));
        Assert.Contains(_switch.Received, message => message.GetText(24) == "831");
        Assert.False(_recorder.Has(LineEventKind.Dropped));
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("-001")]
    [InlineData("+012")]
    [InlineData(" 012")]
    [InlineData("9999")]
    public async Task A_length_that_is_none_drops_the_connection(string prefix)
    {
        await SignOn();

        await _switch.SendRaw(Encoding.ASCII.GetBytes(prefix + "1210"));

        await Eventually.Is(() => _recorder.Has(LineEventKind.Malformed) && _recorder.Count(LineEventKind.SignedOn) == 2);
    }

    [Fact]
    public async Task Half_a_message_and_silence_ends_in_a_new_connection()
    {
        await SignOn(options => options with { EchoInterval = TimeSpan.FromMilliseconds(150) });

        await _switch.SendRaw("0300121000"u8.ToArray());

        await Eventually.Is(() => _recorder.Count(LineEventKind.SignedOn) == 2);
    }

    [Fact]
    public async Task Half_a_message_before_the_end_is_an_event()
    {
        await SignOn();

        await _switch.SendRaw("0300121000"u8.ToArray());
        await Task.Delay(50);
        _switch.Drop();

        await Eventually.Is(() => _recorder.Has(LineEventKind.Malformed) && _recorder.Has(LineEventKind.Dropped));
    }

    [Fact]
    public async Task A_well_authenticated_muddle_is_an_event_and_the_line_lives()
    {
        await SignOn();
        _switch.OnRequest = request => _switch.Send(Exchanges.Answer(request));

        await _switch.SendMacked("1210XYZ"u8.ToArray());

        Assert.IsType<LineAnswer.Answered>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));
        Assert.True(_recorder.Has(LineEventKind.Malformed));
        Assert.False(_recorder.Has(LineEventKind.Dropped));
    }

    [Fact]
    public async Task Without_a_code_of_its_own_nothing_is_sent_and_the_line_lives()
    {
        using var moody = new MoodyMac(Mac);
        await SignOn(mac: moody);
        moody.IsAway = true;

        Assert.IsType<LineAnswer.NotSent>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(1)));
        moody.IsAway = false;
        _switch.OnRequest = request => _switch.Send(Exchanges.Answer(request));
        Assert.IsType<LineAnswer.Answered>(await _line!.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));

        moody.IsAway = true;
        await _switch.Send(Exchanges.NetworkRequest(FunctionCode.Echo));
        await Eventually.Is(() => _recorder.Has(LineEventKind.Dropped));
        moody.IsAway = false;
        await Eventually.Is(() => _line!.State == LineState.SignedOn);
    }

    [Fact]
    public async Task A_switch_that_reads_nothing_blocks_nobody_for_longer_than_his_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _line = new SwitchLine(
            Options(((IPEndPoint)listener.LocalEndpoint).Port) with { ConnectTimeout = TimeSpan.FromSeconds(30), MaxInFlight = 20_000 },
            MessageFormat.Shetab, Mac, _recorder, TimeProvider.System);
        _line.Start();
        using var peer = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var bytes = new byte[MessageCodec.MaxLength];
        var reader = System.IO.Pipelines.PipeReader.Create(peer.GetStream());
        var signOn = new IsoMessage();
        var length = await MessageFraming.ReadAsync(reader, bytes, TestContext.Current.CancellationToken);
        MessageFormat.Shetab.Decode(bytes.AsSpan(0, length), signOn);
        length = MessageFormat.Shetab.EncodeWithMac(Exchanges.NetworkAnswer(signOn), Mac, bytes.AsSpan(4));
        MessageFraming.WritePrefix(length, bytes);
        await peer.GetStream().WriteAsync(bytes.AsMemory(0, 4 + length), TestContext.Current.CancellationToken);
        await Eventually.Is(() => _line.State == LineState.SignedOn);

        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(1, 10_000).Select(stan =>
        {
            var request = Exchanges.Request(stan);
            request.Set(48, new string('x', 999));
            return _line.SendAsync(request, TimeSpan.FromMilliseconds(500));
        }));

        Assert.DoesNotContain(answers, answer => answer is LineAnswer.Answered);
        Assert.Contains(answers, answer => answer is LineAnswer.NoAnswer);
        Assert.Contains(answers, answer => answer is LineAnswer.NotSent);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task Lengths_of_two_bytes_are_spoken_too()
    {
        await using var binary = new ScriptedSwitch(Mac, LengthPrefix.Binary2);
        binary.OnRequest = request => binary.Send(Exchanges.Answer(request));
        _line = new SwitchLine(
            Options(binary.Port) with { LengthPrefix = LengthPrefix.Binary2 }, MessageFormat.Shetab, Mac, _recorder, TimeProvider.System);
        _line.Start();
        await Eventually.Is(() => _line.State == LineState.SignedOn);

        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_stop_signs_off()
    {
        await SignOn();

        await _line!.DisposeAsync();

        Assert.Equal(LineState.Stopped, _line.State);
        Assert.Equal("802", _switch.Received.Last().GetText(24));
        Assert.IsType<LineAnswer.NotSent>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Waits_double_up_to_the_longest_with_a_random_half()
    {
        var options = Options(1) with { ReconnectDelay = TimeSpan.FromMilliseconds(250), MaxReconnectDelay = TimeSpan.FromSeconds(10) };

        Assert.Equal(
            [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
            Enumerable.Range(0, 8).Select(failures => SwitchLine.WaitAfter(failures, options, chance: 1).TotalMilliseconds));
        Assert.Equal(125, SwitchLine.WaitAfter(0, options, chance: 0).TotalMilliseconds);
        Assert.Equal(5000, SwitchLine.WaitAfter(1_000_000, options, chance: 0).TotalMilliseconds);
    }

    private static SwitchLineOptions Options(int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        InstitutionId = "581672000",
        ReconnectDelay = TimeSpan.FromMilliseconds(10),
    };

    private async Task SignOn(
        Func<SwitchLineOptions, SwitchLineOptions>? change = null, IMessageAuthenticator? mac = null, TimeProvider? clock = null)
    {
        var options = Options(_switch.Port);
        _line = new SwitchLine(change?.Invoke(options) ?? options, MessageFormat.Shetab, mac ?? Mac, _recorder, clock ?? TimeProvider.System);
        _line.Start();
        await Eventually.Is(() => _line.State == LineState.SignedOn);
    }

    /// <summary>Codes from a module that may be out of reach.</summary>
    private sealed class MoodyMac(RetailMac inner) : IMessageAuthenticator, IDisposable
    {
        public bool IsAway { get; set; }

        public void Compute(ReadOnlySpan<byte> data, Span<byte> mac)
        {
            if (IsAway)
            {
                throw new CryptographicException("away");
            }

            inner.Compute(data, mac);
        }

        public void Dispose() => IsAway = true;
    }
}
