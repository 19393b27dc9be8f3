using System.Buffers.Binary;
using CanPay.Fuzz.Engine;
using CanPay.Iso8583;

namespace CanPay.Fuzz.Targets;

/// <summary>A fault of this program, behind the product's own codec: a campaign that does not find it is worth nothing.</summary>
internal sealed class PlantedFault() : Target("planted-fault", "control: a message with fields 2, 24 and 39 in it has a fault", "1200", "1210")
{
    private readonly IsoMessage _message = new();

    public override bool IsControl => true;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var isMessage = MessageFormat.Shetab.TryDecode(input, _message, out _);
        return isMessage && _message.Has(2) && _message.Has(24) && _message.Has(39) ? throw new InvalidOperationException("planted") : isMessage;
    }
}

/// <summary>An input that takes long.</summary>
internal sealed class PlantedDelay() : Target("planted-delay", "control: what begins with three X takes 150 ms", "X")
{
    public override bool IsControl => true;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.StartsWith("XXX"u8))
        {
            Thread.Sleep(150);
        }

        return true;
    }
}

/// <summary>An input that takes much memory.</summary>
internal sealed class PlantedMemory() : Target("planted-memory", "control: as much memory is taken as two bytes say", "X")
{
    public override bool IsControl => true;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        var length = input.Length >= 6 && input.StartsWith("XXXX"u8) ? BinaryPrimitives.ReadUInt16LittleEndian(input[4..]) << 10 : 0;
        return new byte[length].Length == length;
    }
}
