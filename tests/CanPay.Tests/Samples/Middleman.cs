using System.Net.Http.Headers;
using CanPay.Tests.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Samples;

/// <summary>Stands between a shop and the real gateway, and lets calls or answers be lost.</summary>
internal sealed class Middleman : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _gateway;

    private Middleman(WebApplication app, Uri gateway)
    {
        _app = app;
        _gateway = new HttpClient { BaseAddress = gateway };
    }

    /// <summary>What becomes of a call: by default the gateway is asked and its answer handed on.</summary>
    public Func<HttpContext, Task> Do { get; set; } = null!;

    public Uri Address => new(_app.Urls.First());

    public static async Task<Middleman> Start(Uri gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var middleman = new Middleman(app, gateway);
        middleman.Do = middleman.Pass;
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(context => middleman.Do(context));
        await app.StartAsync();
        return middleman;
    }

    public async Task Pass(HttpContext context)
    {
        using var answer = await Ask(context);
        await CannedGateway.Write(context, await answer.Content.ReadAsStringAsync(), (int)answer.StatusCode);
    }

    /// <summary>The gateway does what it was asked, and nobody hears of it.</summary>
    public async Task LoseTheAnswer(HttpContext context)
    {
        using var _ = await Ask(context);
        context.Abort();
    }

    public static Task LoseTheCall(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<HttpResponseMessage> Ask(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString)
        {
            Content = new StreamContent(context.Request.Body),
        };
        if (context.Request.ContentType is { } type)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return await _gateway.SendAsync(request);
    }
}
