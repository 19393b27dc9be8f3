using System.Globalization;
using System.Net.Sockets;
using CanPay.Gateway;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Iso8583;

namespace CanPay.Simulation;

/// <summary>The switch, and the network behind it in which messages are lost, late, doubled and overtaken. The money is with <see cref="Issuers"/>.</summary>
internal sealed class CardNetwork(World world)
{
    /// <summary>A message that is older is dead. Our quarantine must be longer.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(200);

    private static readonly SoftwareHsm Mac = new(new SandboxOptions());
    private static readonly int[] Echoed = [2, 3, 4, 11, 12, 32, 37, 41, 42, 49];

    private readonly List<Connection> _connections = [];
    private readonly byte[] _bytes = new byte[MessageFraming.MaxPrefixLength + MessageCodec.MaxLength];
    private TimeSpan _awayUntil;

    private Swarm Swarm => world.Swarm;

    private Chance Chance => world.Chance;

    private Faults Faults => world.Faults;

    private TimeSpan Elapsed => TimeSpan.FromTicks(world.Timeline.Ticks);

    public Task<Stream> Connect(Lifeline life)
    {
        var connected = new TaskCompletionSource<Stream>();
        world.Timeline.After(Chance.Ms(1, 20), () => life.Deliver(() =>
        {
            if (Elapsed < _awayUntil)
            {
                connected.TrySetException(new SocketException((int)SocketError.ConnectionRefused));
                return;
            }

            var connection = new Connection();
            connection.Stream = new LineStream(life, bytes => Take(connection, bytes));
            _connections.RemoveAll(other => other.Stream.IsClosed);
            _connections.Add(connection);
            connected.TrySetResult(connection.Stream);
        }));
        return connected.Task;
    }

    public void DropOne()
    {
        if (_connections.Count > 0)
        {
            world.Trace.Note(0, 10, $"network: a connection breaks");
            Chance.Of(_connections).Stream.Break();
        }
    }

    /// <summary>It stands, and nothing comes through any more.</summary>
    public void DeafenOne()
    {
        if (_connections.Count > 0)
        {
            world.Trace.Note(0, 11, $"network: a connection is half open");
            Chance.Of(_connections).IsDeaf = true;
        }
    }

    public void GoAway(TimeSpan time)
    {
        world.Trace.Note(0, 12, $"network: away for {time.TotalSeconds:0.0} s");
        _awayUntil = Elapsed + time;
        _connections.ForEach(connection => connection.Stream.Break());
    }

    /// <summary>Everything stands again.</summary>
    public void Heal()
    {
        _awayUntil = TimeSpan.Zero;
        foreach (var connection in _connections.Where(connection => connection.IsDeaf))
        {
            connection.Stream.Break();
        }
    }

    private void Take(Connection from, byte[] framed)
    {
        if (from.IsDeaf)
        {
            return;
        }

        var bytes = framed.AsSpan(MessageFraming.LengthOf(LengthPrefix.AsciiDigits4));
        var message = new IsoMessage();
        if (!MessageAuthentication.HasValidMac(bytes, Mac) || !MessageFormat.Shetab.TryDecode(bytes, message, out _))
        {
            throw new InvalidOperationException("The gateway sent what is no message.");
        }

        if (message.Mti == Mti.NetworkRequest)
        {
            Answer(from, Made(message, ActionCode.NetworkAccepted, [11, 12, 24, 93, 94]), Chance.Ms(1, 30));
            return;
        }

        world.Trace.Note(world.PaymentOf(message), message.Mti, $"sent {message.Mti} STAN {message.GetText(11)} RRN {message.GetText(37)}");
        if (Faults.Happens(Swarm.RequestLost))
        {
            return;
        }

        Route(from, message);
        if (Faults.Happens(Swarm.RequestTwice))
        {
            Route(from, message);
        }
    }

    private void Route(Connection from, IsoMessage message)
    {
        var delay = Faults.Happens(Swarm.RequestLate)
            ? Chance.Is(0.5) ? Chance.Between(TimeSpan.FromSeconds(25), LongestLife) : Chance.Seconds(0.5, 40)
            : Chance.Ms(5, 200);
        world.Timeline.After(delay, () => AnswerInTime(from, Made(message, world.Issuers.Decide(message), Echoed)));
    }

    private void AnswerInTime(Connection to, IsoMessage answer)
    {
        if (Faults.Happens(Swarm.AnswerLost))
        {
            return;
        }

        var delay = Faults.Happens(Swarm.AnswerLate)
            ? Chance.Is(0.5) ? Chance.Seconds(28, 32) : Chance.Seconds(1, 120)
            : Chance.Ms(5, 200);
        if (Faults.Happens(Swarm.AnswerWrong))
        {
            Answer(to, Foreign(answer), delay * 0.9);
        }

        Answer(to, answer, delay);
        if (Faults.Happens(Swarm.AnswerTwice))
        {
            Answer(to, answer, delay + Chance.Seconds(0, 3));
        }
    }

    private void Answer(Connection to, IsoMessage answer, TimeSpan delay) => world.Timeline.After(delay, () =>
    {
        var over = to.Stream.IsClosed && Chance.Is(0.5) && _connections.Count > 0 || Faults.Happens(Swarm.AnswerElsewhere / 10)
            ? Chance.Of(_connections)
            : to;
        if (over.IsDeaf)
        {
            return;
        }

        var isMacWrong = answer.Mti != Mti.NetworkResponse && Faults.Happens(Swarm.AnswerWrong / 2);
        var length = MessageFormat.Shetab.EncodeWithMac(answer, Mac, _bytes.AsSpan(MessageFraming.MaxPrefixLength));
        MessageFraming.WritePrefix(length, _bytes);
        var framed = _bytes[..(MessageFraming.MaxPrefixLength + length)];
        if (isMacWrong)
        {
            framed[^1] = framed[^1] == (byte)'0' ? (byte)'1' : (byte)'0';
        }

        world.Trace.Note(
            world.PaymentOf(answer), answer.Mti, $"answer {answer.Mti} STAN {answer.GetText(11)}: {answer.GetText(39)}{(isMacWrong ? ", wrong MAC" : "")}");
        over.Stream.Receive(framed);
    });

    private static IsoMessage Made(IsoMessage request, int code, int[] echoed)
    {
        var answer = new IsoMessage { Mti = Mti.AnswerTo(request.Mti) };
        foreach (var field in echoed)
        {
            if (request.Has(field))
            {
                answer.Set(field, request.Get(field));
            }
        }

        answer.SetNumber(39, code, 3);
        if (code == ActionCode.Approved && request.Mti == Mti.FinancialRequest)
        {
            answer.Set(38, request.Get(11));
        }

        return answer;
    }

    /// <summary>Like the answer, and of another purchase.</summary>
    private static IsoMessage Foreign(IsoMessage answer)
    {
        var foreign = new IsoMessage { Mti = answer.Mti };
        foreach (var field in Echoed)
        {
            foreign.Set(field, answer.Get(field));
        }

        answer.TryGetNumber(4, out var amount);
        foreign.Set(4, (amount + 1).ToString("000000000000", CultureInfo.InvariantCulture));
        foreign.SetNumber(39, ActionCode.Approved, 3);
        return foreign;
    }

    private sealed class Connection
    {
        public LineStream Stream { get; set; } = null!;

        public bool IsDeaf { get; set; }
    }
}
