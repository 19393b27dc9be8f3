using CanPay.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The two addresses of a shop that others call: the payer's browser, and the gateway.</summary>
public static class CanPayEndpoints
{
    private const int MaxCallbackBytes = 16 * 1024;
    private const int MaxWebhookBytes = 256 * 1024;

    /// <summary>
    /// Takes payers back, by POST and by GET. A cross-site POST brings neither <c>SameSite=Lax</c> cookies nor an antiforgery token of
    /// yours: find the order by <see cref="PaymentCallback.InvoiceId"/>, compare it with <see cref="PaymentCallback.IsOf"/>, and verify.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of your callback address.</param>
    /// <param name="handle">
    /// Gets what the browser brought, or null where it is no callback of CanPay, and answers the browser. May run several times at once
    /// for one payment.
    /// </param>
    public static IEndpointConventionBuilder MapCanPayCallback(
        this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, PaymentCallback?, Task<IResult>> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Post], async context =>
        {
            Limit(context, MaxCallbackBytes);
            var callback = PaymentCallback.Parse(await Fields(context.Request).ConfigureAwait(false));
            var answer = await handle(context, callback).ConfigureAwait(false);
            await answer.ExecuteAsync(context).ConfigureAwait(false);
        });
    }

    /// <summary>
    /// Takes the gateway's webhooks: 204 after <paramref name="handle"/> has ended, 401 for what is not signed with one of
    /// <see cref="CanPayOptions.WebhookSecrets"/>. An exception of <paramref name="handle"/> is a 500, and the event comes again.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path of your endpoint.</param>
    /// <param name="handle">Does what is to be done, once for each <see cref="WebhookEvent.Id"/>.</param>
    public static IEndpointConventionBuilder MapCanPayWebhook(
        this IEndpointRouteBuilder endpoints, string pattern, Func<HttpContext, WebhookEvent, Task> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var webhooks = endpoints.ServiceProvider.GetRequiredService<Webhooks>(); // at start: without a secret nothing is served
        return endpoints.MapPost(pattern, async context =>
        {
            Limit(context, MaxWebhookBytes);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            var headers = context.Request.Headers;
            var read = webhooks.Read(
                headers[Webhooks.IdHeader], headers[Webhooks.TimestampHeader], headers[Webhooks.SignatureHeader], body.ToArray(), out var problem);
            if (read is not null)
            {
                await handle(context, read).ConfigureAwait(false);
            }

            context.Response.StatusCode = problem switch
            {
                WebhookProblem.None or WebhookProblem.Ping => StatusCodes.Status204NoContent,
                WebhookProblem.Unreadable => StatusCodes.Status422UnprocessableEntity,
                _ => StatusCodes.Status401Unauthorized,
            };
        });
    }

    private static async Task<Func<string, string?>> Fields(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return name => request.Query[name];
        }

        if (!request.HasFormContentType)
        {
            return _ => null;
        }

        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            return name => form[name];
        }
        catch (InvalidDataException)
        {
            return _ => null; // more fields, or longer ones, than a form of ours has
        }
    }

    private static void Limit(HttpContext context, int bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = bytes;
        }
    }
}
