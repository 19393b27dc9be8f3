using System.Diagnostics;
using System.Globalization;
using CanPay.Iso8583;

namespace CanPay.Bench;

/// <summary>Round trips (encode, then decode) of a purchase in a second of CPU time: ours, a dictionary of strings, and npm's iso_8583.</summary>
internal sealed class CodecRounds
{
    /// <summary>The purchase as the gateway sends it; bytes in hexadecimal.</summary>
    private static readonly Dictionary<int, string> Purchase = new()
    {
        [0] = "1200",
        [2] = "5022290000087122",
        [3] = "000000",
        [4] = "000000010000",
        [7] = "1124110600",
        [11] = "000001",
        [12] = "261124143600",
        [14] = "0912",
        [18] = "5999",
        [22] = "700101700100",
        [24] = "200",
        [32] = "581672000",
        [37] = "632814000001",
        [41] = "00000001",
        [42] = "000000000000001",
        [48] = "CV2003123",
        [49] = "364",
        [52] = "0102030405060708",
        [53] = "01010001",
        [128] = "1122334455667788",
    };

    private readonly IsoMessage _message = Message();
    private readonly IsoMessage _read = new();
    private readonly byte[] _bytes = new byte[MessageCodec.MaxLength];
    private readonly DictionaryCodec _dictionary = new(MessageFormat.Shetab);
    private readonly Process? _node;

    /// <param name="machine">Starts node.</param>
    /// <param name="judge">Folder of <c>speed.mjs</c> with iso_8583 installed beside it; none where there is no node.</param>
    public CodecRounds(Machine machine, string? judge)
    {
        _node = judge is null ? null : machine.StartPiped("node", [Path.Combine(judge, "speed.mjs")]);
        var length = MessageFormat.Shetab.Encode(_message, _bytes);
        if (!_dictionary.Encode(Purchase).AsSpan().SequenceEqual(_bytes.AsSpan(0, length)))
        {
            throw new InvalidOperationException("The two codecs do not write the same bytes.");
        }
    }

    public bool HasNode => _node is not null;

    /// <summary>Bytes that one round trip of ours allocates.</summary>
    public double Allocated { get; private set; }

    public Sample Ours(double seconds)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (perSecond, count) = Measure(seconds, () =>
        {
            var length = MessageFormat.Shetab.Encode(_message, _bytes);
            if (!MessageFormat.Shetab.TryDecode(_bytes.AsSpan(0, length), _read, out _))
            {
                throw new InvalidOperationException("What was written is not read.");
            }
        });
        Allocated = (double)((GC.GetAllocatedBytesForCurrentThread() - before) / count);
        return new Sample(perSecond);
    }

    public Sample Dictionary(double seconds) => new(Measure(seconds, () => _dictionary.Decode(_dictionary.Encode(Purchase))).PerSecond);

    public Sample Node(double seconds)
    {
        _node!.StandardInput.WriteLine(seconds.ToString(CultureInfo.InvariantCulture));
        _node.StandardInput.Flush();
        return new Sample(double.Parse(
            _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("node has ended."), CultureInfo.InvariantCulture));
    }

    /// <summary>By CPU time of this process, which does nothing else meanwhile: a busy machine makes it longer, not slower.</summary>
    private static (double PerSecond, long Count) Measure(double seconds, Action once)
    {
        var before = Environment.CpuUsage.TotalTime;
        var cpu = 0.0;
        var count = 0L;
        while (cpu < seconds)
        {
            for (var i = 0; i < 10_000; i++)
            {
                once();
            }

            count += 10_000;
            cpu = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }

        return (count / cpu, count);
    }

    private static IsoMessage Message()
    {
        var message = new IsoMessage { Mti = int.Parse(Purchase[0], CultureInfo.InvariantCulture) };
        foreach (var (field, value) in Purchase.Where(pair => pair.Key > 0))
        {
            if (MessageFormat.Shetab[field]!.Kind is FieldKind.Hex)
            {
                message.Set(field, Convert.FromHexString(value));
            }
            else
            {
                message.Set(field, value);
            }
        }

        return message;
    }
}
