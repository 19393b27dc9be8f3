namespace CanPay.Simulator;

internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "The switch listens on 127.0.0.1:{Port}")]
    public static partial void Listening(this ILogger log, int port);

    [LoggerMessage(3001, LogLevel.Information, "Connection {Peer} ended: {Reason}")]
    public static partial void PeerGone(this ILogger log, int peer, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Connection {Peer} sent a message with a wrong authentication code; ignored")]
    public static partial void WrongMac(this ILogger log, int peer);

    [LoggerMessage(3003, LogLevel.Warning, "Connection {Peer} sent something that is no message ({Reason}); ignored")]
    public static partial void Malformed(this ILogger log, int peer, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "A {Mti} of connection {Peer} was not answered: {Reason}")]
    public static partial void NotAnswered(this ILogger log, int peer, int mti, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "A connection was not taken: {Reason}")]
    public static partial void AcceptFailed(this ILogger log, string reason);
}
