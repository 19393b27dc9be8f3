using CanPay.Client;
using Microsoft.Extensions.Options;

namespace CanPay.Samples.Shop;

/// <summary>The shop's side of paying: begin, come back, verify, deliver once.</summary>
internal sealed class Payments(CanPayClient gateway, Orders orders, IOptions<ShopOptions> options, ILogger<Payments> log)
{
    public const string CallbackPath = "/payment/callback";
    public const string WebhookPath = "/payment/webhook";

    /// <summary>Begins the payment of an order.</summary>
    /// <returns>Where to send the payer.</returns>
    public async Task<Uri> Begin(Order order, string? mobile, CancellationToken ct)
    {
        var number = order.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var token = await gateway.RequestTokenAsync(
            new TokenRequest(order.AmountRials, new Uri(options.Value.Base() + CallbackPath), number)
            {
                Mobile = mobile,
                IdempotencyKey = order.Key,
            },
            ct);
        orders.KeepToken(order, token.Token);
        return token.Url;
    }

    /// <summary>The payer came back. What the browser says is only a reason to ask the gateway.</summary>
    /// <returns>The order, or null where it is none of ours.</returns>
    public async Task<Order?> ComeBack(PaymentCallback callback, CancellationToken ct)
    {
        if (orders.ByNumber(callback.InvoiceId) is not { } order || order.Token is not { } token
            || !callback.IsOf(token, order.AmountRials))
        {
            return null;
        }

        if (callback.Success)
        {
            orders.Move(order, OrderStatus.Checking);
        }

        // Also after success=0: only the gateway knows whether the payer cancelled, and a forged callback cancels nothing.
        await Settle(order, ct);
        return orders.ByKey(order.Key);
    }

    /// <summary>Asks the gateway what became of an order. Harmless to repeat.</summary>
    public async Task Settle(Order order, CancellationToken ct)
    {
        if (order.Status is OrderStatus.Paid || order.Token is not { } token)
        {
            return;
        }

        try
        {
            var verified = await gateway.VerifyAsync(token, order.AmountRials, ct);
            if (orders.MarkPaid(order, verified.Card, verified.Reference))
            {
                log.Delivered(order.Number, verified.Reference);
            }
        }
        catch (CanPayRefusedException e)
        {
            log.NotVerified(order.Number, e.Name);
            if (e.IsNotPaid)
            {
                orders.Move(order, e.Name == CanPayErrors.PaymentCancelled ? OrderStatus.Cancelled : OrderStatus.Failed);
            }
        }
        catch (CanPayUnavailableException e)
        {
            log.Unknown(order.Number, e.Message);
            orders.Move(order, OrderStatus.Checking);
        }
    }
}

/// <summary>Asks again about orders whose end is not known: a lost answer, or a payer who never came back.</summary>
internal sealed class OpenOrders(Payments payments, Orders orders, TimeProvider clock, ILogger<OpenOrders> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PayersTakeTheirTime = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ConfigureAwait(false))
        {
            foreach (var order in orders.Open(clock.GetUtcNow() - PayersTakeTheirTime))
            {
#pragma warning disable CA1031 // logged; the next turn tries again
                try
                {
                    await payments.Settle(order, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.CheckFailed(e, order.Number);
                }
#pragma warning restore CA1031
            }
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Order {Number} is paid ({Reference}) and goes out")]
    public static partial void Delivered(this ILogger log, long number, string reference);

    [LoggerMessage(2, LogLevel.Information, "Order {Number} is not paid: {Reason}")]
    public static partial void NotVerified(this ILogger log, long number, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Order {Number}: the gateway did not say; asked again later. {Reason}")]
    public static partial void Unknown(this ILogger log, long number, string reason);

    [LoggerMessage(4, LogLevel.Error, "Order {Number} could not be checked")]
    public static partial void CheckFailed(this ILogger log, Exception exception, long number);
}
