using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;

namespace CanPay.Gateway.Api;

/// <summary>One call of the merchants' API, after the caller was admitted.</summary>
internal interface IApiOperation
{
    /// <summary>What a key must be for.</summary>
    static abstract ApiScope Scope { get; }

    /// <returns>The body of the answer, or why there is none.</returns>
    Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct);
}

internal static class ApiSetup
{
    private const string Root = "/api";

    public static IServiceCollection AddMerchantApi(this IServiceCollection services)
    {
        services.AddSingleton<MerchantGate>();
        services.AddSingleton<CreateToken>();
        services.AddSingleton<VerifyPayment>();
        services.AddSingleton<PaymentsRead>();
        services.AddSingleton<InquirePayment>();
        services.AddSingleton<ListPayments>();
        services.AddSingleton<ListUnverified>();
        services.AddSingleton<Ping>();
        services.AddSingleton<AdvanceClock>();
        services.AddSingleton<ReversePayment>();
        services.AddSingleton<RefundPayment>();
        services.AddSingleton<RefundStatusOf>();
        return services;
    }

    /// <summary>Everything under /api: the guide's two calls, what we add to them, and the guide's error envelope for all the rest.</summary>
    public static void MapMerchantApi(this WebApplication app)
    {
        app.MapCall<CreateToken>("token");
        app.MapCall<VerifyPayment>("verify");
        app.MapCall<InquirePayment>("inquiry");
        app.MapCall<ListPayments>("transactions");
        app.MapCall<ListUnverified>("unverified");
        app.MapCall<Ping>("ping");
        app.MapCall<AdvanceClock>("sandbox/advance", Caller.TestMerchant);
        app.MapCall<ReversePayment>("reverse");
        app.MapCall<RefundPayment>("refund");
        app.MapCall<RefundStatusOf>("refund/status");
    }

    private static void MapCall<TOperation>(this WebApplication app, string name, Caller caller = Caller.Merchant)
        where TOperation : IApiOperation =>
        app.MapPost($"{Root}/ipg/{name}", Call<TOperation>).WithMetadata(new AccessAttribute(caller)
        {
            Scope = TOperation.Scope,
            Limits = Limits.Address | Limits.Merchant | Limits.Refusals,
            MaxBodyBytes = RequestFields.MaxBodyBytes,
        });

    /// <summary>Catches, under /api, whatever would otherwise be answered without the five keys. Stands before routing.</summary>
    public static void UseApiErrors(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(Root, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        RequestId.Give(context);
        var refusal = await Guarded(context, next);
        if (refusal is not null && !context.Response.HasStarted)
        {
            var allow = context.Response.Headers.Allow;
            context.Response.Clear();
            RequestId.Say(context);
            if (refusal.Is(HttpRefusals.MethodNotAllowed))
            {
                context.Response.Headers.Allow = allow.Count > 0 ? allow : HttpMethods.Post;
            }

            await context.Response.WriteRefusal(refusal);
        }
    });

    private static async Task<Refusal?> Guarded(HttpContext context, RequestDelegate next)
    {
#pragma warning disable CA1031 // the last resort: logged, and the caller hears only that something broke
        try
        {
            await next(context);
            return context.Response is { HasStarted: false, StatusCode: var status } && context.Response.ContentType is null
                ? status switch
                {
                    StatusCodes.Status404NotFound => HttpRefusals.UnknownPath,
                    StatusCodes.Status405MethodNotAllowed => HttpRefusals.MethodNotAllowed,
                    StatusCodes.Status415UnsupportedMediaType => HttpRefusals.UnsupportedMediaType,
                    StatusCodes.Status413PayloadTooLarge => HttpRefusals.BodyTooLarge,
                    >= 500 => HttpRefusals.InternalError,
                    >= 400 => HttpRefusals.MalformedBody,
                    _ => null,
                }
                : null;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode == StatusCodes.Status413PayloadTooLarge ? HttpRefusals.BodyTooLarge : HttpRefusals.MalformedBody;
        }
        catch (StoreUnavailableException e)
        {
            Log(context).StoreUnavailable(context.Request.Path, e.Message);
            return HttpRefusals.TemporarilyUnavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            Log(context).RequestBroke(e, context.Request.Path, context.TraceIdentifier);
            return HttpRefusals.InternalError;
        }
#pragma warning restore CA1031
    }

    private static async Task Call<TOperation>(
        HttpContext context, TOperation operation, MerchantGate gate, RateLimits limits, ICallRecorder recorder, CancellationToken ct)
        where TOperation : IApiOperation
    {
        var address = ClientAddress.Of(context);
        if (limits.Take(address) is { } tooMany)
        {
            await context.Response.WriteRefusal(tooMany);
            return;
        }

        if ((await RequestFields.Read(context.Request, ct)).Refused(out var refusal, out var fields)
            || (await gate.Admit(context, fields, TOperation.Scope, ct)).Refused(out refusal, out var merchant))
        {
            await Refuse(context, refusal);
            return;
        }

        if ((await operation.Handle(context.Request, fields, merchant, ct)).Refused(out refusal, out var body))
        {
            recorder.Heard(context, fields, merchant, refusal.HttpStatus, await Refuse(context, refusal));
            return;
        }

        recorder.Heard(context, fields, merchant, StatusCodes.Status200OK, body);
        await context.Response.WriteSuccess(body);
    }

    /// <returns>The body.</returns>
    private static async Task<string> Refuse(HttpContext context, Refusal refusal)
    {
        Log(context).RequestRefused(context.Request.Path, refusal.Code, refusal.Name, ClientAddress.Of(context), context.TraceIdentifier);
        return await context.Response.WriteRefusal(refusal);
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("CanPay.Gateway.Api");
}
