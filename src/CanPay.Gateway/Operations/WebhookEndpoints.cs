using System.Security.Cryptography;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Storage;
using CanPay.Gateway.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CanPay.Gateway.Operations;

/// <summary>What is done to a merchant's endpoints. Works at once: the tables themselves look at them with every move.</summary>
internal static class WebhookEndpoints
{
    private const int KeyLength = 26;

    /// <summary>A new endpoint, and its secret, which is told only now.</summary>
    /// <param name="listenedUntil">Only of <c>canpay listen</c>.</param>
    public static async Task<(WebhookEndpointRow Row, WebhookSecret Secret)> Add(
        Tool tool, string merchant, string url, IReadOnlyCollection<string> events, CancellationToken ct, DateTimeOffset? listenedUntil = null)
    {
        // Whoever makes the first key of all takes a turn, or nodes that start meanwhile would not know it.
        await using var turn = await tool.Engine.TakeTurn(ct);
        await using var books = await tool.Books(ct);
        var owner = (await Merchant(books, merchant, ct)).Id;
        if (listenedUntil is null && await books.WebhookEndpoints
            .Where(other => other.MerchantId == owner && other.Url == url && other.Status != nameof(EndpointStatus.Removed) && other.ListenedUntilMs == null)
            .Select(other => other.Key).FirstOrDefaultAsync(ct) is { } known)
        {
            throw new StartException($"{merchant} has this endpoint already: {known}. Its secret is shown no more; canpay webhook rotate gives it a new one.");
        }

        var secret = WebhookSecret.New();
        var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var row = new WebhookEndpointRow
        {
            Key = "whe_" + RandomNumberGenerator.GetHexString(KeyLength, lowercase: true),
            MerchantId = owner,
            Url = url,
            Events = Events(events),
            Status = nameof(EndpointStatus.Active),
            ActiveSinceMs = now,
            SealedSecret = tool.Secrets.Seal(secret),
            ListenedUntilMs = listenedUntil?.ToUnixTimeMilliseconds(),
            CreatedAtMs = now,
        };
        books.WebhookEndpoints.Add(row);
        await books.SaveChangesAsync(ct);
        return (row, secret);
    }

    /// <summary>A new secret; the one before it signs, too, for the hours of the setting.</summary>
    public static async Task<WebhookSecret> Rotate(Tool tool, string key, CancellationToken ct)
    {
        await using var turn = await tool.Engine.TakeTurn(ct);
        await using var books = await tool.Books(ct);
        var row = await Endpoint(books, key, ct);
        var secret = WebhookSecret.New();
        var hours = tool.Options<WebhookOptions>().RotationHours;
        row.OldSecret = hours > 0 ? row.SealedSecret : null;
        row.OldUntilMs = hours > 0 ? tool.Clock.GetUtcNow().AddHours(hours).ToUnixTimeMilliseconds() : null;
        row.SealedSecret = tool.Secrets.Seal(secret);
        await books.SaveChangesAsync(ct);
        return secret;
    }

    /// <summary>From now on it is told nothing; what waits for it waits, until it is enabled again or its time is over.</summary>
    public static Task Disable(Tool tool, string key, string note, CancellationToken ct) => Change(tool, key, row =>
    {
        row.Status = nameof(EndpointStatus.Disabled);
        row.Note = note;
    }, ct);

    public static Task Enable(Tool tool, string key, CancellationToken ct) => Change(tool, key, row =>
    {
        if (row.Status != nameof(EndpointStatus.Active))
        {
            row.ActiveSinceMs = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        }

        row.Status = nameof(EndpointStatus.Active);
        (row.Note, row.Failures, row.PausedUntilMs) = (null, 0, 0);
    }, ct);

    /// <summary>It is told nothing any more, its secrets are erased, and what waited for it is given up.</summary>
    public static async Task Remove(Tool tool, string key, CancellationToken ct)
    {
        await Change(tool, key, row =>
        {
            row.Status = nameof(EndpointStatus.Removed);
            (row.SealedSecret, row.OldSecret, row.OldUntilMs) = (null, null, null);
        }, ct);
        await using var books = await tool.Books(ct);
        var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await books.WebhookDeliveries
            .Where(row => row.Status == nameof(DeliveryStatus.Pending) && books.WebhookEndpoints.Any(endpoint => endpoint.Key == key && endpoint.Id == row.EndpointId))
            .ExecuteUpdateAsync(row => row
                .SetProperty(delivery => delivery.Status, nameof(DeliveryStatus.GivenUp))
                .SetProperty(delivery => delivery.Note, "its endpoint was removed")
                .SetProperty(delivery => delivery.EndedAtMs, now), ct);
    }

    /// <summary>Makes an event due again, with all its time before it.</summary>
    /// <returns>To how many endpoints it goes.</returns>
    public static async Task<int> Redeliver(Tool tool, string eventKey, string? endpointKey, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        var told = await books.WebhookEvents.AsNoTracking().SingleOrDefaultAsync(row => row.Key == eventKey, ct)
            ?? throw new StartException($"There is no event {eventKey}.");
        var endpoints = await books.WebhookEndpoints.AsNoTracking()
            .Where(row => row.MerchantId == told.MerchantId && row.Status == nameof(EndpointStatus.Active) && (endpointKey == null || row.Key == endpointKey))
            .Select(row => row.Id).ToListAsync(ct);
        var known = await books.WebhookDeliveries.Where(row => row.EventId == told.Id && endpoints.Contains(row.EndpointId)).ToListAsync(ct);
        var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();

        // To whom it went once it goes again; to whom it never went it goes only when that one is named.
        if (endpointKey is not null && known.Count == 0)
        {
            books.WebhookDeliveries.AddRange(endpoints.Select(endpoint => Delivery(told, endpoint, now)));
        }

        foreach (var row in known)
        {
            (row.Status, row.BornAtMs, row.DueAtMs, row.Attempts, row.EndedAtMs) = (nameof(DeliveryStatus.Pending), now, now, 0, null);
        }

        await books.SaveChangesAsync(ct);
        return endpointKey is null ? known.Count : endpoints.Count;
    }

    /// <summary>An event of the type <c>webhook.ping</c> for one endpoint.</summary>
    /// <returns>The delivery's row.</returns>
    public static async Task<long> Ping(Tool tool, string key, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        var endpoint = await Endpoint(books, key, ct);
        if (endpoint.Status != nameof(EndpointStatus.Active))
        {
            throw new StartException($"{key} is not active: {endpoint.Note ?? endpoint.Status}.");
        }

        var now = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var transaction = await books.Database.BeginTransactionAsync(ct);
        var ping = new WebhookEventRow
        {
            Key = "evt_" + RandomNumberGenerator.GetHexString(KeyLength, lowercase: true),
            MerchantId = endpoint.MerchantId,
            Type = EventTypes.Ping,
            AtMs = now,
        };
        books.WebhookEvents.Add(ping);
        await books.SaveChangesAsync(ct);
        var delivery = Delivery(ping, endpoint.Id, now);
        books.WebhookDeliveries.Add(delivery);
        await books.SaveChangesAsync(ct);
        await transaction.CommitAsync(CancellationToken.None);
        return delivery.Id;
    }

    /// <exception cref="StartException">There is none.</exception>
    public static async Task<MerchantRow> Merchant(CanPayContext books, string code, CancellationToken ct) =>
        await books.Merchants.AsNoTracking().SingleOrDefaultAsync(row => row.Code == code, ct)
        ?? throw new StartException($"There is no merchant with the code {code}.");

    private static WebhookDeliveryRow Delivery(WebhookEventRow told, long endpoint, long now) => new()
    {
        EventId = told.Id,
        EndpointId = endpoint,
        PaymentId = told.PaymentId,
        Status = nameof(DeliveryStatus.Pending),
        BornAtMs = now,
        DueAtMs = now,
    };

    private static async Task Change(Tool tool, string key, Action<WebhookEndpointRow> change, CancellationToken ct)
    {
        await using var books = await tool.Books(ct);
        change(await Endpoint(books, key, ct));
        await books.SaveChangesAsync(ct);
    }

    private static async Task<WebhookEndpointRow> Endpoint(CanPayContext books, string key, CancellationToken ct) =>
        await books.WebhookEndpoints.SingleOrDefaultAsync(row => row.Key == key && row.Status != nameof(EndpointStatus.Removed), ct)
        ?? throw new StartException($"There is no endpoint {key} (canpay webhook list).");

    private static string Events(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0 || names.Contains("*", StringComparer.Ordinal))
        {
            return "*";
        }

        return names.FirstOrDefault(name => !EventTypes.All.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new StartException($"There are no events of the type '{unknown}'. There are: {string.Join(", ", EventTypes.All)}.")
            : string.Join(' ', names.Distinct(StringComparer.Ordinal));
    }
}

/// <summary>Whether an endpoint is told of events. Stored by name.</summary>
internal enum EndpointStatus
{
    Active,
    Disabled,

    /// <summary>Kept for the log's sake; without secrets.</summary>
    Removed,
}
