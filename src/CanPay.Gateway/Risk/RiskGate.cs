using System.Net;
using CanPay.Gateway.Acquiring;
using CanPay.Gateway.Acquiring.Direct;
using CanPay.Gateway.Kernel;
using Microsoft.Extensions.Options;

namespace CanPay.Gateway.Risk;

/// <summary>
/// Stands before the card network: who tries out card numbers does not reach it. Each node counts what it sees at once, and
/// hears of what other nodes' issuers declined within a second (<see cref="RiskNews"/>). A payment that is approved costs no
/// read or write.
/// </summary>
internal sealed class RiskGate(
    IRiskStore store,
    Counters counters,
    CardVault vault,
    IOptions<RiskOptions> options,
    IOptions<SandboxOptions> sandbox,
    TimeProvider clock,
    ILogger<RiskGate> log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);

    private long Now => clock.Now().ToUnixTimeMilliseconds();

    /// <summary>What is known before there is a card.</summary>
    public bool AsksIfHuman(IPAddress address, MerchantId shop) => counters.AsksIfHuman(Attempt.NetworkOf(address), shop, Now);

    /// <summary>Judges an attempt. One that may go must be told to <see cref="Release"/> or <see cref="Hear"/> later.</summary>
    /// <param name="isTest">No money would move.</param>
    /// <param name="isHuman">The payer has shown to be a person, or nobody wants to know.</param>
    public async Task<(Attempt Attempt, Verdict Verdict)> Begin(
        PaymentId payment, MerchantId shop, bool isTest, Pan pan, IPAddress address, bool isHuman, CancellationToken ct)
    {
        var attempt = new Attempt(payment, shop, vault.Hash(pan), pan.Bin, Attempt.NetworkOf(address))
        {
            IsTestCard = (sandbox.Value.Enabled || isTest) && SandboxOptions.TestCards.Contains(pan.Reveal()),
        };
        var giveUpAt = clock.Now().AddMilliseconds(options.Value.WaitMs);
        while (true)
        {
            var verdict = attempt.IsTestCard ? Verdict.Go : counters.Begin(attempt, isHuman, Now);
            if (verdict is not Verdict.Busy || clock.Now() >= giveUpAt)
            {
                if (verdict is not (Verdict.Go or Verdict.AskIfHuman))
                {
                    log.AttemptStopped(payment.Value, verdict, attempt.Network);
                }

                return (attempt, verdict);
            }

            await Task.Delay(LookAgain, clock, ct);
        }
    }

    /// <summary>Nothing was asked.</summary>
    public void Release(Attempt attempt) => End(attempt, isApproved: null);

    /// <summary>Waits for what the issuer says, and tells all nodes where it declines.</summary>
    public async Task Hear(Attempt attempt, Task<AuthorizationOutcome> asked)
    {
#pragma warning disable CA1031 // nobody waits for it: what broke is said here, and an answer that did not come decides nothing
        bool? isApproved = null;
        try
        {
            isApproved = Decided(await asked);
        }
        catch (Exception e)
        {
            log.OutcomeNotHeard(e, attempt.PaymentId.Value);
        }

        End(attempt, isApproved);
        if (isApproved is not false || attempt.IsTestCard)
        {
            return;
        }

        try
        {
            await store.Add(attempt, clock.Now(), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.DeclineNotTold(e, attempt.PaymentId.Value);
        }
#pragma warning restore CA1031
    }

    /// <summary>The issuer looked at the card; not: it could not be reached, or the shop may not take cards.</summary>
    private static bool? Decided(AuthorizationOutcome outcome) => outcome switch
    {
        AuthorizationOutcome.Approved => true,
        AuthorizationOutcome.Declined { ActionCode: >= 100 and < 200 and not (109 or 110 or 115 or 120) } => false,
        _ => null,
    };

    private void End(Attempt attempt, bool? isApproved)
    {
        if (!attempt.IsTestCard && counters.End(attempt, isApproved, Now))
        {
            log.ShopAttacked(attempt.Shop.Value);
        }
    }
}
