using System.Net;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Checkout;

/// <summary>What a payer sees where a page of ours broke or there is none: words, not a blank sheet.</summary>
internal static class PageErrors
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Stands before everything that makes pages; leaves the merchants' API alone.</summary>
    public static void UsePageErrors(this WebApplication app) => app.Use(async (context, next) =>
    {
#pragma warning disable CA1031 // the last resort: logged, and the payer hears only that something broke
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = e.StatusCode; // too long, too slow, or no HTTP: not our defect
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("CanPay.Gateway.Checkout");
            context.Response.Clear();
            if (StoreUnavailableException.Explains(e))
            {
                log.PageNotAvailable(context.Request.Method, e.Message);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
            }
            else
            {
                log.PageBroke(e, context.Request.Method);
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
#pragma warning restore CA1031

        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentType: null })
        {
            PageHeaders.Set(context, formTarget: null);
            context.Response.ContentType = "text/html; charset=utf-8";
            var words = Languages.Of(context.Request);
            await context.Response.WriteAsync(Page(words, context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => words.UnknownPage,
                StatusCodes.Status503ServiceUnavailable => words.Unavailable,
                _ => words.Broken,
            }));
        }
    });

    private static string Page(Words words, (string Title, string Text) said) =>
        $"""
        <!doctype html>
        <html lang="{words.Language}" dir="{words.Direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(said.Title)}</title><link rel="stylesheet" href="{Assets.Address("pay.css")}"><link rel="icon" href="data:,"></head>
        <body><header class="top"><div><div class="logo"><span>{words.Brand}<small>{words.BrandLine}</small></span></div></div></header>
        <main><section class="box msg"><h1>{said.Title}</h1><p>{said.Text}</p></section></main></body></html>
        """;
}
