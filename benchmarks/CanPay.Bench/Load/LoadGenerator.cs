using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;

namespace CanPay.Bench;

/// <summary>Many payers and their shops: as fast as they can, or at a pace that does not wait for anybody.</summary>
/// <param name="order">What is asked.</param>
/// <param name="cards">For <see cref="LoadKind.Api"/>.</param>
internal sealed class LoadGenerator(LoadOrder order, CardStep? cards)
{
    public const string MerchantCode = "111-222-333-444";

    private const double LateMs = 10;

    private readonly string _run = RandomNumberGenerator.GetHexString(8);
    private readonly Dictionary<string, int> _failures = [];
    private readonly List<float> _verifyMs = [];
    private readonly List<float> _wholeMs = [];
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _done;
    private int _started;
    private int _late;

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    private TimeSpan End => TimeSpan.FromSeconds(order.RampSeconds + order.Seconds);

    public async Task<LoadResult> Run(Action begun, Action ended)
    {
        var work = Task.WhenAll(Enumerable.Range(0, order.Clients).Select(client => Task.Run(() => Client(client))));
        await Task.Delay(TimeSpan.FromSeconds(order.RampSeconds));
        begun();
        var before = (Done: Volatile.Read(ref _done), Cpu: Cpu(), At: Elapsed);
        await Task.Delay(TimeSpan.FromSeconds(order.Seconds));
        var count = Volatile.Read(ref _done) - before.Done;
        var seconds = (Elapsed - before.At).TotalSeconds;
        var cpu = Cpu() - before.Cpu;
        ended();
        await work;
        return new LoadResult(
            count / seconds,
            count,
            count == 0 ? 0 : cpu.TotalMicroseconds / count,
            Latency.Of(_verifyMs),
            Latency.Of(_wholeMs),
            _started == 0 ? 0 : (double)_late / _started,
            _failures);
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private async Task Client(int number)
    {
        using var http = new HttpConnection(new IPEndPoint(IPAddress.Loopback, order.Ports[number % order.Ports.Length]));
        var payer = new Payer(http, order.Kind, cards);
        var verifyMs = new List<float>();
        var wholeMs = new List<float>();
        try
        {
            for (var i = 0; await MayBegin(); i++)
            {
                var at = Elapsed;
                if (await payer.Pay($"{_run}-{number}-{i}"))
                {
                    Interlocked.Increment(ref _done);
                }
                else
                {
                    Fail(payer.Failure);
                }

                if (at.TotalSeconds >= order.RampSeconds)
                {
                    wholeMs.Add((float)(Elapsed - at).TotalMilliseconds);
                    verifyMs.Add((float)payer.VerifyMs);
                }
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            Fail(e.Message);
        }

        lock (_failures)
        {
            _verifyMs.AddRange(verifyMs);
            _wholeMs.AddRange(wholeMs);
        }
    }

    /// <summary>With a pace: waits for the time of the next payment, which was fixed before anything began.</summary>
    private async ValueTask<bool> MayBegin()
    {
        if (order.PerSecond is not { } pace)
        {
            return Elapsed < End;
        }

        var due = TimeSpan.FromSeconds((Interlocked.Increment(ref _started) - 1) / pace);
        if (due >= End)
        {
            Interlocked.Decrement(ref _started);
            return false;
        }

        if (due - Elapsed is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait);
        }

        if ((Elapsed - due).TotalMilliseconds > LateMs)
        {
            Interlocked.Increment(ref _late);
        }

        return true;
    }

    private void Fail(string what)
    {
        lock (_failures)
        {
            _failures[what] = _failures.GetValueOrDefault(what) + 1;
        }
    }
}
