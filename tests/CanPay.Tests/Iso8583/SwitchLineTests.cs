using System.Collections.Concurrent;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>The line against a scripted switch on a real socket.</summary>
public sealed class SwitchLineTests : IAsyncLifetime
{
    private static readonly RetailMac Mac = new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

    private readonly LineRecorder _recorder = new();
    private readonly ScriptedSwitch _switch = new(Mac);
    private SwitchLine _line = null!;

    public async ValueTask InitializeAsync()
    {
        _line = new SwitchLine(
            new SwitchLineOptions
            {
                Host = "127.0.0.1",
                Port = _switch.Port,
                InstitutionId = "581672000",
                ReconnectDelay = TimeSpan.FromMilliseconds(10),
                EchoInterval = TimeSpan.FromMilliseconds(300),
                ConnectTimeout = TimeSpan.FromMilliseconds(500),
            },
            MessageFormat.Shetab,
            Mac,
            _recorder,
            TimeProvider.System);
        _line.Start();
        await Eventually.Is(() => _line.State == LineState.SignedOn);
    }

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        await _switch.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_requests_are_answered_out_of_order_each_with_its_own()
    {
        var waiting = new ConcurrentBag<IsoMessage>();
        _switch.OnRequest = async request =>
        {
            waiting.Add(request);
            if (waiting.Count == 200)
            {
                foreach (var each in waiting.Reverse())
                {
                    await _switch.Send(Exchanges.Answer(each, approval: each.GetText(11)));
                }
            }
        };

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(async stan =>
            (Stan: stan, Answer: await _line.SendAsync(Exchanges.Request(stan), TimeSpan.FromSeconds(5)))));

        Assert.All(answers, answer => Assert.Equal(
            answer.Stan.ToString("000000"), Assert.IsType<LineAnswer.Answered>(answer.Answer).Message.GetText(38)));
    }

    [Fact]
    public async Task A_late_answer_is_an_event_and_nobodys_answer()
    {
        IsoMessage? asked = null;
        _switch.OnRequest = request =>
        {
            asked = request;
            return Task.CompletedTask;
        };

        var answer = await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(50));
        await _switch.Send(Exchanges.Answer(asked!));

        Assert.IsType<LineAnswer.NoAnswer>(answer);
        await Eventually.Is(() => _recorder.Has(LineEventKind.LateAnswer));
    }

    [Fact]
    public async Task A_second_answer_is_an_event()
    {
        _switch.OnRequest = async request =>
        {
            await _switch.Send(Exchanges.Answer(request));
            await _switch.Send(Exchanges.Answer(request));
        };

        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));
        await Eventually.Is(() => _recorder.Has(LineEventKind.DuplicateAnswer));
    }

    [Theory]
    [InlineData(37, "999999999999")]
    [InlineData(4, "000000000001")]
    [InlineData(49, "840")]
    public async Task An_answer_with_another_reference_amount_or_currency_is_never_applied(int field, string value)
    {
        _switch.OnRequest = request =>
        {
            var answer = Exchanges.Answer(request);
            answer.Set(field, value);
            return _switch.Send(answer);
        };

        Assert.IsType<LineAnswer.NoAnswer>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(200)));
        Assert.True(_recorder.Has(LineEventKind.ForeignAnswer));
    }

    [Fact]
    public async Task A_wrong_mac_is_dropped_and_the_line_lives()
    {
        _switch.OnRequest = async request =>
        {
            await _switch.Send(Exchanges.Answer(request), damage: true);
            await _switch.Send(Exchanges.Answer(request));
        };

        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(5)));
        Assert.True(_recorder.Has(LineEventKind.WrongMac));
    }

    [Fact]
    public async Task A_dropped_line_leaves_no_answer_for_what_was_sent_and_comes_back()
    {
        _switch.OnRequest = _ =>
        {
            _switch.Drop();
            return Task.CompletedTask;
        };

        Assert.IsType<LineAnswer.NoAnswer>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(30)));
        await Eventually.Is(() => _recorder.Count(LineEventKind.SignedOn) == 2);
        _switch.OnRequest = request => _switch.Send(Exchanges.Answer(request));
        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Exchanges.Request(2), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_request_like_one_under_way_is_not_sent()
    {
        _switch.OnRequest = _ => Task.CompletedTask;
        var first = _line.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(300));

        Assert.IsType<LineAnswer.NotSent>(await _line.SendAsync(Exchanges.Request(1), TimeSpan.FromMilliseconds(300)));
        Assert.IsType<LineAnswer.NoAnswer>(await first);
    }

    [Theory]
    [InlineData("99999999")]
    [InlineData("garbage that is no length")]
    public async Task Bytes_that_are_no_message_drop_the_connection_and_it_comes_back(string garbage)
    {
        await _switch.SendRaw(System.Text.Encoding.ASCII.GetBytes(garbage));

        await Eventually.Is(() => _recorder.Has(LineEventKind.Malformed) && _recorder.Count(LineEventKind.SignedOn) == 2);
    }

    [Fact]
    public async Task A_silent_line_is_tested_and_dropped_when_the_echo_stays_unanswered()
    {
        _switch.AnswersNetwork = false;

        await Eventually.Is(() => _recorder.Has(LineEventKind.Dropped));
        _switch.AnswersNetwork = true;
        await Eventually.Is(() => _line.State == LineState.SignedOn);
    }

    [Fact]
    public async Task Without_sign_on_nothing_is_sent()
    {
        await using var line = new SwitchLine(
            new SwitchLineOptions { Host = "127.0.0.1", Port = 1, InstitutionId = "581672000" },
            MessageFormat.Shetab, Mac, _recorder, TimeProvider.System);

        Assert.IsType<LineAnswer.NotSent>(await line.SendAsync(Exchanges.Request(1), TimeSpan.FromSeconds(1)));
    }
}
