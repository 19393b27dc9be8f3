using System.Text;

namespace CanPay.Fuzz.Engine;

/// <summary>A reader of the product, and what must be true of it whatever it is given.</summary>
internal abstract class Target
{
    protected Target(string name, string contract, params string[] words)
    {
        Name = name;
        Contract = contract;
        Words = [.. words.Select(Encoding.UTF8.GetBytes)];
    }

    public string Name { get; }

    /// <summary>What is promised, in a line.</summary>
    public string Contract { get; }

    /// <summary>Pieces that such inputs are made of.</summary>
    public IReadOnlyList<byte[]> Words { get; }

    /// <summary>Bytes of an input at the most.</summary>
    public virtual int MaxLength => 1024;

    /// <summary>Inputs of a short campaign, in millions: five, or one of what costs much.</summary>
    public virtual int QuickMillions => 5;

    /// <summary>It is there to be found, and no part of a campaign.</summary>
    public virtual bool IsControl => false;

    /// <summary>Reads one input.</summary>
    /// <returns>It was accepted.</returns>
    /// <exception cref="PropertyException">A property is broken. Any other exception is one that the contract does not name.</exception>
    public abstract bool Run(ReadOnlySpan<byte> input);

    /// <summary>An input of the right build, where random bytes would seldom have it.</summary>
    /// <returns>Its length; 0 where the target has no builder.</returns>
    public virtual int Build(Rng rng, Span<byte> room) => 0;

    protected static void Must(bool isTrue, string property)
    {
        if (!isTrue)
        {
            throw new PropertyException(property);
        }
    }

    /// <summary>As the platform decodes what comes over the wire.</summary>
    protected static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Takes what stands before the next line feed.</summary>
    protected static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line;
    }
}

/// <summary>What a target promises is not so.</summary>
internal sealed class PropertyException(string property) : Exception(property);
