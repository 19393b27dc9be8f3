using System.Text.Json;
using System.Threading.Channels;
using CanPay.Gateway.Api;
using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Sandbox;

/// <summary>Keeps the calls of test merchants, and in the sandbox everybody's; beside the answer, and never many: a load test is not worth reading.</summary>
internal sealed class CallRecorder(ISandboxStore store, IOptions<SandboxOptions> options, TimeProvider clock, ILogger<CallRecorder> log)
    : BackgroundService, ICallRecorder
{
    private const int MaxText = 4_000;
    private const int MaxWaiting = 500;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromHours(1);

    private readonly Channel<SandboxCall> _calls = Channel.CreateBounded<SandboxCall>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private long _second;
    private int _kept;

    public void Heard(HttpContext context, RequestFields fields, Merchant merchant, int status, string answer)
    {
        if ((!merchant.IsTest && !options.Value.Enabled) || !MayKeep())
        {
            return;
        }

        _calls.Writer.TryWrite(new SandboxCall(
            clock.GetUtcNow(), merchant.Id, TokenOf(fields, answer), context.Request.Path, context.TraceIdentifier, status, Cut(fields.Body), Cut(answer)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var swept = DateTimeOffset.MinValue;
        try
        {
            while (await _calls.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<SandboxCall>();
                while (batch.Count < 100 && _calls.Reader.TryRead(out var call))
                {
                    batch.Add(call);
                }

                try
                {
                    await store.Keep(batch, stoppingToken);
                    if (clock.GetUtcNow() - swept > BetweenSweeps)
                    {
                        swept = clock.GetUtcNow();
                        await store.Forget(swept - TimeSpan.FromDays(options.Value.CallsKeptDays), stoppingToken);
                    }
                }
                catch (Exception e) when (StoreUnavailableException.Explains(e))
                {
                    log.CallsNotKept(batch.Count, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not written by now nobody misses.
        }
    }

    private bool MayKeep()
    {
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref _second, second) != second)
        {
            Interlocked.Exchange(ref _kept, 0);
        }

        return Interlocked.Increment(ref _kept) <= options.Value.CallsKeptPerSecond;
    }

    /// <summary>Asked by it, or answered with it.</summary>
    private static string? TokenOf(RequestFields fields, string answer)
    {
        foreach (var name in (ReadOnlySpan<string>)["token", "amount"])
        {
            if (fields.Find(name)?.Plain is { } sent && PaymentToken.IsWellFormed(sent))
            {
                return sent;
            }
        }

        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("token", out var token) ? token.GetString() : null;
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
}
