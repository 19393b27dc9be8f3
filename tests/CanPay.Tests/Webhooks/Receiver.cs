using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Webhooks;

/// <summary>A merchant's server that is told of events, and answers as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Everything that came, in the order in which it came, also what was not taken.</summary>
    public ConcurrentQueue<Received> Got { get; } = new();

    /// <summary>What to answer; 204 where a test says nothing.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    public static async Task<Receiver> Start(int? port = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = new Uri($"http://127.0.0.1:{port ?? FreePorts.Next()}/hook");
        var app = builder.Build();
        app.Urls.Add(url.GetLeftPart(UriPartial.Authority));
        var receiver = new Receiver(app, url);
        app.Run(receiver.Take);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The events that came, each as often as it came: type and token.</summary>
    public IReadOnlyList<string> Types(string? token = null) =>
        [.. Got.Where(got => token is null || got.Token == token).Select(got => got.Type)];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var got = new Received(
            context.Request.Headers["webhook-id"].ToString(),
            context.Request.Headers["webhook-timestamp"].ToString(),
            context.Request.Headers["webhook-signature"].ToString(),
            await reader.ReadToEndAsync());
        Got.Enqueue(got);
        await Answer(got, context);
    }
}

internal sealed record Received(string Id, string Timestamp, string Signature, string Body)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public string? Token => Json.GetProperty("data").TryGetProperty("token", out var token) ? token.GetString() : null;

    /// <summary>As a receiver with this secret has it.</summary>
    public Letter With(string secret) => new(secret, Id, long.Parse(Timestamp, System.Globalization.CultureInfo.InvariantCulture), Signature, Body);
}
