using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Payments;

/// <summary>
/// The payer pressed "request a dynamic PIN": the issuer is asked to send one to the cardholder's mobile (Harim, هریم). Nothing
/// that comes of it says anything about a card: not whether it is known, not whether it was asked for too often, and not by
/// the time it takes.
/// </summary>
internal sealed class RequestPin(
    IPinRequestStore store,
    IAcquirer acquirer,
    CardVault vault,
    PayingGate gate,
    IOptions<PinRequestOptions> options,
    TimeProvider clock,
    ILogger<RequestPin> log)
{
    /// <summary>
    /// Sends a request, or holds it back; the caller cannot tell which. The card belongs to this method from now on: it is
    /// wiped when it is needed no more.
    /// </summary>
    /// <param name="card">Its number; expiry and CVV2 where the payer gave them.</param>
    /// <param name="address">Of the client.</param>
    /// <returns>Why there are no PINs for anybody now, if it is so: the payment or the network, never the card.</returns>
    public async Task<Refusal?> Begin(Payment payment, Merchant merchant, Card card, string browserHash, string address, CancellationToken ct)
    {
        var handedOn = false;
        try
        {
            if (await gate.Refusal(payment, browserHash, ct) is { } no)
            {
                return no;
            }

            var answerAt = Task.Delay(TimeSpan.FromMilliseconds(options.Value.AnswerMs), clock, CancellationToken.None);
            var asked = new AskedPin(vault.Hash(card.Pan), payment.Id, address, payment.MerchantId, clock.Now());
            if (await store.TryAdd(asked, Limits(options.Value), ct))
            {
                // Nobody waits for it: an issuer's pace may differ between cards, and no row of the books depends on the answer.
                handedOn = true;
                _ = Send(payment, merchant, card);
            }
            else
            {
                log.PinRequestHeldBack(payment.Id.Value);
            }

            await answerAt;
            return null;
        }
        finally
        {
            if (!handedOn)
            {
                card.Dispose();
            }
        }
    }

    private static PinLimits Limits(PinRequestOptions options) =>
        new(options.PerCardAnd10Minutes, options.PerPayment, options.PerAddressAndHour, options.PerMerchantAndMinute);

    private async Task Send(Payment payment, Merchant merchant, Card card)
    {
#pragma warning disable CA1031 // nobody waits for it: what broke is said here, and the payer asks again
        try
        {
            var isSent = await acquirer.RequestPin(payment.Id, payment.Amount, merchant.Terminal, card, CancellationToken.None);
            log.PinRequested(payment.Id.Value, isSent);
        }
        catch (Exception e)
        {
            log.PinRequestBroke(e, payment.Id.Value);
        }
        finally
        {
            card.Dispose();
        }
#pragma warning restore CA1031
    }
}
