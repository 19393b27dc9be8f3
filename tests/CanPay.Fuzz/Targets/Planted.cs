using CanPay.Fuzz.Engine;

namespace CanPay.Fuzz.Targets;

/// <summary>A fault behind six right bytes, one after the other: by chance it would take 2 to the 48th inputs. Instrumented as the product is.</summary>
internal sealed class PlantedFault() : Target("planted-fault", "control: a fault that only somebody finds who sees how far an input came")
{
    public override bool IsControl => true;

    public override int MaxLength => 64;

    public override bool Run(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 6 && input[0] == 0xC3)
        {
            if (input[1] == 0x5A)
            {
                if (input[2] == 0x17)
                {
                    if (input[3] == 0xE8)
                    {
                        if (input[4] == 0x71)
                        {
                            return input[5] == 0xB4 ? throw new InvalidOperationException("planted") : true;
                        }
                    }
                }
            }
        }

        return false;
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
