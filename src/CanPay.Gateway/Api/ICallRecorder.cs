using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;

namespace CanPay.Gateway.Api;

/// <summary>Hears of calls that somebody may want to look at afterwards: those that move no money.</summary>
internal interface ICallRecorder
{
    /// <param name="status">Of the answer.</param>
    /// <param name="answer">Its body.</param>
    void Heard(HttpContext context, RequestFields fields, Merchant merchant, int status, string answer);
}
