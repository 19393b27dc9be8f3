using System.Globalization;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Api;

/// <summary>POST /api/ipg/sandbox/advance: time passes for a test merchant, so that nobody waits 15 minutes to see a return.</summary>
internal sealed class AdvanceClock(ITestClock clock, JobSignal jobs, IOptions<SandboxOptions> sandbox) : IApiOperation
{
    private const int MaxSeconds = 30 * 24 * 3600;

    public static ApiScope Scope => ApiScope.Payments;

    public async Task<Result<string>> Handle(HttpRequest request, RequestFields fields, Merchant merchant, CancellationToken ct)
    {
        if (!merchant.IsTest && !sandbox.Value.Enabled)
        {
            return HttpRefusals.SandboxOnly;
        }

        if (fields.Find("seconds") is not { } asked)
        {
            return HttpRefusals.FieldMissing.With("field", "seconds");
        }

        if (!int.TryParse(asked.Plain, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxSeconds)
        {
            return HttpRefusals.SecondsInvalid;
        }

        var payments = await clock.Advance(merchant.Id, TimeSpan.FromSeconds(seconds), ct);
        jobs.Wake();
        return Envelope.Success(data =>
        {
            data.WriteNumber("seconds", seconds);
            data.WriteNumber("payments", payments);
        });
    }
}
