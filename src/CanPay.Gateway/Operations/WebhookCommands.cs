using System.CommandLine;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay webhook add|list|rotate|disable|enable|remove|deliveries|redeliver|test</c></summary>
internal static class WebhookCommands
{
    private static readonly TimeSpan PatienceWithPing = TimeSpan.FromSeconds(15);

    private static readonly Argument<string> Key = new("ENDPOINT") { Description = "Its name, whe_…, as 'canpay webhook list' shows it." };
    private static readonly Option<bool> Json = new("--json") { Description = "For programs." };

    public static Command Make() => new("webhook", "Where merchants' servers are told of their payments.")
    {
        Add(),
        List(),
        Rotate(),
        OfOne("disable", "Tells an endpoint nothing until it is enabled again.", (tool, key, ct) => WebhookEndpoints.Disable(tool, key, "disabled by an operator", ct), "It is told nothing from now on."),
        OfOne("enable", "Tells an endpoint again, also what waited for it.", WebhookEndpoints.Enable, "It is told from now on."),
        OfOne("remove", "Removes an endpoint and erases its secrets.", WebhookEndpoints.Remove, "It was removed."),
        WebhookDeliveriesCommand.Make(),
        Redeliver(),
        Test(),
    };

    private static Command Add()
    {
        var merchant = new Option<string>("--merchant") { Description = "The merchant's code.", Required = true };
        var url = new Option<string>("--url") { Description = "An https address of the merchant's server.", Required = true };
        var events = new Option<string[]>("--events")
        {
            Description = "What to tell it: " + string.Join(", ", EventTypes.All) + ". Default: all, and whatever is added.",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("add", "Adds an endpoint and prints its secret, once. Example: canpay webhook add --merchant 111-222-333-444 --url https://site.com/canpay/webhook")
        {
            merchant, url, events, Json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            var address = EndpointUrl.Parse(parsed.GetValue(url)!, tool.AddressRules);
            var (row, secret) = await WebhookEndpoints.Add(tool, parsed.GetValue(merchant)!, address.AbsoluteUri, parsed.GetValue(events) ?? [], ct);
            PrintSecret(row.Key, secret, parsed.GetValue(Json), "");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Rotate()
    {
        var command = new Command("rotate", "Gives an endpoint a new secret; the old one signs, too, for a day (Webhooks:RotationHours).") { Key, Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            var secret = await WebhookEndpoints.Rotate(tool, parsed.GetValue(Key)!, ct);
            PrintSecret(
                parsed.GetValue(Key)!, secret, parsed.GetValue(Json),
                $" For {tool.Options<WebhookOptions>().RotationHours} hours the old secret signs, too.");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command List()
    {
        var merchant = new Option<string?>("--merchant") { Description = "Only this merchant's." };
        var command = new Command("list", "All endpoints, and how they fare.") { merchant, Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var code = parsed.GetValue(merchant);
            var rows = await (
                from endpoint in books.WebhookEndpoints.AsNoTracking()
                join owner in books.Merchants on endpoint.MerchantId equals owner.Id
                where endpoint.Status != nameof(EndpointStatus.Removed) && (code == null || owner.Code == code)
                orderby endpoint.Id
                select new
                {
                    Endpoint = endpoint,
                    Merchant = owner.Code,
                    Waiting = books.WebhookDeliveries.Count(row => row.EndpointId == endpoint.Id && row.Status == nameof(DeliveryStatus.Pending)),
                    GivenUp = books.WebhookDeliveries.Count(row => row.EndpointId == endpoint.Id && row.Status == nameof(DeliveryStatus.GivenUp)),
                }).ToListAsync(ct);
            if (parsed.GetValue(Json))
            {
                Tool.PrintJson(rows.Select(row => new
                {
                    endpoint = row.Endpoint.Key,
                    merchant = row.Merchant,
                    url = row.Endpoint.Url,
                    events = row.Endpoint.Events.Split(' '),
                    status = row.Endpoint.Status,
                    note = row.Endpoint.Note,
                    waiting = row.Waiting,
                    given_up = row.GivenUp,
                    failures = row.Endpoint.Failures,
                    paused_until = Tool.Time(row.Endpoint.PausedUntilMs is > 0 and var until ? until : null),
                    old_secret_until = Tool.Time(row.Endpoint.OldUntilMs),
                    is_listener = row.Endpoint.ListenedUntilMs is not null,
                }));
                return CommandLine.Done;
            }

            var table = new Table().AddColumns("endpoint", "merchant", "address", "events", "status", "waiting", "given up", "failures in a row");
            foreach (var row in rows)
            {
                table.AddRow(new[]
                {
                    row.Endpoint.Key, row.Merchant, row.Endpoint.Url, row.Endpoint.Events,
                    row.Endpoint.Note is { } note ? $"{row.Endpoint.Status}: {note}" : row.Endpoint.Status, $"{row.Waiting}", $"{row.GivenUp}", $"{row.Endpoint.Failures}",
                }.Select(Markup.Escape).ToArray());
            }

            Tool.Print(table);
            return CommandLine.Done;
        });
        return command;
    }

    private static Command OfOne(string verb, string text, Func<Tool, string, CancellationToken, Task> change, string done)
    {
        var command = new Command(verb, text) { Key };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await change(tool, parsed.GetValue(Key)!, ct);
            Console.WriteLine(done);
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Redeliver()
    {
        var name = new Argument<string>("EVENT") { Description = "Its name, evt_…" };
        var endpoint = new Option<string?>("--endpoint") { Description = "Only to this one; also where it never went." };
        var command = new Command("redeliver", "Sends an event again, also one that was given up.") { name, endpoint };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            var count = await WebhookEndpoints.Redeliver(tool, parsed.GetValue(name)!, parsed.GetValue(endpoint), ct);
            Console.WriteLine(count > 0 ? $"It is due now, for {count} of the merchant's endpoints." : "There is no active endpoint that it went to; name one with --endpoint.");
            return count > 0 ? CommandLine.Done : CommandLine.No;
        });
        return command;
    }

    private static Command Test()
    {
        var command = new Command("test", "Sends an endpoint an event of the type webhook.ping and says what came of it.") { Key };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            var delivery = await WebhookEndpoints.Ping(tool, parsed.GetValue(Key)!, ct);
            var until = tool.Clock.GetUtcNow() + PatienceWithPing;
            while (tool.Clock.GetUtcNow() < until)
            {
                await using var books = await tool.Books(ct);
                if (await books.WebhookAttempts.AsNoTracking().FirstOrDefaultAsync(row => row.DeliveryId == delivery, ct) is { } attempt)
                {
                    Console.WriteLine($"{attempt.Outcome}: {Answer(attempt)} in {attempt.DurationMs} ms.");
                    return attempt.Outcome == nameof(AttemptOutcome.Delivered) ? CommandLine.Done : CommandLine.No;
                }

                await Task.Delay(100, ct);
            }

            await Console.Error.WriteLineAsync("canpay: nobody has sent it yet. Is a gateway with the role jobs running? It goes out when one is.");
            return CommandLine.CouldNot;
        });
        return command;
    }

    /// <summary>What an attempt met, in words.</summary>
    public static string Answer(WebhookAttemptRow attempt) =>
        string.Join(", ", new[] { attempt.HttpStatus is { } status ? $"HTTP {status}" : null, attempt.Note }.OfType<string>());

    private static void PrintSecret(string endpoint, WebhookSecret secret, bool asJson, string note)
    {
        if (asJson)
        {
            Tool.PrintJson(new { endpoint, secret = secret.Reveal() });
        }
        else
        {
            Console.WriteLine($"{endpoint}\n{secret.Reveal()}");
            Console.Error.WriteLine($"The secret is shown only now; its place is the merchant's server.{note}");
        }
    }
}
