using CanPay.Iso8583;
using Microsoft.Extensions.Options;

namespace CanPay.Simulator;

/// <summary>The switch's desk: what is done with a message that is believed, and what is answered.</summary>
internal sealed class SwitchDesk(
    Issuer issuer, Harim harim, Faults faults, IMessageAuthenticator mac, IOptions<SimulatorOptions> options, TimeProvider clock)
{
    private const int SwitchSignedOff = 986;
    private static readonly MessageFormat Format = MessageFormat.Shetab;

    /// <summary>Fields that a purchase, a reversal advice, a refund and a request for a PIN must have.</summary>
    private static readonly int[] Needed = [2, 3, 4, 11, 12, 24, 32, 37, 41, 42, 49];

    /// <exception cref="IOException">Nothing could be booked, or the connection is gone: there is no answer.</exception>
    public async Task Handle(Peer peer, IsoMessage message, CancellationToken stopping)
    {
        var pause = faults.PausedUntil - clock.GetUtcNow();
        if (pause > TimeSpan.Zero)
        {
            await Wait(pause, stopping);
        }

        if (message.Mti / 10 % 10 is not (0 or 2))
        {
            // Neither a request nor an advice: nothing is answered to answers.
            return;
        }

        await (message.Mti switch
        {
            _ when faults.IsSignedOff => Answer(peer, message, SwitchSignedOff, clock.GetUtcNow()),
            Mti.NetworkRequest => Network(peer, message),
            Mti.AuthorizationRequest or Mti.FinancialRequest or Mti.FinancialAdvice or Mti.ReversalAdvice => Transaction(peer, message, stopping),
            _ => Answer(peer, message, ActionCode.NotSupported, clock.GetUtcNow()),
        });
    }

    private Task Network(Peer peer, IsoMessage request)
    {
        if (!request.TryGetNumber(24, out var function)
            || function is not (FunctionCode.SignOn or FunctionCode.SignOff or FunctionCode.Echo))
        {
            return Answer(peer, request, ActionCode.NotSupported, clock.GetUtcNow());
        }

        peer.LastEcho = clock.GetUtcNow();
        peer.IsSignedOn = function switch
        {
            FunctionCode.SignOn => true,
            FunctionCode.SignOff => false,
            _ => peer.IsSignedOn,
        };
        peer.Acquirer = request.GetText(94) ?? peer.Acquirer;
        return Answer(peer, request, ActionCode.NetworkAccepted, clock.GetUtcNow());
    }

    private Task Transaction(Peer peer, IsoMessage message, CancellationToken stopping)
    {
        if (!Needed.All(message.Has) || message.GetText(49) != "364" || !message.TryGetNumber(4, out var amount) || amount <= 0)
        {
            return Answer(peer, message, ActionCode.FieldError, clock.GetUtcNow());
        }

        return (message.Mti, message.GetText(24), message.GetText(3)) switch
        {
            (Mti.FinancialRequest, "200", "000000") => Purchase(peer, message, stopping),
            (Mti.ReversalAdvice, "400", "000000") => Reverse(peer, message),
            (Mti.FinancialAdvice, "200", "200000") => Refund(peer, message, stopping),
            (Mti.AuthorizationRequest, "180", "710000") => RequestPin(peer, message),
            _ => Answer(peer, message, ActionCode.NotSupported, clock.GetUtcNow()),
        };
    }

    /// <summary>"Taken", whatever the card: who asks learns nothing about it.</summary>
    private async Task RequestPin(Peer peer, IsoMessage request)
    {
        if (peer.IsSignedOn)
        {
            await harim.Request(request);
        }

        await Answer(peer, request, peer.IsSignedOn ? ActionCode.Approved : Issuer.SenderSignedOff, clock.GetUtcNow());
    }

    private async Task Purchase(Peer peer, IsoMessage request, CancellationToken stopping)
    {
        var booked = await issuer.Purchase(request, peer.IsSignedOn);
        var behaviour = booked.Outcome is Entry.Approved && TestCard.Find(request.GetText(2)!) is { } card
            ? MagicAmount.Of(card, booked.Amount).Behaviour : (Behaviour?)null;
        if (behaviour is Behaviour.DropLine)
        {
            peer.Drop();
            return;
        }

        if (!booked.Answered)
        {
            return;
        }

        if (behaviour is Behaviour.AnswerLate)
        {
            await Wait(TimeSpan.FromSeconds(options.Value.SlowApprovalSeconds), stopping);
        }

        await AnswerWithFaults(peer, request, booked, stopping);
    }

    /// <summary>As the purchase's card behaves: what is late there is late here.</summary>
    private async Task Refund(Peer peer, IsoMessage advice, CancellationToken stopping)
    {
        if (!peer.IsSignedOn)
        {
            await Answer(peer, advice, Issuer.SenderSignedOff, clock.GetUtcNow());
            return;
        }

        var booked = await issuer.Refund(advice, faults.TakeRefundDecline);
        if (TestCard.Find(advice.GetText(2)!)?.Behaviour is Behaviour.AnswerLate)
        {
            await Wait(TimeSpan.FromSeconds(options.Value.SlowApprovalSeconds), stopping);
        }

        await AnswerWithFaults(peer, advice, booked, stopping);
    }

    private async Task AnswerWithFaults(Peer peer, IsoMessage request, Entry booked, CancellationToken stopping)
    {
        var (fault, delay) = faults.Take();
        switch (fault)
        {
            case AnswerFault.Lost:
                return;
            case AnswerFault.Late:
                await Wait(delay, stopping);
                break;
            case AnswerFault.Foreign:
                await peer.Send(Format, Foreign(MakeAnswer(request, booked)), mac);
                break;
            case AnswerFault.Duplicate:
                await peer.Send(Format, MakeAnswer(request, booked), mac);
                break;
            case AnswerFault.None or AnswerFault.WrongMac:
                break;
        }

        await peer.Send(Format, MakeAnswer(request, booked), mac, withWrongMac: fault is AnswerFault.WrongMac);
    }

    private async Task Reverse(Peer peer, IsoMessage advice)
    {
        var booked = await issuer.Reverse(advice);
        await Answer(peer, advice, booked.ActionCode, booked.At);
    }

    /// <summary>The same bytes each time: nothing in it comes from the clock.</summary>
    private static IsoMessage MakeAnswer(IsoMessage request, Entry booked)
    {
        var answer = MakeAnswer(request, booked.ActionCode, booked.At);
        if (booked.Outcome is Entry.Approved)
        {
            answer.Set(38, booked.Stan);
        }

        return answer;
    }

    private Task Answer(Peer peer, IsoMessage request, int actionCode, DateTimeOffset at) =>
        peer.Send(Format, MakeAnswer(request, actionCode, at), mac);

    private static IsoMessage MakeAnswer(IsoMessage request, int actionCode, DateTimeOffset at)
    {
        var isNetwork = request.Mti == Mti.NetworkRequest;
        var answer = new IsoMessage { Mti = Mti.AnswerTo(request.Mti) };
        foreach (var field in isNetwork ? (ReadOnlySpan<int>)[11, 12, 24, 93, 94] : [2, 3, 4, 11, 12, 32, 37, 41, 42, 49])
        {
            if (request.Has(field))
            {
                answer.Set(field, request.Get(field));
            }
        }

        if (!isNetwork)
        {
            answer.Set(15, TehranTime.SettlementDate(at));
        }

        answer.SetNumber(39, actionCode, 3);
        return answer;
    }

    /// <summary>Looks like the answer to a request that is under way, and is none: it must not be taken for one.</summary>
    private static IsoMessage Foreign(IsoMessage answer)
    {
        answer.TryGetNumber(4, out var amount);
        answer.SetNumber(4, amount == 999_999_999_999 ? 1 : amount + 1, 12);
        answer.Set(37, "000000000000");
        return answer;
    }

    /// <summary>A stop ends the wait.</summary>
    private async Task Wait(TimeSpan time, CancellationToken stopping) =>
        await Task.Delay(time, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
