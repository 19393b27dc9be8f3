using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using CanPay.Iso8583;

namespace CanPay.Tests.Iso8583;

/// <summary>The line against a scripted switch on a real socket.</summary>
public sealed class SwitchLineTests : IAsyncLifetime
{
    private static readonly RetailMac Mac = new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

    private readonly Recorder _recorder = new();
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
            },
            MessageFormat.Shetab,
            Mac,
            _recorder,
            TimeProvider.System);
        _line.Start();
        await Until(() => _line.State == LineState.SignedOn);
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
                    await _switch.Send(Answer(each, approval: each.GetText(11)));
                }
            }
        };

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(async stan =>
            (Stan: stan, Answer: await _line.SendAsync(Request(stan), TimeSpan.FromSeconds(5)))));

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

        var answer = await _line.SendAsync(Request(1), TimeSpan.FromMilliseconds(50));
        await _switch.Send(Answer(asked!));

        Assert.IsType<LineAnswer.NoAnswer>(answer);
        await Until(() => _recorder.Has(LineEventKind.LateAnswer));
    }

    [Fact]
    public async Task A_second_answer_is_an_event()
    {
        _switch.OnRequest = async request =>
        {
            await _switch.Send(Answer(request));
            await _switch.Send(Answer(request));
        };

        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Request(1), TimeSpan.FromSeconds(5)));
        await Until(() => _recorder.Has(LineEventKind.DuplicateAnswer));
    }

    [Theory]
    [InlineData(37, "999999999999")]
    [InlineData(4, "000000000001")]
    [InlineData(49, "840")]
    public async Task An_answer_with_another_reference_amount_or_currency_is_never_applied(int field, string value)
    {
        _switch.OnRequest = request =>
        {
            var answer = Answer(request);
            answer.Set(field, value);
            return _switch.Send(answer);
        };

        Assert.IsType<LineAnswer.NoAnswer>(await _line.SendAsync(Request(1), TimeSpan.FromMilliseconds(200)));
        Assert.True(_recorder.Has(LineEventKind.ForeignAnswer));
    }

    [Fact]
    public async Task A_wrong_mac_is_dropped_and_the_line_lives()
    {
        _switch.OnRequest = async request =>
        {
            await _switch.Send(Answer(request), damage: true);
            await _switch.Send(Answer(request));
        };

        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Request(1), TimeSpan.FromSeconds(5)));
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

        Assert.IsType<LineAnswer.NoAnswer>(await _line.SendAsync(Request(1), TimeSpan.FromSeconds(30)));
        await Until(() => _recorder.Count(LineEventKind.SignedOn) == 2);
        _switch.OnRequest = request => _switch.Send(Answer(request));
        Assert.IsType<LineAnswer.Answered>(await _line.SendAsync(Request(2), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_request_like_one_under_way_is_not_sent()
    {
        _switch.OnRequest = _ => Task.CompletedTask;
        var first = _line.SendAsync(Request(1), TimeSpan.FromMilliseconds(300));

        Assert.IsType<LineAnswer.NotSent>(await _line.SendAsync(Request(1), TimeSpan.FromMilliseconds(300)));
        Assert.IsType<LineAnswer.NoAnswer>(await first);
    }

    [Theory]
    [InlineData("99999999")]
    [InlineData("garbage that is no length")]
    public async Task Bytes_that_are_no_message_drop_the_connection_and_it_comes_back(string garbage)
    {
        await _switch.SendRaw(System.Text.Encoding.ASCII.GetBytes(garbage));

        await Until(() => _recorder.Has(LineEventKind.Malformed) && _recorder.Count(LineEventKind.SignedOn) == 2);
    }

    [Fact]
    public async Task A_silent_line_is_tested_and_dropped_when_the_echo_stays_unanswered()
    {
        _switch.AnswersNetwork = false;

        await Until(() => _recorder.Has(LineEventKind.Dropped));
        _switch.AnswersNetwork = true;
        await Until(() => _line.State == LineState.SignedOn);
    }

    [Fact]
    public async Task Without_sign_on_nothing_is_sent()
    {
        await using var line = new SwitchLine(
            new SwitchLineOptions { Host = "127.0.0.1", Port = 1, InstitutionId = "581672000" },
            MessageFormat.Shetab, Mac, _recorder, TimeProvider.System);

        Assert.IsType<LineAnswer.NotSent>(await line.SendAsync(Request(1), TimeSpan.FromSeconds(1)));
    }

    private static IsoMessage Request(int stan)
    {
        var message = new IsoMessage { Mti = Mti.FinancialRequest };
        message.SetNumber(4, 10_000, 12);
        message.SetNumber(11, stan, 6);
        message.Set(12, "261124143600");
        message.Set(37, "632814" + stan.ToString("000000"));
        message.Set(41, "00000001");
        message.SetNumber(49, 364, 3);
        return message;
    }

    private static IsoMessage Answer(IsoMessage request, string? approval = null)
    {
        var answer = new IsoMessage { Mti = Mti.AnswerTo(request.Mti) };
        foreach (var field in new[] { 4, 11, 12, 37, 41, 49 })
        {
            answer.Set(field, request.Get(field));
        }

        answer.Set(38, approval ?? "000000");
        answer.SetNumber(39, 0, 3);
        return answer;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("What must come about did not.");
    }

    private sealed class Recorder : ISwitchLineObserver
    {
        private readonly ConcurrentQueue<LineEvent> _events = new();

        public void Noticed(LineEvent lineEvent) => _events.Enqueue(lineEvent);

        public bool Has(LineEventKind kind) => Count(kind) > 0;

        public int Count(LineEventKind kind) => _events.Count(each => each.Kind == kind);
    }

    /// <summary>Answers sign-on and echo by itself, and business messages as a test says.</summary>
    private sealed class ScriptedSwitch : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly IMessageAuthenticator _mac;
        private readonly SemaphoreSlim _writing = new(1, 1);
        private readonly Task _accepting;
        private TcpClient? _client;

        public ScriptedSwitch(IMessageAuthenticator mac)
        {
            _mac = mac;
            _listener.Start();
            _accepting = Accept();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool AnswersNetwork { get; set; } = true;

        public Func<IsoMessage, Task> OnRequest { get; set; } = _ => Task.CompletedTask;

        public void Drop() => _client?.Close();

        public async Task Send(IsoMessage message, bool damage = false)
        {
            var bytes = new byte[MessageCodec.MaxLength];
            var length = MessageFormat.Shetab.EncodeWithMac(message, _mac, bytes.AsSpan(4));
            MessageFraming.WritePrefix(length, bytes);
            if (damage)
            {
                bytes[3 + length] ^= 1;
            }

            await SendRaw(bytes[..(4 + length)]);
        }

        public async Task SendRaw(byte[] bytes)
        {
            await _writing.WaitAsync();
            try
            {
                await _client!.GetStream().WriteAsync(bytes);
            }
            finally
            {
                _writing.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            _client?.Dispose();
            await _accepting;
            _writing.Dispose();
        }

        private async Task Accept()
        {
            while (true)
            {
                try
                {
                    _client = await _listener.AcceptTcpClientAsync();
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return;
                }

                _ = Serve(_client);
            }
        }

        private async Task Serve(TcpClient client)
        {
            var reader = PipeReader.Create(client.GetStream());
            var bytes = new byte[MessageCodec.MaxLength];
            try
            {
                while (await MessageFraming.ReadAsync(reader, bytes, CancellationToken.None) is var length and >= 0)
                {
                    var message = new IsoMessage();
                    MessageFormat.Shetab.Decode(bytes.AsSpan(0, length), message);
                    if (message.Mti != Mti.NetworkRequest)
                    {
                        _ = OnRequest(message);
                    }
                    else if (AnswersNetwork)
                    {
                        var answer = new IsoMessage { Mti = Mti.NetworkResponse };
                        answer.Set(11, message.Get(11));
                        answer.Set(12, message.Get(12));
                        answer.SetNumber(39, ActionCode.NetworkAccepted, 3);
                        await Send(answer);
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or IsoFormatException)
            {
                // The test dropped the line.
            }
        }
    }
}
