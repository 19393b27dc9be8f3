using System.Globalization;
using System.Text.Json;

namespace CanPay.Simulator;

/// <summary>What the simulator shows over HTTP: a page for people, JSON for programs; and it takes SMS.</summary>
internal static class SimulatorWeb
{
    private const int LongestNumber = 20;
    private const int LongestText = 1_000;
    private const string Policy =
        "default-src 'none'; img-src data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void Map(WebApplication app)
    {
        app.MapGet("/", (HttpContext context, Books books, Pins pins, SwitchServer server, Faults faults, TimeProvider clock) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-store";
            return Results.Content(new SimulatorPage(books, pins, server, faults, clock.GetUtcNow()).Html(), "text/html; charset=utf-8");
        });
        app.MapGet("/simulator.css", () => Asset("simulator.css", "text/css; charset=utf-8"));
        app.MapGet("/simulator.js", () => Asset("simulator.js", "text/javascript; charset=utf-8"));
        app.MapGet("/books.json", BooksJsonOf);
        app.MapGet("/sms.json", (Books books) => Results.Json(books.Messages, BooksJson.Default.IReadOnlyListSms));
        app.MapPost("/sms", TakeSms);
        Peyvand.Map(app);
        app.MapGet("/health", (Books books) => books.Failure is { } failure
            ? Results.Text(failure, statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ok"));
    }

    /// <summary>All messages, oldest first; <c>?rrn=</c> those of one purchase, <c>?after=</c> (ISO 8601) those booked later.</summary>
    private static IResult BooksJsonOf(Books books, string? rrn, string? after)
    {
        var since = DateTimeOffset.MinValue;
        if (after is not null && !DateTimeOffset.TryParse(
            after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out since))
        {
            return Results.Text("'after' must be an instant as ISO 8601 writes it, such as 2026-01-31T08:30:00Z.", statusCode: 400);
        }

        IReadOnlyList<Entry> entries =
            [.. books.Entries.Where(entry => (rrn is null || entry.Rrn == rrn) && (after is null || entry.At > since))];
        return Results.Json(entries, BooksJson.Default.IReadOnlyListEntry);
    }

    /// <summary>JSON <c>{"to": "09123456789", "text": "…"}</c>. Answers when it is on disk.</summary>
    private static async Task<IResult> TakeSms(HttpRequest request, Books books, TimeProvider clock, CancellationToken ct)
    {
        SmsRequest? sms;
        try
        {
            sms = await JsonSerializer.DeserializeAsync(request.Body, BooksJson.Default.SmsRequest, ct);
        }
        catch (JsonException)
        {
            sms = null;
        }

        if (sms is not { To.Length: > 0 and <= LongestNumber, Text.Length: > 0 and <= LongestText })
        {
            return Results.Text(
                $"An SMS is JSON with 'to' (at most {LongestNumber} characters) and 'text' (at most {LongestText}).", statusCode: 400);
        }

        await books.Book(new Sms(sms.To, sms.Text, clock.GetUtcNow()));
        return Results.NoContent();
    }

    private static IResult Asset(string name, string type)
    {
        var stream = typeof(SimulatorWeb).Assembly.GetManifestResourceStream(name);
        return stream is null ? Results.NotFound() : Results.Stream(stream, type);
    }
}

/// <summary>An SMS to be sent.</summary>
internal sealed record SmsRequest(string? To, string? Text);
