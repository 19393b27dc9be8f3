namespace CanPay.Iso8583;

/// <summary>What became of a request on a line. A closed set: trouble on the line is an answer, not an exception.</summary>
public abstract record LineAnswer
{
    private LineAnswer()
    {
    }

    /// <summary>The answer that belongs to the request: same trace number, time and terminal, same reference and amount.</summary>
    /// <param name="Message">Belongs to the caller.</param>
    public sealed record Answered(IsoMessage Message) : LineAnswer;

    /// <summary>No byte of the request was handed to the connection: nothing can have happened.</summary>
    /// <param name="Reason">In words.</param>
    public sealed record NotSent(string Reason) : LineAnswer;

    /// <summary>The request may have arrived; whether it did, nobody said.</summary>
    /// <param name="Reason">In words.</param>
    public sealed record NoAnswer(string Reason) : LineAnswer;
}

/// <summary>Where a line stands.</summary>
public enum LineState
{
    /// <summary>Never started, or stopped.</summary>
    Stopped,

    /// <summary>Connecting, or waiting before it tries again.</summary>
    Connecting,

    /// <summary>Requests may be sent.</summary>
    SignedOn,

    /// <summary>Connected, but the switch has signed off.</summary>
    SignedOff,
}

/// <summary>What a line noticed beside the answers that it handed on.</summary>
public enum LineEventKind
{
    /// <summary>Signed on: requests may be sent.</summary>
    SignedOn,

    /// <summary>The switch signed off: nothing is sent until it signs on again, or a new connection does.</summary>
    SignedOff,

    /// <summary>The connection ended; requests under way have no answer.</summary>
    Dropped,

    /// <summary>A connection or a sign-on did not come about.</summary>
    ConnectFailed,

    /// <summary>An answer to a request whose time was over.</summary>
    LateAnswer,

    /// <summary>A second answer to a request.</summary>
    DuplicateAnswer,

    /// <summary>An answer to nothing of ours, or one whose reference, amount or currency is not the request's.</summary>
    ForeignAnswer,

    /// <summary>Bytes that are no message.</summary>
    Malformed,

    /// <summary>A message whose authentication code is wrong; nothing of it was read.</summary>
    WrongMac,
}

/// <summary>Something noticed on a line, to be kept. Holds no secret.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="Mti">Type of the message, or 0.</param>
/// <param name="Stan">Field 11.</param>
/// <param name="Rrn">Field 37.</param>
/// <param name="ActionCode">Field 39.</param>
/// <param name="Summary">The message as far as it may be shown, or what happened.</param>
public sealed record LineEvent(
    LineEventKind Kind, DateTimeOffset At, int Mti, string? Stan, string? Rrn, int? ActionCode, string Summary);

/// <summary>Hears what a line notices. Called by the line's own loop: must return at once and not throw.</summary>
public interface ISwitchLineObserver
{
    /// <summary>Something was noticed.</summary>
    void Noticed(LineEvent lineEvent);
}
