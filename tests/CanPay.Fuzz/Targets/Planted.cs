using CanPay.Fuzz.Engine;

namespace CanPay.Fuzz.Targets;

/// <summary>A fault behind six right bytes, one after the other: by chance it would take 2 to the 48th inputs.</summary>
internal sealed class PlantedFault() : Target("planted-fault", "control: a fault that only somebody finds who sees how far an input came")
{
    private static readonly byte[] Right = [0xC3, 0x5A, 0x17, 0xE8, 0x71, 0xB4];

    public override bool IsControl => true;

    public override int MaxLength => 64;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < Right.Length; i++)
        {
            if (input.Length <= i || input[i] != Right[i])
            {
                return false;
            }

            Coverage.Pass(i);
        }

        throw new InvalidOperationException("planted");
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
internal sealed class PlantedMemory() : Target("planted-memory", "control: what begins with three X takes 20 MiB", "X")
{
    public override bool IsControl => true;

    public override bool Run(ReadOnlySpan<byte> input) => new byte[input.StartsWith("XXX"u8) ? 20 << 20 : 0].Length == 0;
}

/// <summary>An input that ends the process.</summary>
internal sealed class PlantedEnd() : Target("planted-end", "control: what begins with XXX overflows the stack", "X")
{
    public override bool IsControl => true;

    public override bool Run(ReadOnlySpan<byte> input) => input.StartsWith("XXX"u8) ? Deeper(1) > 0 : true;

    private static int Deeper(int depth) => Deeper(depth + 1) + depth;
}
