using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Client;

/// <summary>An HTTP server that answers what a test says, and remembers what it was asked.</summary>
internal sealed class CannedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CannedGateway(WebApplication app) => _app = app;

    public List<(string Path, string Body, string? Key)> Asked { get; } = [];

    /// <summary>Takes the number of the request, from 1, and its path.</summary>
    public Func<int, string, HttpContext, Task> Answer { get; set; } = (_, _, _) => Task.CompletedTask;

    public Uri Address => new(_app.Urls.First());

    public static async Task<CannedGateway> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var gateway = new CannedGateway(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            int number;
            lock (gateway.Asked)
            {
                gateway.Asked.Add((context.Request.Path, body, context.Request.Headers["Idempotency-Key"]));
                number = gateway.Asked.Count;
            }

            await gateway.Answer(number, context.Request.Path, context);
        });
        await app.StartAsync();
        return gateway;
    }

    public static async Task Write(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
