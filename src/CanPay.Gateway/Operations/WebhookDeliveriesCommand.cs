using System.CommandLine;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay webhook deliveries</c>: what was told to whom, and how often it was tried.</summary>
internal static class WebhookDeliveriesCommand
{
    public static Command Make()
    {
        var merchant = new Option<string?>("--merchant") { Description = "Only this merchant's." };
        var payment = new Option<string?>("--payment") { Description = "Only this payment's, by its token." };
        var named = new Option<string?>("--event") { Description = "Only this event's." };
        var failed = new Option<bool>("--failed") { Description = "Only what was not taken: waiting after a failure, or given up." };
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 50 };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new Command("deliveries", "The log: events, endpoints, tries.") { merchant, payment, named, failed, limit, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var rows = await Find(
                books, parsed.GetValue(merchant), parsed.GetValue(payment), parsed.GetValue(named), parsed.GetValue(failed), parsed.GetValue(limit), ct);
            if (parsed.GetValue(json))
            {
                Tool.PrintJson(rows.Select(Shape));
            }
            else
            {
                Print(rows);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<List<Line>> Find(
        CanPayContext books, string? merchant, string? payment, string? named, bool failed, int limit, CancellationToken ct)
    {
        var deliveries = await (
            from delivery in books.WebhookDeliveries.AsNoTracking()
            join told in books.WebhookEvents on delivery.EventId equals told.Id
            join endpoint in books.WebhookEndpoints on delivery.EndpointId equals endpoint.Id
            join owner in books.Merchants on told.MerchantId equals owner.Id
            where (merchant == null || owner.Code == merchant)
                && (named == null || told.Key == named)
                && (payment == null || books.Payments.Any(row => row.Id == told.PaymentId && row.Token == payment))
                && (!failed || delivery.Status == nameof(DeliveryStatus.GivenUp) || (delivery.Status == nameof(DeliveryStatus.Pending) && delivery.Attempts > 0))
            orderby delivery.Id descending
            select new { Delivery = delivery, Event = told, Endpoint = endpoint, Merchant = owner.Code }).Take(limit).ToListAsync(ct);
        var ids = deliveries.Select(row => row.Delivery.Id).ToList();
        var attempts = (await books.WebhookAttempts.AsNoTracking().Where(row => ids.Contains(row.DeliveryId)).OrderBy(row => row.Id).ToListAsync(ct))
            .ToLookup(row => row.DeliveryId);
        return [.. deliveries.Select(row => new Line(row.Delivery, row.Event, row.Endpoint, row.Merchant, [.. attempts[row.Delivery.Id]]))];
    }

    private static object Shape(Line line) => new
    {
        @event = line.Event.Key,
        type = line.Event.Type,
        created_at = Tool.Time(line.Event.AtMs),
        merchant = line.Merchant,
        endpoint = line.Endpoint.Key,
        url = line.Endpoint.Url,
        status = line.Delivery.Status,
        next_try_at = line.Delivery.Status == nameof(DeliveryStatus.Pending) ? Tool.Time(line.Delivery.DueAtMs) : null,
        note = line.Delivery.Note,
        attempts = line.Attempts.Select(attempt => new
        {
            at = Tool.Time(attempt.AtMs),
            duration_ms = attempt.DurationMs,
            outcome = attempt.Outcome,
            http_status = attempt.HttpStatus,
            note = attempt.Note,
        }),
    };

    private static void Print(List<Line> lines)
    {
        var table = new Table().AddColumns("event", "type", "created", "merchant", "address", "status", "tries", "last answer", "next try");
        foreach (var line in lines)
        {
            table.AddRow(new[]
            {
                line.Event.Key, line.Event.Type, Tool.Time(line.Event.AtMs), line.Merchant, line.Endpoint.Url, line.Delivery.Status, $"{line.Attempts.Count}",
                line.Attempts.Count > 0 ? WebhookCommands.Answer(line.Attempts[^1]) : line.Delivery.Note ?? "",
                line.Delivery.Status == nameof(DeliveryStatus.Pending) ? Tool.Time(line.Delivery.DueAtMs) : "",
            }.Select(Markup.Escape).ToArray());
        }

        Tool.Print(table);
    }

    private sealed record Line(
        WebhookDeliveryRow Delivery, WebhookEventRow Event, WebhookEndpointRow Endpoint, string Merchant, IReadOnlyList<WebhookAttemptRow> Attempts);
}
