using CanPay.Gateway.Payments;

namespace CanPay.Simulation;

/// <content>What the merchant does with a payment that is paid.</content>
internal sealed partial class Story
{
    private async Task Settle()
    {
        switch (_plan)
        {
            case Plan.VerifyAtOnce:
                await Wait(Chance.Seconds(0, 3));
                await UntilTold("verify");
                break;
            case Plan.VerifyLater:
                await Wait(Chance.Seconds(1, 920));
                await UntilTold("verify");
                break;
            case Plan.VerifyAtDeadline or Plan.ReverseAtDeadline:
                if (await _world.Payments.Find(_token, CancellationToken.None) is { VerifyDeadline: { } deadline })
                {
                    await Wait(deadline - _world.Timeline.Now + Chance.Ms(-10, 10));
                    await UntilTold(_plan is Plan.VerifyAtDeadline ? "verify" : "reverse");
                }

                break;
            case Plan.Reverse:
                await Wait(Chance.Seconds(0, 60));
                await UntilTold("reverse");
                break;
            case Plan.VerifyAndReverse:
                await Wait(Chance.Seconds(0, 30));
                await Task.WhenAll(UntilTold("verify"), UntilTold("reverse"));
                break;
            case Plan.Never:
                return;
        }

        if (Chance.Is(0.2))
        {
            await Wait(Chance.Seconds(1, 1_200));
            await UntilTold("verify");
        }
    }

    /// <summary>Repeats until there is an answer that settles it, as the guide says; some give up before.</summary>
    private async Task UntilTold(string operation)
    {
        var key = _key is null ? null : $"{_key}-{operation}";
        for (var turn = 0; turn < 12; turn++)
        {
            var replies = await AtOnce(() => Ask(operation, Body(("token", _token)), key));
            foreach (var reply in replies)
            {
                Hear(operation, reply, key);
            }

            if (replies.Any(reply => reply.Body is not null || reply.Refusal is not (null or "temporarily_unavailable")))
            {
                return;
            }

            await Wait(Chance.Seconds(0.5, 15));
        }
    }

    private void Hear(string operation, Reply reply, string? key)
    {
        var told = (operation, reply) switch
        {
            ("verify", { Body: { } body }) => new Told(
                Answer.Verified, reply.Data("reference"), reply.Data("already_verified") is "False", key, body),
            ("verify", { Refusal: { } refusal }) when refusal == PaymentRefusals.Returned.Name => new Told(Answer.Returned, null, false, key, refusal),
            ("reverse", { Body: { } body }) => new Told(Answer.Reversed, null, reply.Data("already_reversed") is "False", key, body),
            ("reverse", { Refusal: { } refusal }) when refusal == PaymentRefusals.AlreadyVerified.Name =>
                new Told(Answer.AlreadyVerified, null, false, key, refusal),
            _ => null,
        };
        if (told is not null)
        {
            Told.Add(told);
        }

        _world.Trace.Note(
            _world.NumberOf(_token), 6_000 + (reply.Body is null ? 0 : 1), $"merchant: {operation}: {reply.Body ?? reply.Refusal ?? "no answer"}");
    }

    /// <summary>One to three refunds, some of them for more than there is, some at the same time.</summary>
    private async Task GiveBack()
    {
        await Wait(Chance.Seconds(0, 120));
        var refunds = Enumerable.Range(1, Chance.Number(1, 4)).Select(GiveBack).ToList();
        await Task.WhenAll(refunds);
    }

    private async Task GiveBack(int which)
    {
        var amount = Chance.Is(0.2) ? _amount : Math.Max(1, _amount * Chance.Number(1, 80) / 100);
        var body = Body(("token", _token), ("refund_id", $"refund-{_number}-{which}"), ("amount", amount));
        for (var turn = 0; turn < 8; turn++)
        {
            var replies = await AtOnce(() => Ask("refund", body, null));
            foreach (var reply in replies.Where(reply => reply.Body is not null))
            {
                if (reply.Data("status") is { } status and ("succeeded" or "failed"))
                {
                    Told.Add(new Told(
                        status is "succeeded" ? Answer.RefundSucceeded : Answer.RefundFailed, $"refund-{_number}-{which}", false, null, reply.Body!));
                }
            }

            if (replies.Any(reply => reply.Refusal is not (null or "temporarily_unavailable")))
            {
                return;
            }

            // Asked again for news, until there are some.
            await Wait(Chance.Seconds(1, 30));
        }
    }
}
