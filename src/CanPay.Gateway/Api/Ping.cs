using System.Reflection;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/ping: that a merchant's server may call, as whom, from where, and what time it is here.</summary>
internal sealed class Ping(TimeProvider clock) : IApiOperation
{
    private static readonly string Version =
        typeof(Ping).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static ApiScope Scope => ApiScope.Read;

    public Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct) =>
        Task.FromResult<Result<string>>(Envelope.Success(data =>
        {
            data.WriteString("address", ClientAddress.Of(request.HttpContext).ToString());
            data.WriteStartObject("merchant");
            data.WriteString("code", merchant.Code);
            data.WriteString("name", merchant.Name);
            data.WriteBoolean("test", merchant.IsTest);
            data.WriteNumber("min_amount", merchant.MinAmount.Amount);
            data.WriteNumber("max_amount", merchant.MaxAmount.Amount);
            data.WriteStartArray("domains");
            foreach (var domain in merchant.Domains)
            {
                data.WriteStringValue(domain);
            }

            data.WriteEndArray();
            data.WriteString("refunds", merchant.RefundMethod.ToString().ToLowerInvariant());
            data.WriteString("callback_method", merchant.CallbackMethod.ToString().ToLowerInvariant());
            data.WriteBoolean("key_required", merchant.RequireKey);
            data.WriteEndObject();
            if (MerchantGate.KeyOf(request.HttpContext) is { } key)
            {
                data.WriteStartObject("key");
                data.WriteString("id", key.Id);
                data.WriteStartArray("scopes");
                foreach (var scope in key.Scopes)
                {
                    data.WriteStringValue(scope.ToString().ToLowerInvariant());
                }

                data.WriteEndArray();
                data.WriteString("expires_at", PaymentBody.Instant(key.ExpiresAt));
                data.WriteEndObject();
            }
            else
            {
                data.WriteNull("key");
            }

            data.WriteString("time", PaymentBody.Instant(clock.GetUtcNow()));
            data.WriteString("version", Version);
        }));
}
