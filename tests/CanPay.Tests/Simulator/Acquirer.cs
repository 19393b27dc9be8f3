using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CanPay.Iso8583;
using CanPay.Simulator;

namespace CanPay.Tests.Simulator;

/// <summary>An acquirer by hand: a socket and the codec, nothing of the gateway.</summary>
internal sealed class Acquirer : IAsyncDisposable
{
    public const string Institution = "581672000";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly RetailMac Mac = new(Convert.FromHexString(SandboxKeys.Mac));
    private static int _stan;

    private readonly TcpClient _client;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<IsoMessage?>> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Task _reading;
    private int _heard;

    private Acquirer(TcpClient client)
    {
        _client = client;
        _reading = Read();
    }

    /// <summary>Answers that came, whoever they were for.</summary>
    public int Heard => Volatile.Read(ref _heard);

    /// <summary>Ends when the switch has dropped the line.</summary>
    public Task Dropped => _reading;

    public static async Task<Acquirer> Connect(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new Acquirer(client);
    }

    public static IsoMessage Network(int function)
    {
        var message = new IsoMessage { Mti = Mti.NetworkRequest };
        message.Set(11, NextStan());
        message.Set(12, "260131120000");
        message.SetNumber(24, function, 3);
        message.Set(94, Institution);
        return message;
    }

    public static IsoMessage Purchase(
        string pan, long amount = 150_000, string pin = "12345", string cvv2 = "123", string expiry = "0912", string terminal = "10000001")
    {
        var message = Common(Mti.FinancialRequest, 200, pan, amount, terminal);
        var stan = NextStan();
        message.Set(11, stan);
        message.Set(12, "260131120000");
        message.Set(37, "6031" + "00" + stan);
        message.Set(14, expiry);
        message.Set(48, $"P13003abcCV2{cvv2.Length:000}{cvv2}");
        message.Set(52, PinBlock(pin, pan));
        return message;
    }

    /// <summary>The reversal advice for a purchase; what is given differs from it.</summary>
    public static IsoMessage Reversal(IsoMessage purchase, long? amount = null, string? terminal = null, string? pan = null)
    {
        purchase.TryGetNumber(4, out var original);
        var message = Common(Mti.ReversalAdvice, 400, pan ?? purchase.GetText(2)!, amount ?? original, terminal ?? purchase.GetText(41)!);
        message.Set(11, NextStan());
        message.Set(12, "260131120100");
        message.SetNumber(25, 4021, 4);
        message.Set(37, purchase.GetText(37)!);
        message.Set(56, $"1200{purchase.GetText(11)}{purchase.GetText(12)}{Institution.Length:00}{Institution}");
        return message;
    }

    /// <summary>A refund of a purchase; what is given differs from it.</summary>
    public static IsoMessage Refund(IsoMessage purchase, long amount, string? terminal = null, string? pan = null)
    {
        var message = Common(Mti.FinancialAdvice, 200, pan ?? purchase.GetText(2)!, amount, terminal ?? purchase.GetText(41)!);
        var stan = NextStan();
        message.SetNumber(3, ProcessingCode.Refund, 6);
        message.Set(11, stan);
        message.Set(12, "260131120100");
        message.Set(37, "6031" + "01" + stan);
        message.Set(56, $"1200{purchase.GetText(11)}{purchase.GetText(12)}{Institution.Length:00}{Institution}");
        return message;
    }

    public static string NextStan() => Interlocked.Increment(ref _stan).ToString("000000");

    /// <summary>ISO 9564 format 0 under the sandbox's zone key, in the plainest way.</summary>
    public static byte[] PinBlock(string pin, string pan)
    {
        var pinPart = Convert.FromHexString(("0" + pin.Length.ToString("X") + pin).PadRight(16, 'F'));
        var panPart = Convert.FromHexString("0000" + pan[^13..^1]);
#pragma warning disable CA5350 // PIN blocks of this format are TDES
        using var cipher = TripleDES.Create();
#pragma warning restore CA5350
        var key = Convert.FromHexString(SandboxKeys.ZonePin);
        cipher.Key = [.. key, .. key[..8]];
        return cipher.EncryptEcb([.. pinPart.Zip(panPart, (a, b) => (byte)(a ^ b))], PaddingMode.None);
    }

    /// <summary>Sends and waits for the first answer with the same trace number; null where none comes in time or the line drops.</summary>
    public async Task<IsoMessage?> Ask(IsoMessage request, TimeSpan? patience = null)
    {
        var answer = new TaskCompletionSource<IsoMessage?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request.GetText(11)!] = answer;
        await Send(Encode(request));
        await Task.WhenAny(answer.Task, _reading, Task.Delay(patience ?? Patience));
        return answer.Task.IsCompletedSuccessfully ? await answer.Task : null;
    }

    public static byte[] Encode(IsoMessage message)
    {
        var bytes = new byte[MessageFraming.MaxPrefixLength + MessageCodec.MaxLength];
        var length = MessageFormat.Shetab.EncodeWithMac(message, Mac, bytes.AsSpan(MessageFraming.MaxPrefixLength));
        MessageFraming.WritePrefix(length, bytes);
        return bytes[..(MessageFraming.MaxPrefixLength + length)];
    }

    /// <summary>Bytes that are no message, with a right MAC and a right length before them.</summary>
    public static byte[] EncodeNonsense(string text)
    {
        var body = Encoding.ASCII.GetBytes(text);
        var mac = new byte[8];
        Mac.Compute(body, mac);
        var whole = Encoding.ASCII.GetBytes(text + Convert.ToHexString(mac));
        return [.. Encoding.ASCII.GetBytes(whole.Length.ToString("0000")), .. whole];
    }

    public async Task Send(byte[] bytes)
    {
        await _writing.WaitAsync();
        try
        {
            await _client.GetStream().WriteAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Close();
        await _reading;
        _writing.Dispose();
    }

    private static IsoMessage Common(int mti, int function, string pan, long amount, string terminal)
    {
        var message = new IsoMessage { Mti = mti };
        message.Set(2, pan);
        message.SetNumber(3, 0, 6);
        message.SetNumber(4, amount, 12);
        message.SetNumber(24, function, 3);
        message.Set(32, Institution);
        message.Set(41, terminal);
        message.Set(42, "100000000000001");
        message.SetNumber(49, 364, 3);
        return message;
    }

    private async Task Read()
    {
        var reader = PipeReader.Create(_client.GetStream());
        var bytes = new byte[MessageCodec.MaxLength];
        try
        {
            while (await MessageFraming.ReadAsync(reader, bytes, CancellationToken.None) is var length and >= 0)
            {
                Interlocked.Increment(ref _heard);
                var message = new IsoMessage();
                if (MessageAuthentication.HasValidMac(bytes.AsSpan(0, length), Mac)
                    && MessageFormat.Shetab.TryDecode(bytes.AsSpan(0, length), message, out _)
                    && _waiting.TryGetValue(message.GetText(11)!, out var waiting))
                {
                    waiting.TrySetResult(message);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or IsoFormatException)
        {
            // The line is gone.
        }
    }
}
