using System.Text;
using CanPay.Gateway.Checkout;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanPay.Tests.Checkout;

/// <summary>Something between browsers and the gateway changes the page: one byte, one header, one element.</summary>
public sealed class PageCheckTests
{
    [Theory]
    [InlineData("nothing", "")]
    [InlineData("a byte of a script", "/pay.")]
    [InlineData("a byte of the style", "pay.")]
    [InlineData("a header", "X-Frame-Options")]
    [InlineData("the policy", "Content-Security-Policy")]
    [InlineData("a script more", "https://evil.example/x.js")]
    [InlineData("an inline script", "holds <script>")]
    [InlineData("an attribute", "<img src=x onload=send()>")]
    [InlineData("a frame", "<iframe")]
    public async Task Whatever_is_changed_on_the_way_is_found(string change, string said)
    {
        await using var world = await World.Start();
        var token = await world.Token();
        await using var proxy = await Proxy(world.Http, change);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Referrer = new Uri("http://127.0.0.1:5090/");

        var found = await new PageCheck(http, new Uri(proxy.Urls.First())).Run(token, TestContext.Current.CancellationToken);

        if (change == "nothing")
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.Contains(found, line => line.Contains(said, StringComparison.Ordinal));
        }
    }

    private static async Task<WebApplication> Proxy(HttpClient gateway, string change)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, context.Request.Path);
            request.Headers.Referrer = new Uri("http://127.0.0.1:5090/");
            using var answer = await gateway.SendAsync(request);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var header in answer.Headers.Where(header => header.Key != "Transfer-Encoding"))
            {
                context.Response.Headers[header.Key] = header.Value.ToArray();
            }

            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await context.Response.Body.WriteAsync(Changed(change, context, await answer.Content.ReadAsByteArrayAsync()));
        });
        await app.StartAsync();
        return app;
    }

    private static byte[] Changed(string change, HttpContext context, byte[] body)
    {
        var path = context.Request.Path.Value!;
        switch (change)
        {
            case "a byte of a script" when path.Contains("/pay.", StringComparison.Ordinal) && path.EndsWith(".js", StringComparison.Ordinal):
            case "a byte of the style" when path.EndsWith(".css", StringComparison.Ordinal):
                body[^2] ^= 1;
                return body;
            case "a header":
                context.Response.Headers.Remove("X-Frame-Options");
                return body;
            case "the policy":
                context.Response.Headers.ContentSecurityPolicy = context.Response.Headers.ContentSecurityPolicy.ToString()
                    .Replace("script-src 'self'", "script-src 'self' https://evil.example", StringComparison.Ordinal);
                return body;
            case "a script more":
                return Into(context, body, "<script src=\"https://evil.example/x.js\" defer></script>");
            case "an inline script":
                return Into(context, body, "<script>send()</script>");
            case "an attribute":
                return Into(context, body, "<img src=x onload=send()>");
            case "a frame":
                return Into(context, body, "<iframe src=\"/x\"></iframe>");
            default:
                return body;
        }
    }

    private static byte[] Into(HttpContext context, byte[] body, string element) =>
        context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("</body>", element + "</body>", StringComparison.Ordinal))
            : body;
}
