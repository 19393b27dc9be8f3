using System.Security.Cryptography;

namespace CanPay.Iso8583;

/// <summary>Where a line goes and how patient it is.</summary>
public sealed record SwitchLineOptions
{
    /// <summary>Host name or address of the switch.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port of the switch.</summary>
    public required int Port { get; init; }

    /// <summary>Identification of our institution, field 94 of network management.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>How long a connection and its sign-on may take. The default is 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which the line is tested by an echo; an echo that stays unanswered as long drops the line. The default is 30 seconds.</summary>
    public TimeSpan EchoInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the first new attempt to connect; doubled each time, with a random part. The default is 250 milliseconds.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Wait between two attempts at the most. The default is 10 seconds.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How the length before each message is written. The default is four ASCII digits.</summary>
    public LengthPrefix LengthPrefix { get; init; } = LengthPrefix.AsciiDigits4;

    /// <summary>Requests under way at once. The default is 1,000.</summary>
    public int MaxInFlight { get; init; } = 1_000;

    /// <summary>Time zone of field 12. The default is UTC.</summary>
    public TimeZoneInfo LocalTime { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Makes the connection. The default is TCP to <see cref="Host"/> and <see cref="Port"/>.</summary>
    internal Func<CancellationToken, Task<Stream>>? Connect { get; init; }

    /// <summary>From 0 to 1, anew each time: keeps nodes that lost the same switch from coming back all at once.</summary>
    internal Func<double> Chance { get; init; } = static () => RandomNumberGenerator.GetInt32(0, 1001) / 1000.0;
}
