namespace CanPay.Iso8583;

/// <content>What came in, and whose it is.</content>
internal sealed partial class LineConnection
{
    private async Task Take(ReadOnlyMemory<byte> bytes)
    {
        if (!MessageAuthentication.HasValidMac(bytes.Span, authenticator))
        {
            Notice(LineEventKind.WrongMac, $"{bytes.Length} bytes");
            return;
        }

        var message = new IsoMessage();
        if (!format.TryDecode(bytes.Span, message, out var error))
        {
            Notice(LineEventKind.Malformed, error.ToString());
            return;
        }

        if (message.Mti == Mti.NetworkRequest)
        {
            await AnswerPeer(message).ConfigureAwait(false);
            return;
        }

        if (!Mti.IsAnswer(message.Mti) || !CorrelationKey.TryOfAnswer(message, out var key))
        {
            Notice(LineEventKind.ForeignAnswer, message);
            return;
        }

        if (!_pending.TryGetValue(key, out var pending))
        {
            Notice(over.Judge(key, message), message);
        }
        else if (!pending.Echoed.AreIn(message))
        {
            Notice(LineEventKind.ForeignAnswer, message);
        }
        else if (!pending.Complete(new LineAnswer.Answered(message)))
        {
            var wasAnswered = await pending.Answer.ConfigureAwait(false) is LineAnswer.Answered;
            Notice(wasAnswered ? LineEventKind.DuplicateAnswer : LineEventKind.LateAnswer, message);
        }
    }

    /// <summary>The switch's own echo, sign-on or sign-off: answered with what it asked.</summary>
    private async Task AnswerPeer(IsoMessage request)
    {
        if (request.TryGetNumber(24, out var function) && function is FunctionCode.SignOff or FunctionCode.SignOn)
        {
            var isAway = function is FunctionCode.SignOff;
            if (isAway != _peerIsAway)
            {
                _peerIsAway = isAway;
                Notice(isAway ? LineEventKind.SignedOff : LineEventKind.SignedOn, request);
            }
        }

        var answer = new IsoMessage { Mti = Mti.NetworkResponse };
        foreach (var field in (ReadOnlySpan<int>)[11, 12, 24, 93, 94])
        {
            if (request.Has(field))
            {
                answer.Set(field, request.Get(field));
            }
        }

        answer.SetNumber(39, ActionCode.NetworkAccepted, 3);
        await Send(answer, TimeSpan.FromSeconds(5)).ConfigureAwait(false);
    }
}
