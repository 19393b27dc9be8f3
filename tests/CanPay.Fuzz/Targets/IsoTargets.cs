using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CanPay.Fuzz.Engine;
using CanPay.Iso8583;

namespace CanPay.Fuzz.Targets;

/// <summary>Bytes of a line as a message. The first byte says in which format.</summary>
internal sealed class IsoMessageTarget() : Target(
    "iso-message",
    "what is read is written and read again as the same; what is refused leaves nothing; nothing secret is described",
    "1200", "1210", "1420", "1804", "ISO51000000", "0000000000000000", "FFFFFFFFFFFFFFFF", "C000000000000000", "364", "99", "999", "D", "=")
{
    private static readonly MessageFormat[] Formats =
        [MessageFormat.Shetab, MessageFormat.Iso1993Ascii, MessageFormat.Iso1987Ascii, MessageFormat.Shetab.WithHeader("ISO51000000")];

    private readonly IsoMessage _message = new();
    private readonly IsoMessage _again = new();
    private readonly byte[] _written = new byte[MessageCodec.MaxLength];
    private readonly byte[] _writtenAgain = new byte[MessageCodec.MaxLength];
    private int _turn;

    public override int MaxLength => 4000;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var format = Formats[input[0] % Formats.Length];
        if (!format.TryDecode(input[1..], _message, out var error))
        {
            Must(_message.Next(1) == 0 && _message.Mti == 0 && !_message.HasSecondary, "a refused message is empty");
            Must(error.Problem is not null && error.Offset >= 0 && error.Offset < input.Length, "an error says where it is");
            return false;
        }

        var length = format.Encode(_message, _written);
        Must(format.TryDecode(_written.AsSpan(0, length), _again, out _), "what was written is read");
        Must(_again.Mti == _message.Mti, "the type is the same");
        var (mine, other) = (_message.Next(1), _again.Next(1));
        for (; mine != 0 && mine == other; (mine, other) = (_message.Next(mine), _again.Next(other)))
        {
            Must(_message.Get(mine).SequenceEqual(_again.Get(mine)), "each field is the same");
        }

        Must(mine == other, "the fields are the same");
        var lengthAgain = format.Encode(_again, _writtenAgain);
        Must(_written.AsSpan(0, length).SequenceEqual(_writtenAgain.AsSpan(0, lengthAgain)), "the bytes are the same");
        if (_turn++ % 16 == 0)
        {
            Described(format);
        }

        return true;
    }

    public override int Build(Rng rng, Span<byte> room)
    {
        var which = rng.Below(Formats.Length);
        room[0] = (byte)which;
        _message.Clear();
        _message.Mti = rng.Below(10_000);
        Span<byte> value = stackalloc byte[64];
        for (var fields = rng.Below(20); fields > 0; fields--)
        {
            var field = 2 + rng.Below(rng.OneIn(3) ? 127 : 62);
            if (Formats[which][field] is not { } row)
            {
                continue;
            }

            var most = Math.Min(row.Length, value.Length);
            var taken = value[..(row.IsFixed ? most : 1 + rng.Below(most))];
            foreach (ref var one in taken)
            {
                one = row.Kind switch
                {
                    FieldKind.Numeric or FieldKind.SignedNumeric or FieldKind.Track => (byte)('0' + rng.Below(10)),
                    FieldKind.Text => (byte)(' ' + rng.Below(95)),
                    FieldKind.Hex or FieldKind.Binary => (byte)rng.Next(),
                };
            }

            _message.Set(field, taken);
        }

        try
        {
            return 1 + Formats[which].Encode(_message, room[1..]);
        }
        catch (IsoFormatException)
        {
            return 0; // a fixed field that is longer than the pieces here
        }
    }

    private void Described(MessageFormat format)
    {
        var text = _message.Describe(format);
        for (var field = _message.Next(1); field != 0; field = _message.Next(field))
        {
            // A short value may stand elsewhere by chance.
            if (format[field] is { Secrecy: not Secrecy.None } && _message.Get(field) is { Length: >= 13 } secret)
            {
                Must(!text.Contains($" {field}={Encoding.Latin1.GetString(secret)}", StringComparison.Ordinal), "a secret is not described");
            }
        }
    }
}

/// <summary>Bytes of a connection as messages after their lengths. The first byte says how lengths are written and where the pieces end.</summary>
internal sealed class IsoFrameTarget() : Target(
    "iso-frame", "each message is what stands after its length; all that came is taken or refused", "0001", "0010", "8192", "8193", "0000", "+001", "00 1")
{
    private readonly byte[] _target = new byte[MessageCodec.MaxLength];

    public override int MaxLength => 512;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return false;
        }

        var prefix = (input[0] & 1) == 0 ? LengthPrefix.AsciiDigits4 : LengthPrefix.Binary2;
        var bytes = input[1..].ToArray();
        var reader = PipeReader.Create(Pieces(bytes, input[0] >> 1));
        Span<byte> written = stackalloc byte[MessageFraming.MaxPrefixLength];
        var at = 0;
        try
        {
            while (true)
            {
#pragma warning disable CA2012 // it is completed, or the property is broken
                var reading = MessageFraming.ReadAsync(reader, _target, prefix, CancellationToken.None);
                Must(reading.IsCompleted, "there is nothing to wait for");
                var length = reading.GetAwaiter().GetResult();
#pragma warning restore CA2012
                if (length < 0)
                {
                    Must(at == bytes.Length, "all was taken");
                    return at > 0;
                }

                Must(length is >= 1 and <= MessageCodec.MaxLength, "a message has a length");
                MessageFraming.WritePrefix(length, written, prefix);
                var head = MessageFraming.LengthOf(prefix);
                Must(bytes.AsSpan(at, head).SequenceEqual(written[..head]), "the length is written in one way only");
                Must(bytes.AsSpan(at + head, length).SequenceEqual(_target.AsSpan(0, length)), "the message is what was sent");
                at += head + length;
            }
        }
        catch (IsoFormatException)
        {
            return at > 0;
        }
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int cut)
    {
        if (cut == 0 || cut >= bytes.Length)
        {
            return new(bytes);
        }

        var first = new Piece(bytes.AsMemory(0, cut), 0);
        var last = first.Then(bytes.AsMemory(cut));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long before) => (Memory, RunningIndex) = (memory, before);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

/// <summary>Bytes with a MAC at their end. The first byte says which byte is changed.</summary>
internal sealed class IsoMacTarget() : Target("iso-mac", "what we authenticate is valid, with one bit changed it is not; neither is what came, unless it is ours")
{
    private readonly RetailMac[] _macs =
    [
        new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210")),
        new(Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"), MacPadding.OneAndZeros),
    ];

    private readonly byte[] _room = new byte[2048];

    public override int MaxLength => 256;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return false;
        }

        var mac = _macs[input[0] & 1];
        var data = input[1..];
        Must(!MessageAuthentication.HasValidMac(data, mac), "nobody guesses a MAC");
        Span<byte> code = stackalloc byte[MessageAuthentication.MacLength];
        mac.Compute(data, code);
        data.CopyTo(_room);
        Convert.TryToHexString(code, _room.AsSpan(data.Length), out var digits);
        var whole = _room.AsSpan(0, data.Length + digits);
        Must(MessageAuthentication.HasValidMac(whole, mac), "what we authenticate is valid");
        whole[input[0] % whole.Length] ^= 1;
        Must(!MessageAuthentication.HasValidMac(whole, mac), "a changed message is not valid");
        return true;
    }
}
