using System.CommandLine;
using System.Runtime.InteropServices;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>
/// <c>canpay listen</c>: shows a developer the events of a merchant as they come, and hands them to a server on this machine. An
/// endpoint like any other, as long as the command runs; only that the command itself sends.
/// </summary>
internal static class ListenCommand
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>A listener that has not been heard of for so long is gone: killed, and not stopped.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(1);

    public static Command Make()
    {
        var merchant = new Option<string>("--merchant") { Description = "The merchant's code.", Required = true };
        var to = new Option<string?>("--forward-to") { Description = "Where to hand them to, signed. Example: http://localhost:3000/hook" };
        var command = new Command("listen", "Shows a merchant's events as they come and hands them on, for developers. In the sandbox only.") { merchant, to };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            if (!tool.Options<SandboxOptions>().Enabled)
            {
                throw new StartException("canpay listen is for the sandbox. Where money is real an endpoint has an https address: canpay webhook add.");
            }

            var target = parsed.GetValue(to) is { } text ? EndpointUrl.Parse(text, tool.AddressRules) : null;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            await RemoveDead(tool, ct);
            var (row, secret) = await WebhookEndpoints.Add(
                tool, parsed.GetValue(merchant)!, target?.AbsoluteUri ?? "http://localhost/listen", [], ct, tool.Clock.GetUtcNow() + Alive);
            Console.WriteLine($"Listening to {parsed.GetValue(merchant)}{(target is null ? "" : $" for {target}")}. Ctrl-C ends it.");
            Console.WriteLine($"Secret: {secret.Reveal()}");
            try
            {
                await Listen(tool, row.Id, target, stop.Token);
            }
            finally
            {
                await WebhookEndpoints.Remove(tool, row.Key, CancellationToken.None);
            }

            return CommandLine.Done;

            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true; // not the end of the process: the endpoint is removed first
                stop.Cancel();
            }
        });
        return command;
    }

    private static async Task Listen(Tool tool, long endpoint, Uri? target, CancellationToken ct)
    {
        var limits = DeliveryLimits.From(tool.Options<WebhookOptions>()) with { PerEndpoint = 1, FailuresBeforePause = int.MaxValue };
        var renewAt = DateTimeOffset.MinValue;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (tool.Clock.GetUtcNow() >= renewAt)
                {
                    await Renew(tool, endpoint, CancellationToken.None);
                    renewAt = tool.Clock.GetUtcNow() + (Alive / 3);
                }

                if (await tool.Webhooks.Claim(1, limits, endpoint, CancellationToken.None) is [var claimed])
                {
                    Print(claimed, await tool.Delivery.Deliver(claimed, target));
                    continue;
                }
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                await Console.Error.WriteLineAsync("canpay: the books cannot be reached; it is tried again. " + e.Message.ReplaceLineEndings(" "));
            }

            await Task.Delay(Every, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Print(ClaimedDelivery claimed, FinishedDelivery finished)
    {
        var told = claimed.Event;
        var answer = finished.Outcome.HttpStatus is { } status ? $"{status} in {finished.Outcome.DurationMs} ms" : finished.Outcome.Note;
        var again = finished.DueAt is { } due ? $"; again at {due.UtcDateTime:HH:mm:ss}" : "";
        Console.WriteLine($"{told.At.UtcDateTime:HH:mm:ss.fff} {told.Type} {told.Key} {claimed.Payment?.Token} [{answer}{again}]");
    }

    private static async Task Renew(Tool tool, long endpoint, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        var until = (tool.Clock.GetUtcNow() + Alive).ToUnixTimeMilliseconds();
        await books.WebhookEndpoints.Where(row => row.Id == endpoint).ExecuteUpdateAsync(row => row.SetProperty(e => e.ListenedUntilMs, until), ct);
    }

    private static async Task RemoveDead(Tool tool, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var key in await books.WebhookEndpoints.AsNoTracking()
            .Where(row => row.ListenedUntilMs < now && row.Status != nameof(EndpointStatus.Removed)).Select(row => row.Key).ToListAsync(ct))
        {
            await WebhookEndpoints.Remove(tool, key, ct);
        }
    }
}
